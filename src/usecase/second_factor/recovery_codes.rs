//! New recovery codes.

use crate::app::App;
use crate::domain::id::AccountId;
use crate::domain::recovery_code::{CODES, RecoveryCode};
use crate::usecase::{Failure, present};

/// Ten codes: the texts, shown once, and the digests to store, in the same order.
pub(in crate::usecase) fn mint(app: &App, account: AccountId) -> Result<(Vec<String>, Vec<String>), Failure> {
    let (mut texts, mut digests) = (Vec::new(), Vec::new());
    for _ in 0..CODES {
        let code = RecoveryCode::of(app.random()?);
        digests.push(present(app.recovery_digests(account, &code).into_iter().next())?);
        texts.push(code.text());
    }
    Ok((texts, digests))
}
