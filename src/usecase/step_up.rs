//! Proof, here and now, of who is there: before what cannot be taken back.

use std::time::Duration;

use super::authorized::AuthorizedBatch;
use super::{Failure, Refusal, guesses};
use crate::app::App;
use crate::domain::id::AccountId;
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::store::passwords::{self, CHANGED};
use crate::store::sessions;

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

/// Without a password no round trip. With one the first of two, `first`: see [`guesses::prove_current`]. The account's own
/// password alone counts.
pub(super) async fn prove(
    app: &App,
    first: AuthorizedBatch<'_>,
    password: Option<&Password>,
    refused: impl FnOnce(&str) -> Option<Refusal>,
) -> Result<Proof, Failure> {
    let Some(password) = password else {
        return Ok(Proof::FreshSession);
    };
    match guesses::prove_current(app, first, password, refused).await? {
        Some(guesses::Proved { account, phc }) => Ok(Proof::Password { account, phc }),
        None => Err(wrong().into()),
    }
}

impl Proof {
    /// Appends the assertion that it holds in this batch. Directly behind the authorization.
    pub(super) fn guard(&self, batch: &mut AuthorizedBatch<'_>, now: Timestamp) {
        match self {
            Self::FreshSession => batch.push(sessions::refuse_stale(batch.token(), now, FRESH, STALE)),
            Self::Password { account, phc } => {
                batch.push(passwords::refuse_changed(*account, phc));
                batch.push(guesses::forget_current(batch.token()))
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
