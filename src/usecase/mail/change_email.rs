//! The caller asks for another address of their account.

use super::VERIFY_LINK_LIVES;
use std::time::Duration;

use super::link::FreshLink;
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::{EmailChangeId, OutboxId};
use crate::mail::Template;
use crate::oauth::mail_link::Purpose;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::email_changes::{self, refusal};
use crate::store::outbox::{self, AddressOfChange};
use crate::store::{mail_tokens, throttles};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, InvalidFields, Refusal};

const HOUR: Duration = Duration::from_hours(1);
const ASKED: &str = "email_change";
const TOO_OFTEN: &str = "email_change_too_often";

/// Sends a link to the new address; nothing changes before it is used (row M9). The present address is told. An earlier
/// request is forgotten.
///
/// The caller proves who they are, as for a transfer of ownership. Whether the new address has an account, or can still be
/// taken back by one, the caller does not learn: then no link goes out, and the owner of the address is told instead; the
/// statements are the same. Mails are counted for the caller and for the new address (row E11).
pub async fn change_email(app: &App, caller: &Caller, email: &Email, proof: Presented<'_>) -> Result<(), Failure> {
    let now = app.now();
    let mut first = AuthorizedBatch::new(app, caller, None);
    first.push(email_changes::refuse_same(first.token(), email));
    let proof = step_up::prove(app, first, proof, refused).await?;

    let expires_at = now.plus(VERIFY_LINK_LIVES);
    let change = EmailChangeId::new(now, &app.random()?);
    let link = FreshLink::new(app, Purpose::EmailChange, now, expires_at)?;
    let (most, bucket) = (app.config().limits.mails_per_hour, app.bucket("change_mail", email.key()));
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    proof.guard(app, &mut batch, now)?;
    batch.push(email_changes::refuse_same(by, email));
    batch.push(throttles::count_for_caller(by, ASKED, now, HOUR));
    batch.push(throttles::refuse_above_for_caller(by, ASKED, most, TOO_OFTEN));
    batch.push(throttles::count(&bucket, now, HOUR));
    batch.push(throttles::refuse_above(&bucket, most, TOO_OFTEN));
    batch.audit(&Change::new("account.ask_email_change", "account", OWN_ACCOUNT))?;
    batch.push(email_changes::withdraw_for_caller(by));
    batch.push(email_changes::insert_for_caller(by, change, email, now, expires_at));
    batch.push(mail_tokens::insert_email_change(&link.row(), change, now));
    let (template, id) = (Template::ConfirmEmail.name(), link.id());
    batch.push(outbox::tell_link_of_change(link.mail, template, id, AddressOfChange::New, now));
    let [present, known] = [OutboxId::new(now, &app.random()?), OutboxId::new(now, &app.random()?)];
    batch.push(outbox::tell_address(known, Template::AddressKnown.name(), email, now));
    batch.push(outbox::tell_caller(by, present, Template::EmailChangeRequested.name(), "{}".to_owned(), now));
    batch.run(refused).await.map(|_| ())
}

fn refused(name: &str) -> Option<Refusal> {
    match name {
        refusal::SAME => {
            let problem = "is the present address of the account";
            Some(Refusal::Invalid(InvalidFields::from([("email".to_owned(), problem.to_owned())])))
        }
        TOO_OFTEN => Some(Refusal::Throttled { retry_after: HOUR.as_secs() }),
        other => step_up::refused(other),
    }
}
