//! The authenticator application is no second factor any more.

use crate::app::App;
use crate::domain::id::OutboxId;
use crate::mail::Template;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::second_factors::{self, refusal};
use crate::store::{outbox, recovery_codes, totps};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, Refusal};

/// Removes it, and the recovery codes with it where no factor is left. Every other session of the account ends, with the
/// tokens that were given in it, and the person is told.
///
/// `code`: a code by time or a recovery code; without one only within ten minutes of the second step of a sign-in. A
/// password is not enough (row M4). Not while an organization of the account demands a second factor and none would be
/// left.
pub async fn delete_totp(app: &App, caller: &Caller, code: Option<&str>) -> Result<(), Failure> {
    let now = app.now();
    let first = AuthorizedBatch::new(app, caller, None);
    let proof = step_up::prove(app, first, Presented { password: None, code }, refused).await?;

    let mut batch = AuthorizedBatch::new(app, caller, None);
    proof.guard(app, &mut batch, now)?;
    let by = batch.token();
    batch.extend(totps::delete_for_caller(by));
    batch.push(second_factors::refuse_demanded(by, now));
    batch.push(recovery_codes::delete_useless_for_caller(by));
    batch.push(second_factors::end_other_sessions(by, now));
    batch.audit(&Change::new("second_factor.disable", "account", OWN_ACCOUNT))?;
    let (told, template) = (OutboxId::new(now, &app.random()?), Template::SecondFactorDisabled.name());
    batch.push(outbox::tell_caller(by, told, template, "{}".to_owned(), now));
    batch.run(refused).await.map(|_| ())
}

fn refused(name: &str) -> Option<Refusal> {
    match name {
        totps::refusal::NONE => Some(Refusal::NotFound { resource: "totp", id: None }),
        refusal::DEMANDED => Some(demanded()),
        other => step_up::refused(other),
    }
}

/// The last factor stays where an organization demands one.
pub(in crate::usecase) fn demanded() -> Refusal {
    let description = "An organization of the account demands a second factor, and this is the last one.";
    Refusal::Conflict { resource: "second_factor", description }
}
