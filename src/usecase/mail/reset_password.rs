//! A person who has the mail sets another password.

use super::link::{LinkBatch, look, open};
use crate::app::App;
use crate::domain::id::OutboxId;
use crate::domain::password::Password;
use crate::mail::Template;
use crate::oauth::mail_link::Purpose;
use crate::store::{mail_tokens, outbox, passwords, proofs, throttles};
use crate::usecase::{Failure, guesses};

/// Sets the password of the link's account and proves its address. In the same transaction every session, access token,
/// refresh token and personal token of the account ends, and every other link that proves who somebody is. Nobody is
/// signed in by it, and a second factor stays (row E9). The person is told by mail.
///
/// Two round trips: the first refuses before any hash; of any number of second ones at once one succeeds (row R9).
pub async fn reset_password(app: &App, token: &str, password: &Password) -> Result<(), Failure> {
    let now = app.now();
    let link = open(app, Purpose::Reset, token)?;
    let found = look(app, Purpose::Reset, token).await?;
    let phc = app.hasher().hash(password, &app.random()?)?;

    let mut batch = LinkBatch::new(app, &link, Purpose::Reset, now, "account.reset_password")?;
    batch.extend(proofs::clear_planted(&link));
    batch.push(proofs::verify(&link, now));
    batch.extend(proofs::revoke_everything(&link, now));
    batch.push(passwords::set(found.account_id, phc, now));
    batch.push(mail_tokens::withdraw_others(&link));
    batch.push(crate::store::email_changes::withdraw_pending(&link));
    batch.push(throttles::forget(&guesses::bucket_of(app, &found.email_key)));
    let told = OutboxId::new(now, &app.random()?);
    batch.push(outbox::tell_account_of_link(told, Template::PasswordReset.name(), &link, now));
    batch.run().await.map(|_| ())
}
