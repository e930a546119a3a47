//! Links as they come back: looked at, and used once.

use crate::app::App;
use crate::domain::id::{MailTokenId, OutboxId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::Minted;
use crate::oauth::mail_link::Purpose;
use crate::ports::{DatabaseError, Rows, Statement};
use crate::store::accounts::EMAIL_TAKEN;
use crate::store::mail_tokens::NewLink;
pub use crate::store::mail_tokens::{GONE, LiveLink};
use crate::store::{audit, email_changes, mail_tokens};
use crate::usecase::{Failure, Refusal, audit_entry, present};

/// A link that is about to be written, and the mail that carries it.
pub(in crate::usecase) struct FreshLink {
    id: MailTokenId,
    minted: Minted,
    expires_at: Timestamp,
    /// Key of the mail.
    pub mail: OutboxId,
}

impl FreshLink {
    pub(in crate::usecase) fn new(
        app: &App,
        purpose: Purpose,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Self, Failure> {
        let id = MailTokenId::new(now, &app.random()?);
        let minted = app.mail_link_token(purpose.kind(), id, expires_at)?;
        Ok(Self { id, minted, expires_at, mail: OutboxId::new(now, &app.random()?) })
    }

    pub(in crate::usecase) fn row(&self) -> NewLink<'_> {
        NewLink { id: self.id, digest: &self.minted.digest, expires_at: self.expires_at }
    }

    pub(in crate::usecase) fn id(&self) -> MailTokenId {
        self.id
    }

    pub(in crate::usecase) fn digest(&self) -> &Digest {
        &self.minted.digest
    }
}

/// What a link is about. Uses nothing up (row E8). No storage is asked about one that is forged, too old or of another
/// purpose; like a used one it is refused as gone.
pub async fn look(app: &App, purpose: Purpose, token: &str) -> Result<LiveLink, Failure> {
    let digest = open(app, purpose, token)?;
    let rows = app.batch(&[mail_tokens::find_live(&digest, purpose, app.now())]).await?;
    present(rows.first())?.first()?.ok_or_else(|| gone().into())
}

pub(super) fn open(app: &App, purpose: Purpose, token: &str) -> Result<Digest, Failure> {
    app.open(purpose.kind(), token).map(|opened| opened.digest).map_err(|_| gone().into())
}

/// One batch that uses the link up before it does anything else, and writes down `action`.
pub(super) struct LinkBatch<'a> {
    app: &'a App,
    statements: Vec<Statement>,
}

impl<'a> LinkBatch<'a> {
    pub(super) fn new(
        app: &'a App,
        link: &Digest,
        purpose: Purpose,
        now: Timestamp,
        action: &'static str,
    ) -> Result<Self, Failure> {
        let entry = audit_entry(app, now)?;
        let statements = vec![
            mail_tokens::use_up(link, purpose, now),
            mail_tokens::refuse_used(),
            audit::record_link(link, &entry, action),
            audit::origin(&entry, app.origin()),
        ];
        Ok(Self { app, statements })
    }

    pub(super) fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    pub(super) fn extend(&mut self, statements: impl IntoIterator<Item = Statement>) {
        self.statements.extend(statements);
    }

    pub(super) async fn run(self) -> Result<Vec<Rows>, Failure> {
        self.app.batch(&self.statements).await.map_err(|error| match &error {
            DatabaseError::Refused(name) if name == GONE || name == email_changes::refusal::RESERVED => gone().into(),
            DatabaseError::Constraint(name) if name == EMAIL_TAKEN => gone().into(),
            _ => error.into(),
        })
    }
}

/// Used, too old, replaced, forged, or about what is not so any more: it is not said which.
pub(super) fn gone() -> Refusal {
    Refusal::NotFound { resource: "link", id: None }
}
