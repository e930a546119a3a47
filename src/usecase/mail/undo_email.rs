//! Who had an address takes it back.

use super::EMAIL_UNDO_LIVES;
use super::link::{LinkBatch, open};
use crate::app::App;
use crate::domain::id::OutboxId;
use crate::mail::Template;
use crate::oauth::mail_link::Purpose;
use crate::store::{email_changes, mail_tokens, outbox, proofs};
use crate::usecase::Failure;

/// Uses the link; the account has the address again that it had before that change, whatever was changed later. Somebody
/// else has had the account in their hands: every session and token ends, personal ones too, and the password is no more;
/// the person chooses another by way of `/forgot`. So do second factors that are not older than the change by at least as
/// long as it may be undone: a thief's own would keep the person out. One round trip.
pub async fn undo_email(app: &App, token: &str) -> Result<(), Failure> {
    let now = app.now();
    let link = open(app, Purpose::EmailUndo, token)?;
    let mut batch = LinkBatch::new(app, &link, Purpose::EmailUndo, now, "account.undo_email_change")?;
    batch.push(proofs::restore_email(&link, now));
    batch.push(email_changes::undo(&link, now));
    batch.push(email_changes::withdraw_pending(&link));
    batch.push(mail_tokens::withdraw_others(&link));
    batch.push(mail_tokens::withdraw_later_undos(&link));
    batch.extend(proofs::revoke_everything(&link, now));
    batch.push(proofs::forget_password(&link));
    batch.extend(proofs::remove_late_second_factors(&link, EMAIL_UNDO_LIVES));
    let told = OutboxId::new(now, &app.random()?);
    batch.push(outbox::tell_account_of_link(told, Template::EmailChangeUndone.name(), &link, now));
    batch.run().await.map(|_| ())
}
