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
use crate::config::Limits;
use crate::domain::id::OutboxId;
use crate::domain::recovery_code::RecoveryCode;
use crate::domain::time::Timestamp;
use crate::domain::totp::Code;
use crate::mail::Template;
use crate::oauth::envelope::Opened;
use crate::oauth::refusal::IdentityRefusal;
use crate::ports::{Rows, Statement};
use crate::store::half_sessions::{self, HalfSessionRow};
use crate::store::throttles::Counted;
use crate::store::throttles::guesses::Pace;
use crate::store::throttles::second_factor::{self as counters, GUESS};
use crate::usecase::authorize::Visitor;
use crate::usecase::authorized::{AuthorizedBatch, Slot};
use crate::usecase::sign_in::SECOND_STEP;
use crate::usecase::{Failure, Fault, Refusal, guesses, present};

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

/// `SECOND_FACTOR_ATTEMPTS` guesses about an account as they come, by whatever means, then one a minute later, 2, 4, 8, 16,
/// 32, and from then on one an hour: about thirty a day for whoever never gives up, and never a lock (rows E3, E5).
const fn pace(limits: &Limits) -> Pace {
    Pace {
        free: limits.second_factor_attempts,
        first: Duration::from_mins(1),
        longest: Duration::from_hours(1),
        forgotten_after: Duration::from_hours(24),
    }
}

/// For so long an enrolment that was begun can be finished.
const ENROLMENT_LIVES: Duration = Duration::from_hours(1);

/// Enrolments begun until then are over.
pub(in crate::usecase) fn enrolment_over(now: Timestamp) -> Timestamp {
    now.minus(ENROLMENT_LIVES)
}

/// Counts one guess of the person behind a cookie, in this sign-in and about the account, before anything is compared, so
/// that parallel guesses cannot all read the same count (rows E4, E5); reads the half session, and `more` with it. Who goes on
/// when the free guesses are used up has the password and no code: the person is told. One round trip.
async fn guess(
    app: &App,
    visitor: &Visitor,
    cookie: &Opened,
    more: Option<Statement>,
    now: Timestamp,
) -> Result<(HalfSessionRow, Option<Rows>), Failure> {
    let (cookie, browser, limits) = (&cookie.digest, &visitor.browser.digest, &app.config().limits);
    let (most, pace) = (limits.second_factor_attempts, pace(limits));
    let mut batch = vec![
        half_sessions::find(cookie, now),
        counters::count_in_sign_in(cookie, now, SECOND_STEP),
        counters::standing_of_account(cookie, browser, now),
        counters::count_of_account(cookie, browser, most, pace, now),
        counters::tell_of_guesses(cookie, browser, first_told(pace), told(app, now)?, now),
    ];
    batch.extend(more);
    let rows = app.batch(&batch).await?;
    let [half, in_sign_in, standing, counted, _, more @ ..] = rows.as_slice() else {
        return present(None);
    };
    let half: HalfSessionRow = half.first()?.ok_or_else(lost)?;
    admit_in_sign_in(app, &present(in_sign_in.first()?)?, now)?;
    guesses::admit(&present(standing.first()?)?, now)?;
    match counted.changes() {
        1 => Ok((half, more.first().cloned())),
        _ => Err(Fault::Internal("a guess was not counted".into()).into()),
    }
}

/// As [`guess`], of the caller's account in the batch that authorises a call. [`guesses::admit_caller`] reads it.
pub(in crate::usecase) fn count_guess(
    app: &App,
    batch: &mut AuthorizedBatch<'_>,
    now: Timestamp,
) -> Result<Slot, Failure> {
    let pace = pace(&app.config().limits);
    let standing = guesses::count_for_caller(batch, GUESS, pace, now);
    batch.push(counters::tell_caller_of_guesses(batch.token(), first_told(pace), told(app, now)?, now));
    Ok(standing)
}

/// The guess with which the person is told: the first that had to wait.
const fn first_told(pace: Pace) -> u64 {
    pace.free.saturating_add(1)
}

fn told(app: &App, now: Timestamp) -> Result<(OutboxId, &'static str), Failure> {
    Ok((OutboxId::new(now, &app.random()?), Template::SecondFactorGuessed.name()))
}

/// There is no half session any more, or there never was.
fn lost() -> Failure {
    Refusal::Identity(IdentityRefusal::IdentityLost).into()
}

/// The proof is none: a wrong code, one that was used, one of another account.
pub(in crate::usecase) fn wrong() -> Failure {
    Refusal::Identity(IdentityRefusal::Unauthorized).into()
}

/// Refuses the guess that was just counted if it is one too many in this sign-in, before anything is compared (row E5).
fn admit_in_sign_in(app: &App, counted: &Counted, now: Timestamp) -> Result<(), Failure> {
    match counted.retry_after(app.config().limits.second_factor_attempts, SECOND_STEP, now) {
        Some(retry_after) => Err(Refusal::Throttled { retry_after }.into()),
        None => Ok(()),
    }
}
