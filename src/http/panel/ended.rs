//! The answer to a form that ended the organization in which it was sent.

use axum::response::Response;
use http::StatusCode;

use crate::http::account::with_cookies;
use crate::http::call::Call;
use crate::http::cookies;
use crate::http::log::Reason;
use crate::http::pages::panel::{Ended, What};
use crate::http::pages::{Csp, respond};
use crate::usecase::account_page::go_on::go_on;
use crate::usecase::authorized::Caller;
use crate::usecase::{Failure, Fault};

/// The sign-in goes on, if the account does. What was done stays done where that fails: the person signs in again then.
pub(in crate::http::panel) async fn ended(call: &Call, caller: &Caller, what: What) -> Result<Response, Failure> {
    let page = call.page();
    let mut response = respond(StatusCode::OK, &Ended { frame: page.frame_at("/"), what }, Csp::Own)?;
    match go_on(&call.app, caller).await {
        Ok(Some(next)) => return Ok(with_cookies(response, &next)),
        Ok(None) => cookies::end_session(&mut response),
        Err(Failure::Fault(Fault::Unavailable(reason) | Fault::Internal(reason))) => {
            response.extensions_mut().insert(Reason(reason));
        }
        Err(Failure::Refused(_)) => {}
    }
    Ok(response)
}
