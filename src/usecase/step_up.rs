//! Proof, here and now, of who is there: before what cannot be taken back.

use std::time::Duration;

use super::authorized::{AuthorizedBatch, Outcome};
use super::second_factor::{self, Typed};
use super::{Failure, Refusal, guesses};
use crate::app::App;
use crate::domain::id::{AccountId, OutboxId};
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::mail::Template;
use crate::ports::Statement;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::passwords::{self, CHANGED};
use crate::store::throttles::second_factor as counters;
use crate::store::totps::{self, TotpRow};
use crate::store::{outbox, recovery_codes, sessions};

/// For so long after a sign-in nothing more is asked.
const FRESH: Duration = Duration::from_mins(10);
const STALE: &str = "step_up";

/// Why it is refused without a password or code.
pub const PROOF_MISSING: &str =
    "This needs your password, a code of your second factor, or a sign-in of the last ten minutes.";
/// Why it is refused with a password.
pub const PROOF_WRONG: &str = "The password is not that of the account.";
/// Why it is refused with a code.
pub const CODE_WRONG: &str = "The code is none of your second factor now, or it was used.";

/// Why a password is refused before a further second factor.
pub const CODE_WANTED: &str =
    "The account has a second factor: this needs a code of it, or a sign-in with it of the last ten minutes.";

/// What a caller gives to prove it. A code goes before a password.
#[derive(Clone, Copy, Default)]
pub struct Presented<'a> {
    /// The password.
    pub password: Option<&'a Password>,
    /// A code by time or a recovery code, as it was typed.
    pub code: Option<&'a str>,
}

impl Presented<'_> {
    /// Whether it is the password that would prove it.
    pub(super) fn by_password(&self) -> bool {
        self.password.is_some() && self.code.is_none()
    }
}

/// How the caller proves it.
pub(super) enum Proof {
    /// By having proved a factor in the credential's own session a short while ago; never by a credential that has no
    /// session of a person. Nothing is known before [`Proof::guard`]. In a session of an account with a second factor that
    /// was one of its kind: no password makes such a session fresh.
    FreshSession,
    /// By the password, verified against this hash.
    Password {
        /// Whose.
        account: AccountId,
        /// As it was stored.
        phc: String,
    },
    /// By the second factor.
    SecondFactor {
        /// Whose.
        account: AccountId,
        /// Uses the proof up, once; [`refused`] must know why not.
        used: Vec<Statement>,
        /// Whether it was a recovery code, which is written down and told of.
        recovery: bool,
    },
}

/// Without a password or code no round trip. With one the first of two, `first`: it authorises, counts the attempt and reads;
/// who tries too often is refused before any hash or comparison. The account's own password and codes alone count.
pub(super) async fn prove(
    app: &App,
    first: AuthorizedBatch<'_>,
    presented: Presented<'_>,
    refused: impl FnOnce(&str) -> Option<Refusal>,
) -> Result<Proof, Failure> {
    match presented {
        Presented { password: None, code: None } => Ok(Proof::FreshSession),
        given => prove_reading(app, first, given, refused).await.map(|(proof, _)| proof),
    }
}

/// As [`prove`], with what `first` has read, in a round trip at any rate.
pub(super) async fn prove_reading(
    app: &App,
    first: AuthorizedBatch<'_>,
    presented: Presented<'_>,
    refused: impl FnOnce(&str) -> Option<Refusal>,
) -> Result<(Proof, Outcome), Failure> {
    match presented {
        Presented { code: Some(code), .. } => by_code(app, first, code, refused).await,
        Presented { password: Some(password), .. } => by_password(app, first, password, refused).await,
        Presented { .. } => Ok((Proof::FreshSession, first.run(refused).await?)),
    }
}

async fn by_password(
    app: &App,
    first: AuthorizedBatch<'_>,
    password: &Password,
    refused: impl FnOnce(&str) -> Option<Refusal>,
) -> Result<(Proof, Outcome), Failure> {
    match guesses::prove_current(app, first, password, refused).await? {
        (Some(guesses::Proved { account, phc }), outcome) => Ok((Proof::Password { account, phc }, outcome)),
        (None, _) => Err(wrong().into()),
    }
}

async fn by_code(
    app: &App,
    mut first: AuthorizedBatch<'_>,
    text: &str,
    refused: impl FnOnce(&str) -> Option<Refusal>,
) -> Result<(Proof, Outcome), Failure> {
    let now = app.now();
    let counted = second_factor::count_guess(app, &mut first, now)?;
    let stored = first.push(totps::find_for_caller(first.token()));
    let outcome = first.run(refused).await?;
    guesses::admit_caller(&outcome, counted, now)?;
    let account = outcome.principal.account();
    let stored: Option<TotpRow> = outcome.first(stored)?;
    match (Typed::parse(text), stored.filter(|row| row.confirmed_at.is_some())) {
        (Some(Typed::Code(code)), Some(TotpRow { sealed_secret, last_step, .. })) => {
            let used = second_factor::totp::used(app, account, &sealed_secret, last_step, code, now)?;
            let used = used.ok_or_else(code_wrong)?.into();
            Ok((Proof::SecondFactor { account, used, recovery: false }, outcome))
        }
        (Some(Typed::RecoveryCode(code)), _) => {
            let used = recovery_codes::use_up(account, &app.recovery_digests(account, &code), now).into();
            Ok((Proof::SecondFactor { account, used, recovery: true }, outcome))
        }
        _ => Err(code_wrong().into()),
    }
}

impl Proof {
    /// Appends the assertion that it holds in this batch. Before anything is changed.
    pub(super) fn guard(&self, app: &App, batch: &mut AuthorizedBatch<'_>, now: Timestamp) -> Result<(), Failure> {
        match self {
            Self::FreshSession => {
                batch.push(sessions::refuse_stale(batch.token(), now, FRESH, STALE));
            }
            Self::Password { account, phc } => {
                batch.push(passwords::refuse_changed(*account, phc));
                batch.push(guesses::forget_current(batch.token()));
            }
            Self::SecondFactor { account, used, recovery } => {
                batch.extend(used.iter().cloned());
                batch.push(counters::forget_guesses(*account));
                if *recovery {
                    batch.audit(&Change::new("second_factor.use_recovery_code", "account", OWN_ACCOUNT))?;
                    let (told, template) = (OutboxId::new(now, &app.random()?), Template::RecoveryCodeUsed.name());
                    batch.push(outbox::tell_account(told, template, *account, now));
                }
            }
        }
        Ok(())
    }

    /// Whether the caller was authorised in an earlier round trip too.
    pub(super) fn took_a_round_trip(&self) -> bool {
        !matches!(self, Self::FreshSession)
    }
}

/// What [`Proof::guard`] refuses.
pub(super) fn refused(name: &str) -> Option<Refusal> {
    match name {
        STALE => Some(Refusal::Forbidden(PROOF_MISSING)),
        CHANGED => Some(wrong()),
        totps::refusal::STEP_USED | recovery_codes::UNKNOWN => Some(code_wrong()),
        _ => None,
    }
}

fn wrong() -> Refusal {
    Refusal::Forbidden(PROOF_WRONG)
}

fn code_wrong() -> Refusal {
    Refusal::Forbidden(CODE_WRONG)
}
