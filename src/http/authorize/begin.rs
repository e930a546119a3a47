//! `GET /`, with `/signin`, `/signup` and `/signin/signup`: an authorization request, or a sign-in for its own sake. With
//! `?request=` the form of a request that waits already.

use axum::response::Response;

use super::visit::Visit;
use super::{page, show};
use crate::http::call::Call;
use crate::http::pages::Problem;
use crate::oauth::authorize::Parameters;
use crate::usecase::Failure;
use crate::usecase::authorize::{Shown, begin, resume};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let template = call.template();
    let parameters = Parameters::read(call.query_pairs())?;
    let embeddable = template == "/" && parameters.flow.as_deref() == Some("button");
    let visit = Visit::of(&call, embeddable)?;
    let sign_up = template.ends_with("/signup");
    if let Some(handle) = visit.handle()? {
        let shown = resume::sign_in_form(&call.app, &visit.visitor, handle).await?;
        return page::of(&visit, &shown, sign_up, &[]);
    }
    // The root answers who is signed in; the others ask everybody (API, section 2.1).
    let shown = begin::begin(&call.app, &visit.visitor, &parameters, template != "/").await?;
    let exception = call.query("identity_exception")?;
    let problem = exception.as_deref().and_then(Problem::of_identity_exception);
    match (&shown, problem) {
        (Shown::Screen(screen), Some(problem)) => page::of(&visit, screen, sign_up, &[problem]),
        _ => show::show(&visit, &shown, sign_up),
    }
}
