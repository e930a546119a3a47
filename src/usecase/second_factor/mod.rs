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
use crate::oauth::envelope::Opened;
use crate::oauth::refusal::IdentityRefusal;
use crate::ports::{Rows, Statement};
use crate::store::half_sessions::{self, HalfSessionRow};
use crate::store::throttles::Counted;
use crate::usecase::authorize::Visitor;
use crate::usecase::sign_in::SECOND_STEP;
use crate::usecase::{Failure, Refusal, present};

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

/// For so long an enrolment that was begun can be finished.
const ENROLMENT_LIVES: Duration = Duration::from_hours(1);

/// Enrolments begun until then are over.
pub(in crate::usecase) fn enrolment_over(now: Timestamp) -> Timestamp {
    now.minus(ENROLMENT_LIVES)
}

/// Counts one guess of the person behind a cookie, in this sign-in and about the account, before anything is compared, so
/// that parallel guesses cannot all read the same count (rows E4, E5); reads the half session, and `more` with it. One round
/// trip.
async fn guess(
    app: &App,
    visitor: &Visitor,
    cookie: &Opened,
    more: Option<Statement>,
    now: Timestamp,
) -> Result<(HalfSessionRow, Option<Rows>), Failure> {
    let mut batch = vec![
        half_sessions::find(&cookie.digest, now),
        half_sessions::count_in_sign_in(&cookie.digest, now, SECOND_STEP),
        half_sessions::count_of_account(&cookie.digest, &visitor.browser.digest, now, WINDOW),
    ];
    batch.extend(more);
    let mut rows = app.batch(&batch).await?.into_iter();
    let (Some(half), Some(in_sign_in), Some(of_account)) = (rows.next(), rows.next(), rows.next()) else {
        return present(None);
    };
    let half: HalfSessionRow = half.first()?.ok_or_else(lost)?;
    admit(app, &present(in_sign_in.first()?)?, SECOND_STEP, now)?;
    admit(app, &present(of_account.first()?)?, WINDOW, now)?;
    Ok((half, rows.next()))
}

/// There is no half session any more, or there never was.
fn lost() -> Failure {
    Refusal::Identity(IdentityRefusal::IdentityLost).into()
}

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
