//! Ten new recovery codes in place of those that are left.

use super::recovery_codes;
use crate::app::App;
use crate::domain::id::OutboxId;
use crate::mail::Template;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::second_factors::{self, refusal};
use crate::store::{outbox, recovery_codes as stored_codes};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, Refusal};

/// The codes, shown once; the ones before are dead. Only where there is a second factor. The proof is that of
/// [`delete_totp`](super::delete_totp), because who has recovery codes needs no other factor. Two round trips.
pub async fn new_recovery_codes(app: &App, caller: &Caller, code: Option<&str>) -> Result<Vec<String>, Failure> {
    let now = app.now();
    let mut first = AuthorizedBatch::new(app, caller, None);
    first.push(second_factors::refuse_none(first.token()));
    let (proof, outcome) = step_up::prove_reading(app, first, Presented { password: None, code }, refused).await?;

    let (texts, digests) = recovery_codes::mint(app, outcome.principal.account())?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    proof.guard(app, &mut batch, now)?;
    let by = batch.token();
    batch.push(second_factors::refuse_none(by));
    batch.extend(stored_codes::replace_for_caller(by, &digests, now));
    batch.audit(&Change::new("second_factor.new_recovery_codes", "account", OWN_ACCOUNT))?;
    let (told, template) = (OutboxId::new(now, &app.random()?), Template::RecoveryCodesReplaced.name());
    batch.push(outbox::tell_caller(by, told, template, "{}".to_owned(), now));
    batch.run(refused).await?;
    Ok(texts)
}

fn refused(name: &str) -> Option<Refusal> {
    match name {
        refusal::NONE => {
            let description = "The account has no second factor.";
            Some(Refusal::Conflict { resource: "second_factor", description })
        }
        other => step_up::refused(other),
    }
}
