//! Proof, here and now, of who is there: before what cannot be taken back.

use std::time::Duration;

use super::authorized::AuthorizedBatch;
use super::{Failure, Refusal, present};
use crate::app::App;
use crate::domain::id::AccountId;
use crate::domain::password::Password;
use crate::domain::password::hash::Verdict;
use crate::domain::time::Timestamp;
use crate::store::passwords::{self, CHANGED, StoredPassword};
use crate::store::sessions;
use crate::store::throttles::{self, Counted};

/// What is counted, together with the attempts of the form that changes a password, and the window in which
/// `PASSWORD_ATTEMPTS` may be made.
const ATTEMPT: &str = "current_password";
const WINDOW: Duration = Duration::from_mins(15);
/// For so long after a sign-in nothing more is asked.
const FRESH: Duration = Duration::from_mins(10);
const STALE: &str = "step_up";

/// Why it is refused without a password.
pub const PROOF_MISSING: &str = "This needs your password, or a sign-in of the last ten minutes.";
/// Why it is refused with one.
pub const PROOF_WRONG: &str = "The password is not that of the account.";

/// How the caller proves it.
pub(super) enum Proof {
    /// By having proved a factor in the credential's own session a short while ago; never by a credential that has no
    /// session of a person. Nothing is known before [`Proof::guard`].
    FreshSession,
    /// By the password, verified against this hash.
    Password {
        /// Whose.
        account: AccountId,
        /// As it was stored.
        phc: String,
    },
}

/// Without a password no round trip. With one the first of two, `first`: it authorises, counts the attempt and reads;
/// who tries too often is refused before any hash. The account's own password alone counts.
pub(super) async fn prove(
    app: &App,
    mut first: AuthorizedBatch<'_>,
    password: Option<&Password>,
    refused: impl FnOnce(&str) -> Option<Refusal>,
) -> Result<Proof, Failure> {
    let Some(password) = password else {
        return Ok(Proof::FreshSession);
    };
    let now = app.now();
    let counted = first.push(throttles::count_for_caller(first.token(), ATTEMPT, now, WINDOW));
    let stored = first.push(passwords::find_for_caller(first.token()));
    let outcome = first.run(refused).await?;
    let counted: Counted = present(outcome.first(counted)?)?;
    if let Some(retry_after) = counted.retry_after(app.config().limits.password_attempts, WINDOW, now) {
        return Err(Refusal::Throttled { retry_after }.into());
    }
    let StoredPassword { account_id: account, phc, .. } = present(outcome.first(stored)?)?;
    let verdict = match &phc {
        Some(phc) => app.hasher().verify(password, phc)?,
        None => app.hasher().refuse(password)?,
    };
    match (phc, verdict) {
        (Some(phc), Verdict::Right { .. }) => Ok(Proof::Password { account, phc }),
        _ => Err(wrong().into()),
    }
}

impl Proof {
    /// Appends the assertion that it holds in this batch. Directly behind the authorization.
    pub(super) fn guard(&self, batch: &mut AuthorizedBatch<'_>, now: Timestamp) {
        match self {
            Self::FreshSession => batch.push(sessions::refuse_stale(batch.token(), now, FRESH, STALE)),
            Self::Password { account, phc } => {
                batch.push(passwords::refuse_changed(*account, phc));
                batch.push(throttles::forget_for_caller(batch.token(), ATTEMPT))
            }
        };
    }

    /// Whether the caller was authorised in an earlier round trip too.
    pub(super) fn took_a_round_trip(&self) -> bool {
        matches!(self, Self::Password { .. })
    }
}

/// What [`Proof::guard`] refuses.
pub(super) fn refused(name: &str) -> Option<Refusal> {
    match name {
        STALE => Some(Refusal::Forbidden(PROOF_MISSING)),
        CHANGED => Some(wrong()),
        _ => None,
    }
}

fn wrong() -> Refusal {
    Refusal::Forbidden(PROOF_WRONG)
}
