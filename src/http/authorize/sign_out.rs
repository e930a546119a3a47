//! `POST /signout`, and GET: the session ends with everything that was given in it.
//!
//! A GET signs out only who wrote the address or followed a link of this service; whoever comes from elsewhere is asked
//! first, so that no other site can sign a person out (row A17).

use axum::response::Response;
use http::{HeaderName, Method, StatusCode};

use super::visit::Visit;
use crate::domain::time::Timestamp;
use crate::http::call::Call;
use crate::http::cookies;
use crate::http::forms::{self, FormOf};
use crate::http::pages::{self, Csp};
use crate::usecase::Failure;
use crate::usecase::authorize::Door;
use crate::usecase::sign_in::sign_out::sign_out;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
/// How long the question waits for its answer.
const FORM_HOURS: u64 = 1;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let session = visit.visitor.session.as_ref().filter(|(_, door)| *door == Door::Page);
    let Some((cookie, _)) = session else {
        return signed_out(&visit);
    };
    if call.method() == Method::POST {
        call.form(FormOf::Session(&cookie.digest))?;
    } else if !by_the_person(&call) {
        let until: Timestamp = call.app.now().plus(std::time::Duration::from_hours(FORM_HOURS));
        let form = forms::token(&call.app, FormOf::Session(&cookie.digest), &call.app.random()?, until)?;
        let page = pages::SignOut { frame: visit.frame("/signout"), form: &form };
        return Ok(visit.finish(pages::respond(StatusCode::OK, &page, Csp::Own)?));
    }
    sign_out(&call.app, cookie).await?;
    signed_out(&visit)
}

/// The person's own wish: an address written by hand, or a link of this very origin; no prefetch.
pub(super) fn by_the_person(call: &Call) -> bool {
    let site = call.header(SEC_FETCH_SITE);
    let wish = matches!(site, Some("none" | "same-origin")) && call.header(SEC_PURPOSE).is_none();
    wish && call.method() == Method::GET
}

fn signed_out(visit: &Visit<'_>) -> Result<Response, Failure> {
    let frame = visit.frame("/signout");
    let sign_in_url = frame.url("/");
    let page = pages::SignedOut { frame, sign_in_url: &sign_in_url };
    let mut response = visit.finish(pages::respond(StatusCode::OK, &page, Csp::Own)?);
    cookies::end_session(&mut response);
    Ok(response)
}
