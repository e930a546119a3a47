//! The second factor: the step that a sign-in by password still needs, and what an account has to take it with.
//!
//! A right password of an account with a second factor begins a half session (`sign_in::with_password`), which opens
//! nothing but this step (row M1). Each method of taking it proves something in a round trip of its own, with the guesses
//! counted before anything is compared, and hands `complete::complete` the statements that use the proof up.

pub mod begin_totp;
pub mod complete;
pub mod confirm_totp;
pub mod delete_totp;
pub mod get;
pub mod look;
pub mod new_recovery_codes;
pub(in crate::usecase) mod recovery_codes;
pub mod totp;
pub mod with_code;
pub mod with_passkey;

use std::time::Duration;

use crate::app::App;
use crate::domain::recovery_code::RecoveryCode;
use crate::domain::time::Timestamp;
use crate::domain::totp::Code;
use crate::oauth::refusal::IdentityRefusal;
use crate::store::throttles::Counted;
use crate::usecase::{Failure, Refusal};

/// What a person typed, where either kind of code is taken.
pub(in crate::usecase) enum Typed {
    /// A code by time.
    Code(Code),
    /// A recovery code.
    RecoveryCode(RecoveryCode),
}

impl Typed {
    /// `None`: it can be neither.
    pub(in crate::usecase) fn parse(text: &str) -> Option<Self> {
        let code = Code::parse(text).map(Self::Code);
        code.ok().or_else(|| RecoveryCode::parse(text).map(Self::RecoveryCode).ok())
    }
}

/// The window in which `SECOND_FACTOR_ATTEMPTS` guesses about an account may be made, by whatever means.
pub(in crate::usecase) const WINDOW: Duration = Duration::from_mins(15);

/// The proof is none: a wrong code, one that was used, one of another account.
pub(in crate::usecase) fn wrong() -> Failure {
    Refusal::Identity(IdentityRefusal::Unauthorized).into()
}

/// Refuses the guess that was just counted if it is one too many, before anything is compared (row E5).
pub(in crate::usecase) fn admit(app: &App, counted: &Counted, window: Duration, now: Timestamp) -> Result<(), Failure> {
    match counted.retry_after(app.config().limits.second_factor_attempts, window, now) {
        Some(retry_after) => Err(Refusal::Throttled { retry_after }.into()),
        None => Ok(()),
    }
}
