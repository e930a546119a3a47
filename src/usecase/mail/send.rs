//! The sender: takes what waits in the outbox and hands it to the mailer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use crate::app::App;
use crate::domain::id::OutboxId;
use crate::mail::{self, Facts, Language, Mailing, Template};
use crate::oauth::digest::Digest;
use crate::oauth::mail_link::Purpose;
use crate::ports::{Mail, Rows};
use crate::store::outbox::{self, DueRow};
use crate::usecase::{Failure, present};

/// Mails that one take moves forward.
const AT_ONCE: u32 = 20;
/// Most takes of one run of the cron trigger.
const ROUNDS: u32 = 10;
/// When a mail that was not handed over is tried again: then four times as long, and so on.
const FIRST_RETRY: Duration = Duration::from_mins(1);
/// Longest wait between two attempts.
const LONGEST_RETRY: Duration = Duration::from_hours(24);
/// After so many attempts, over about four days, a mail is given up.
const ATTEMPTS: u32 = 9;
/// Why a mail is given up at once: it names a template that has no words.
const NO_WORDS: &str = "NO_WORDS";

/// What became of the mails that were due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Handed over.
    pub sent: u32,
    /// Not handed over, to be tried again.
    pub failed: u32,
    /// Given up.
    pub dead: u32,
    /// Removed, because nobody is there to read them or their link is of no use any more.
    pub unsendable: u32,
    /// Due in a deployment that has no sender's address (`MAIL_FROM`); up to 1,000.
    pub waiting: u32,
    /// The mailer's codes, each once.
    pub codes: Vec<String>,
}

enum Fate {
    HandedOver,
    Unsendable,
    Failed(String),
    GivenUp(&'static str),
}

/// Sends what is due, at most 20 mails: the work after an answer whose request wrote some. Two round trips, or
/// one if nothing is due.
///
/// A mail is handed over at least once: who takes a row moves it forward, and only then removes it. If this is cut off
/// in between, the row comes up again.
pub async fn send_due(app: &App) -> Result<Sent, Failure> {
    match app.config().mail_from {
        Some(_) => send_some(app).await,
        None => waiting(app).await,
    }
}

/// As [`send_due`], until nothing is due or enough was sent: the work of the cron trigger.
pub async fn send_all_due(app: &App) -> Result<Sent, Failure> {
    let mut all = send_due(app).await?;
    for _ in 1..ROUNDS {
        if all.waiting > 0 || (all.sent + all.failed + all.dead + all.unsendable) % AT_ONCE > 0 {
            break;
        }
        let more = send_due(app).await?;
        if more == Sent::default() {
            break;
        }
        all.sent += more.sent;
        all.failed += more.failed;
        all.dead += more.dead;
        all.unsendable += more.unsendable;
        all.codes.extend(more.codes);
    }
    all.codes.sort();
    all.codes.dedup();
    Ok(all)
}

async fn waiting(app: &App) -> Result<Sent, Failure> {
    #[derive(Deserialize)]
    struct Due {
        due: u32,
    }
    let rows = app.batch_later(&[outbox::count_due(app.now(), 1_000)]).await?;
    let Due { due: waiting } = present(rows.first().map(Rows::first).transpose()?.flatten())?;
    Ok(Sent { waiting, ..Sent::default() })
}

async fn send_some(app: &App) -> Result<Sent, Failure> {
    let now = app.now();
    let rows = app.batch_later(&[outbox::take(now, AT_ONCE, FIRST_RETRY, LONGEST_RETRY)]).await?;
    let due: Vec<DueRow> = present(rows.first())?.all()?;
    if due.is_empty() {
        return Ok(Sent::default());
    }
    let mut sent = Sent::default();
    let mut done: Vec<OutboxId> = Vec::new();
    let mut failed: BTreeMap<(String, bool), Vec<OutboxId>> = BTreeMap::new();
    for row in &due {
        match send_one(app, row).await {
            Fate::HandedOver => {
                sent.sent += 1;
                done.push(row.outbox_id);
            }
            Fate::Unsendable => {
                sent.unsendable += 1;
                done.push(row.outbox_id);
            }
            Fate::Failed(code) => failed.entry((code, row.attempts >= ATTEMPTS)).or_default().push(row.outbox_id),
            Fate::GivenUp(code) => failed.entry((code.to_owned(), true)).or_default().push(row.outbox_id),
        }
    }
    let mut batch = vec![outbox::remove(&done)];
    for ((code, dead), ids) in &failed {
        batch.push(outbox::fail(ids, code, dead.then_some(now)));
        let number = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        *(if *dead { &mut sent.dead } else { &mut sent.failed }) += number;
        sent.codes.push(code.clone());
    }
    app.batch_later(&batch).await?;
    Ok(sent)
}

async fn send_one(app: &App, row: &DueRow) -> Fate {
    let Some(template) = Template::of(&row.template) else {
        return Fate::GivenUp(NO_WORDS);
    };
    let (Some(to), Some(from)) = (&row.address, &app.config().mail_from) else {
        return Fate::Unsendable;
    };
    let link = link(app, row);
    let facts = Facts {
        recipient: row.recipient.clone(),
        organization: row.organization.clone(),
        source: row.source.clone(),
        person: row.person.clone(),
        product: row.product.clone(),
        token: row.token.clone(),
        device: row.device.clone(),
        ip: row.ip.clone(),
    };
    let mailing = Mailing {
        template,
        language: Language::of(&row.locale),
        facts: &facts,
        link: link.as_deref(),
        origin: &app.config().public_url,
        brand: &app.config().brand,
    };
    // A link that no live secret makes opens nothing any more.
    let Some(written) = mail::write(&mailing) else {
        return Fate::Unsendable;
    };
    let mail = Mail {
        from: from.as_written().to_owned(),
        from_name: app.config().brand.name.clone(),
        to: to.clone(),
        subject: written.subject,
        text: written.text,
        html: written.html,
    };
    match app.send_mail(&mail).await {
        Ok(()) => Fate::HandedOver,
        Err(error) => Fate::Failed(error.0),
    }
}

/// The row's link, derived again (design, section 3): neither row holds it.
fn link(app: &App, row: &DueRow) -> Option<String> {
    let purpose = Purpose::of(row.purpose.as_deref()?)?;
    let digest = Digest::stored(row.token_digest.as_deref()?);
    let token = app.mail_link_again(purpose.kind(), row.mail_token_id?, row.token_expires_at?, &digest)?;
    Some(purpose.link(&app.config().public_url, &token))
}
