//! `POST /panel/domains/{domain_id}/proof`

use axum::response::Response;
use http::StatusCode;

use super::{page, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::log::Reason;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::domains::prove_by_dns::prove_by_dns;
use crate::usecase::domains::send_challenge::{PROVEN, send_challenge};
use crate::usecase::{Failure, Fault, Refusal};

/// `method` is `mail` for a link to the domain's postmaster; all else asks the name service now. Where that does not
/// answer, the screen says so: the person can only try again.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let domain = target(&call)?;
    let by_mail = form.text("method") == "mail";
    let answered = match by_mail {
        true => send_challenge(&call.app, &caller, None, domain).await,
        false => prove_by_dns(&call.app, &caller, None, domain).await,
    };
    match answered {
        Ok(_) if by_mail => done(&call, page::PATH, Notice::ChallengeSent),
        Ok(_) => done(&call, page::PATH, Notice::DomainProven),
        Err(Failure::Fault(fault @ Fault::Unavailable(_))) if !by_mail => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let said = Said { notice: None, problems: vec![Problem::NamesUnanswered], status };
            let mut response = page::show(&call, &caller, &said, "").await?;
            response.extensions_mut().insert(Reason(fault.to_string()));
            Ok(response)
        }
        Err(failure) => page::show(&call, &caller, &Said::refused(failure, problem)?, "").await,
    }
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Conflict { description: PROVEN, .. } => Some(Problem::DomainProven),
        Refusal::Conflict { .. } => Some(Problem::RecordMissing),
        _ => None,
    }
}
