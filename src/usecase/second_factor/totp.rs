//! Codes by time, checked against the sealed secret.

use crate::app::App;
use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::domain::totp::{Code, SECRET_BYTES, Secret};
use crate::ports::Statement;
use crate::store::totps;
use crate::usecase::{Failure, Fault, present};

/// The statements that use the code up (row M2), or `None` if it is none of this secret's now. A secret that is sealed
/// under a key that retires is sealed anew with them.
pub(in crate::usecase) fn used(
    app: &App,
    account: AccountId,
    sealed_secret: &str,
    last_step: i64,
    code: Code,
    now: Timestamp,
) -> Result<Option<[Statement; 2]>, Failure> {
    let (secret, current) = open(app, account, sealed_secret)?;
    let Some(step) = secret.step_of(code, now, last_step) else {
        return Ok(None);
    };
    let again = match current {
        true => None,
        false => Some(seal(app, account, &secret)?),
    };
    Ok(Some(totps::use_step(account, sealed_secret, step, again.as_deref())))
}

/// Seals a secret for its row.
pub(in crate::usecase) fn seal(app: &App, account: AccountId, secret: &Secret) -> Result<String, Failure> {
    present(app.seal_at_rest(account.bytes(), secret.bytes(), &app.random()?))
}

/// The secret of a row, and whether its key is the current one. One that no live key opens is the operator's mistake: see
/// `docs/key-rotation.md`.
pub(in crate::usecase) fn open(app: &App, account: AccountId, sealed_secret: &str) -> Result<(Secret, bool), Failure> {
    let opened = app.open_at_rest(account.bytes(), sealed_secret);
    let opened = opened.ok_or_else(|| Fault::Internal("no live key opens the secret of a second factor".into()))?;
    let bytes: Result<[u8; SECRET_BYTES], _> = opened.secret.try_into();
    let bytes = bytes.map_err(|_| Fault::Internal("the secret of a second factor has another length".into()))?;
    Ok((Secret::of(bytes), opened.current))
}
