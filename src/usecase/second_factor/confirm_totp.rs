//! The application shows the right codes: the second factor is on.

use super::begin_totp::already;
use super::{count_guess, enrolment_over, recovery_codes, totp};
use crate::app::App;
use crate::domain::id::OutboxId;
use crate::domain::totp::Code;
use crate::mail::Template;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::throttles::second_factor as counters;
use crate::store::totps::{self, TotpRow, refusal};
use crate::store::{outbox, recovery_codes as stored_codes, second_factors};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, InvalidFields, Refusal, guesses};

/// Turns the second factor on and gives ten recovery codes, shown once (row M3). From now on a sign-in by password needs the
/// second step; every other session of the account ends, with the tokens that were given in it, and the person is told.
///
/// Two round trips: the first counts the guess and reads; the second writes only if the secret is still the one that was
/// checked, and not confirmed yet. The step of the code is used up.
pub async fn confirm_totp(app: &App, caller: &Caller, code: Code) -> Result<Vec<String>, Failure> {
    let now = app.now();
    let mut first = AuthorizedBatch::new(app, caller, None);
    let counted = count_guess(app, &mut first, now)?;
    let stored = first.push(totps::find_for_caller(first.token()));
    let outcome = first.run(|_| None).await?;
    guesses::admit_caller(&outcome, counted, now)?;
    let row: Option<TotpRow> = outcome.first(stored)?;
    let row = row.ok_or(Refusal::NotFound { resource: "totp", id: None })?;
    if row.confirmed_at.is_some() {
        return Err(already().into());
    }
    if row.created_at <= enrolment_over(now) {
        return Err(Refusal::NotFound { resource: "totp", id: None }.into());
    }
    let (secret, _) = totp::open(app, row.account_id, &row.sealed_secret)?;
    let step = secret.step_of(code, now, row.last_step).ok_or_else(wrong)?;

    let (texts, digests) = recovery_codes::mint(app, row.account_id)?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    batch.extend(totps::confirm(row.account_id, &row.sealed_secret, step, now));
    batch.extend(stored_codes::replace_for_caller(by, &digests, now));
    batch.push(counters::forget_guesses(row.account_id));
    batch.push(second_factors::end_other_sessions(by, now));
    batch.push(second_factors::note_proof(by, now));
    batch.audit(&Change::new("second_factor.enable", "account", OWN_ACCOUNT))?;
    let (told, template) = (OutboxId::new(now, &app.random()?), Template::SecondFactorEnabled.name());
    batch.push(outbox::tell_caller(by, told, template, "{}".to_owned(), now));
    batch.run(|name| (name == refusal::ENROLLED).then(already)).await?;
    Ok(texts)
}

fn wrong() -> Refusal {
    let problem = "is not the code that the application shows now";
    Refusal::Invalid(InvalidFields::from([("code".to_owned(), problem.to_owned())]))
}
