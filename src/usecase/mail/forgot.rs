//! A person who does not know the password any more asks for a link.

use super::RESET_LINK_LIVES;
use std::time::Duration;

use super::link::FreshLink;
use crate::app::App;
use crate::domain::email::Email;
use crate::mail::Template;
use crate::oauth::mail_link::Purpose;
use crate::store::mail_tokens::{self, Allowance};
use crate::store::throttles::{self, Counted};
use crate::store::{audit, outbox};
use crate::usecase::{Failure, Refusal, audit_entry, present};

const HOUR: Duration = Duration::from_hours(1);

/// Sends a reset link to the address if it has an account; older ones do nothing any more.
///
/// Nobody learns whether it has one: the same statements in one round trip, no hash, the same answer (row E1). A network
/// that asks too often is refused; an address for which too much was asked gets no further mail, and the answer does not
/// say so, because the mails that it got are enough (row E11). `locale` is for who has chosen no language.
pub async fn forgot(app: &App, email: &Email, locale: &str) -> Result<(), Failure> {
    let (now, limits) = (app.now(), app.config().limits);
    let network = app.bucket("recovery", &app.origin().network());
    let address = app.bucket("recovery_mail", email.key());
    let allowance =
        Allowance { network: (&network, limits.recoveries_per_hour), address: (&address, limits.mails_per_hour) };
    let link = FreshLink::new(app, Purpose::Reset, now, now.plus(RESET_LINK_LIVES))?;
    let entry = audit_entry(app, now)?;
    let rows = app
        .batch(&[
            throttles::count(&network, now, HOUR),
            throttles::count(&address, now, HOUR),
            mail_tokens::withdraw_reset_of(email, allowance),
            mail_tokens::insert_reset_of(&link.row(), email, allowance, now),
            outbox::tell_link(link.mail, Template::ResetPassword.name(), link.id(), locale, now),
            audit::record_asked_link(link.digest(), &entry, "account.ask_password_reset"),
            audit::origin(&entry, app.origin()),
        ])
        .await?;
    let counted: Counted = present(present(rows.first())?.first()?)?;
    match counted.retry_after(limits.recoveries_per_hour, HOUR, now) {
        Some(retry_after) => Err(Refusal::Throttled { retry_after }.into()),
        None => Ok(()),
    }
}
