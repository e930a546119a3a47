//! The caller asks for the link that proves the account's address.

use super::VERIFY_LINK_LIVES;
use std::time::Duration;

use super::link::FreshLink;
use crate::app::App;
use crate::mail::Template;
use crate::oauth::mail_link::Purpose;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::{accounts, mail_tokens, outbox, throttles};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal};

const HOUR: Duration = Duration::from_hours(1);
const ASKED: &str = "verification";
const TOO_OFTEN: &str = "verification_too_often";

/// Sends it; an older one does nothing any more. A proven address is a conflict. One round trip; at most `MAILS_PER_HOUR`
/// of one account, the mail counted in the same transaction (row E11).
pub async fn send_verification(app: &App, caller: &Caller, locale: &str) -> Result<(), Failure> {
    let now = app.now();
    let link = FreshLink::new(app, Purpose::Verify, now, now.plus(VERIFY_LINK_LIVES))?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    batch.push(accounts::refuse_verified_caller(by));
    batch.push(throttles::count_for_caller(by, ASKED, now, HOUR));
    batch.push(throttles::refuse_above_for_caller(by, ASKED, app.config().limits.mails_per_hour, TOO_OFTEN));
    batch.audit(&Change::new("account.ask_verification", "account", OWN_ACCOUNT))?;
    batch.push(mail_tokens::withdraw_for_caller(by, Purpose::Verify));
    batch.push(mail_tokens::insert_for_caller(by, &link.row(), Purpose::Verify, now));
    batch.push(outbox::tell_link(link.mail, Template::VerifyEmail.name(), link.id(), locale, now));
    batch.run(refused).await.map(|_| ())
}

fn refused(name: &str) -> Option<Refusal> {
    match name {
        accounts::VERIFIED => {
            Some(Refusal::Conflict { resource: "account", description: "The e-mail address is confirmed already." })
        }
        TOO_OFTEN => Some(Refusal::Throttled { retry_after: HOUR.as_secs() }),
        _ => None,
    }
}
