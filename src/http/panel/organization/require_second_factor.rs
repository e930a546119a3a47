//! `POST /panel/organization/second_factor`

use std::time::Duration;

use axum::response::Response;

use super::page::{self, Written};
use crate::domain::time::Timestamp;
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::day;
use crate::http::panel::said::Said;
use crate::http::proof::Proof;
use crate::usecase::organizations::require_second_factor::require_second_factor;
use crate::usecase::step_up::{CODE_WRONG, PROOF_MISSING, PROOF_WRONG};
use crate::usecase::{Failure, Refusal};

const DAY: Duration = Duration::from_hours(24);

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let proof = Proof::of_form(&form, "demand_password", "demand_code");
    let said = match read(&form, call.app.now()) {
        Err(problem) => Said::wrong(vec![problem]),
        Ok(required_at) => {
            match require_second_factor(&call.app, &caller, None, required_at, proof.presented()).await {
                Ok(()) => {
                    let notice = required_at.map_or(Notice::SecondFactorFree, |_| Notice::SecondFactorDemanded);
                    return done(&call, page::PATH, notice);
                }
                Err(failure) => Said::refused(failure, problem)?,
            }
        }
    };
    let written = Written { required_on: Some(form.text("required_on")), ..Written::default() };
    page::show(&call, &caller, &said, &written).await
}

/// From the beginning of the day on, at once on the present one; `None` ends the demand.
fn read(form: &Form, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    if form.text("end") == "yes" {
        return Ok(None);
    }
    let begin = day::begin(form.text("required_on")).filter(|begin| begin.plus(DAY) > now);
    begin.map(|begin| Some(begin.max(now))).ok_or(Problem::RequiredOnInvalid)
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Invalid(_) => Some(Problem::RequiredOnInvalid),
        Refusal::Conflict { .. } => Some(Problem::OwnSecondFactorMissing),
        Refusal::Forbidden(PROOF_MISSING) => Some(Problem::DemandProofMissing),
        Refusal::Forbidden(PROOF_WRONG) => Some(Problem::DemandProofWrong),
        Refusal::Forbidden(CODE_WRONG) => Some(Problem::DemandCodeWrong),
        _ => None,
    }
}
