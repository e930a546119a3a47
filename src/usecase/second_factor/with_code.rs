//! The step by what a person types: a code by time, or a recovery code.

use super::complete::{Proven, complete};
use super::{guess, lost, totp, wrong};
use crate::app::App;
use crate::domain::id::OutboxId;
use crate::domain::recovery_code::RecoveryCode;
use crate::domain::time::Timestamp;
use crate::domain::totp::Code;
use crate::mail::Template;
use crate::store::audit::{self, Act, Sitting};
use crate::store::browser_sessions::Door;
use crate::store::half_sessions::HalfSessionRow;
use crate::store::throttles::second_factor as counters;
use crate::store::{outbox, recovery_codes};
use crate::usecase::authorize::{Handle, Visitor};
use crate::usecase::sign_in::SignedIn;
use crate::usecase::{Failure, audit_entry};

/// What a person typed.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    /// The code that the application shows now.
    Code(&'a str),
    /// One of the codes that were shown once.
    RecoveryCode(&'a str),
}

/// Takes the step. Two round trips: the first counts the guess, for this sign-in and for the account, before anything is
/// compared, so that parallel guesses cannot all read the same count (rows E4, E5); the second is `complete`. What cannot
/// be a code is wrong without being counted. A recovery code is told of by mail.
pub async fn with_code(
    app: &App,
    visitor: &Visitor,
    request: Option<Handle>,
    typed: Given<'_>,
) -> Result<SignedIn, Failure> {
    let Some((cookie, Door::Page)) = &visitor.session else {
        return Err(lost());
    };
    let now = app.now();
    let proven = match typed {
        Given::Code(text) => {
            let code = Code::parse(text).map_err(|_| wrong())?;
            let (half, _) = guess(app, visitor, cookie, None, now).await?;
            by_time(app, visitor, &half, code, now)?
        }
        Given::RecoveryCode(text) => {
            let code = RecoveryCode::parse(text).map_err(|_| wrong())?;
            let (half, _) = guess(app, visitor, cookie, None, now).await?;
            by_recovery_code(app, visitor, &half, &code, now)?
        }
    };
    complete(app, visitor, cookie, request, proven).await
}

fn by_time(app: &App, visitor: &Visitor, half: &HalfSessionRow, code: Code, now: Timestamp) -> Result<Proven, Failure> {
    let HalfSessionRow { account_id: account, sealed_secret, last_step, .. } = half;
    let (Some(sealed_secret), Some(last_step)) = (sealed_secret, last_step) else {
        return Err(wrong());
    };
    let used = totp::used(app, *account, sealed_secret, *last_step, code, now)?.ok_or_else(wrong)?;
    Ok(Proven {
        account: *account,
        used: used.into(),
        noted: vec![counters::forget_guesses_from(*account, &visitor.browser.digest, now)],
    })
}

fn by_recovery_code(
    app: &App,
    visitor: &Visitor,
    half: &HalfSessionRow,
    code: &RecoveryCode,
    now: Timestamp,
) -> Result<Proven, Failure> {
    let account = half.account_id;
    let used = recovery_codes::use_up(account, &app.recovery_digests(account, code), now);
    let entry = audit_entry(app, now)?;
    let act = Act {
        sitting: Sitting::Id(half.session_id),
        organization: None,
        client: None,
        action: "second_factor.use_recovery_code",
    };
    let told = OutboxId::new(now, &app.random()?);
    let noted = vec![
        audit::record_act(&entry, &act),
        audit::origin(&entry, app.origin()),
        outbox::tell_account(told, Template::RecoveryCodeUsed.name(), account, now),
        counters::forget_guesses_from(account, &visitor.browser.digest, now),
    ];
    Ok(Proven { account, used: used.into(), noted })
}
