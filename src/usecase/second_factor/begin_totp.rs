//! An authenticator application is to be the second factor.

use super::totp;
use crate::app::App;
use crate::domain::qr;
use crate::domain::totp::Secret;
use crate::store::accounts::{self, AccountRow};
use crate::store::second_factors;
use crate::store::totps::{self, refusal};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, CODE_WANTED, Presented};
use crate::usecase::{Failure, Refusal, present};

/// What the application needs. Shown once; nothing reads it out again.
pub struct Enrolment {
    /// The secret, as people type it.
    pub secret: String,
    /// The secret with all that the application shows, as a link.
    pub uri: String,
    /// The link as a picture for the application's camera: an SVG element.
    pub qr: String,
}

/// Makes a secret that is no factor before [`confirm_totp`](super::confirm_totp), for an hour; one that was not confirmed is
/// forgotten. The caller proves who they are, as for a transfer of ownership (row M4); where a passkey is the second factor
/// already, a password is not enough for a further one, or it would be worth both. Two round trips: whose it is, with the proof,
/// and the writing with everything asked again. Nothing is written into the log before it is a factor.
pub async fn begin_totp(app: &App, caller: &Caller, proof: Presented<'_>) -> Result<Enrolment, Failure> {
    let (now, by_password) = (app.now(), proof.by_password());
    let mut first = AuthorizedBatch::new(app, caller, None);
    let account = first.push(accounts::get_for_caller(first.token(), None));
    let (proof, outcome) = step_up::prove_reading(app, first, proof, refused).await?;
    let account: AccountRow = present(outcome.first(account)?)?;

    let secret = Secret::of(app.random()?);
    let sealed = totp::seal(app, account.account_id, &secret)?;
    let uri = secret.uri(&app.config().brand.name, &account.email);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    proof.guard(app, &mut batch, now)?;
    let by = batch.token();
    batch.extend(totps::begin_for_caller(by, &sealed, now));
    if by_password {
        batch.push(second_factors::refuse_some(by));
    }
    batch.run(refused).await?;
    Ok(Enrolment { secret: secret.text(), qr: present(qr::svg(&uri))?, uri })
}

fn refused(name: &str) -> Option<Refusal> {
    match name {
        refusal::ENROLLED => Some(already()),
        second_factors::refusal::SOME => Some(Refusal::Forbidden(CODE_WANTED)),
        other => step_up::refused(other),
    }
}

/// There is a confirmed secret.
pub(super) fn already() -> Refusal {
    Refusal::Conflict { resource: "totp", description: "The account has an authenticator application already." }
}
