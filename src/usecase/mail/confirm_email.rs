//! A person proves the new address of an account, which takes effect.

use super::EMAIL_UNDO_LIVES;
use super::link::{FreshLink, LinkBatch, open};
use crate::app::App;
use crate::mail::Template;
use crate::oauth::mail_link::Purpose;
use crate::store::outbox::{self, AddressOfChange};
use crate::store::{email_changes, mail_tokens, proofs};
use crate::usecase::Failure;

/// Uses the link; the account has the new address from now on, proven, and links to the old one do nothing any more. The
/// old address is told, with a link that takes it back (row M9). One round trip. Refused as gone where the address has
/// got an account meanwhile.
pub async fn confirm_email(app: &App, token: &str) -> Result<(), Failure> {
    let now = app.now();
    let link = open(app, Purpose::EmailChange, token)?;
    let undo_until = now.plus(EMAIL_UNDO_LIVES);
    let undo = FreshLink::new(app, Purpose::EmailUndo, now, undo_until)?;
    let mut batch = LinkBatch::new(app, &link, Purpose::EmailChange, now, "account.change_email")?;
    batch.push(email_changes::refuse_reserved_by_other(&link, now));
    batch.push(email_changes::apply(&link, now, undo_until));
    batch.push(proofs::change_email(&link, now));
    batch.push(mail_tokens::withdraw_others(&link));
    batch.push(mail_tokens::insert_email_undo(&link, &undo.row(), now));
    let (template, id) = (Template::EmailChanged.name(), undo.id());
    batch.push(outbox::tell_link_of_change(undo.mail, template, id, AddressOfChange::Old, now));
    batch.run().await.map(|_| ())
}
