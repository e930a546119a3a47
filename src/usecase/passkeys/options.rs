//! The caller is about to make a passkey.

use std::time::Duration;

use super::{CHALLENGE_LIVES, DescriptorRow, FreshChallenge};
use crate::app::App;
use crate::domain::id::AccountId;
use crate::store::accounts::{self, AccountRow};
use crate::store::passkeys::{self, refusal};
use crate::store::webauthn_challenges::{self, Purpose};
use crate::store::{second_factors, throttles};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, CODE_WANTED, Presented};
use crate::usecase::{Failure, Refusal, present};
use crate::webauthn::client_data::Challenge;

const HOUR: Duration = Duration::from_hours(1);
pub(super) const ASKED: &str = "passkey_challenge";
pub(super) const TOO_OFTEN: &str = "passkey_challenge_too_often";

/// What a new passkey is made for.
pub struct Creation {
    /// Whose it becomes; also its user handle.
    pub account: AccountId,
    /// How the authenticator lists the account.
    pub email: String,
    /// May be empty.
    pub name: String,
    /// To be answered within [`CHALLENGE_LIVES`], once, with the credential in use.
    pub challenge: Challenge,
    /// What the account has already.
    pub existing: Vec<DescriptorRow>,
}

/// Gives the caller a challenge, for who has just proved to be the person (row M4): the answer to it needs no further proof.
/// Where there is a second factor, a password is not enough for a further one, or it would be worth both.
pub async fn options(app: &App, caller: &Caller, presented: Presented<'_>) -> Result<Creation, Failure> {
    let now = app.now();
    let by_password = presented.by_password();
    let (most, challenges) = (app.config().limits.passkeys, app.config().limits.passkey_challenges_per_hour);
    let mut first = AuthorizedBatch::new(app, caller, None);
    first.push(passkeys::refuse_too_many(first.token(), most));
    let proof = step_up::prove(app, first, presented, refused).await?;

    let fresh = FreshChallenge::mint(app)?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    proof.guard(app, &mut batch, now)?;
    if by_password {
        batch.push(second_factors::refuse_some(by));
    }
    batch.push(passkeys::refuse_too_many(by, most));
    batch.push(throttles::count_for_caller(by, ASKED, now, HOUR));
    batch.push(throttles::refuse_above_for_caller(by, ASKED, challenges, TOO_OFTEN));
    let (purpose, until) = (Purpose::Register, now.plus(CHALLENGE_LIVES));
    batch.push(webauthn_challenges::insert_for_caller(by, &fresh.digest, purpose, now, until));
    let account = batch.push(accounts::get_for_caller(by, None));
    let existing = batch.push(passkeys::descriptors_of_caller(by));
    let outcome = batch.run(refused).await?;
    let account: AccountRow = present(outcome.first(account)?)?;
    Ok(Creation {
        account: account.account_id,
        email: account.email,
        name: account.name,
        challenge: fresh.challenge,
        existing: outcome.all(existing)?,
    })
}

pub(super) fn refused(name: &str) -> Option<Refusal> {
    match name {
        refusal::TOO_MANY => {
            Some(Refusal::Conflict { resource: "passkey", description: "The account has as many passkeys as it may." })
        }
        second_factors::refusal::SOME => Some(Refusal::Forbidden(CODE_WANTED)),
        TOO_OFTEN => Some(Refusal::Throttled { retry_after: HOUR.as_secs() }),
        other => step_up::refused(other),
    }
}
