//! The page in each of its states.

use std::time::Duration;

use axum::response::Response;
use http::StatusCode;

use crate::http::authorize::visit::Visit;
use crate::http::forms::{self, FormOf};
use crate::http::pages::{Csp, Frame, NewTotp, Person, Problem, SetUpSecondFactor, SetUpState, respond};
use crate::usecase::authorize::Handle;
use crate::usecase::second_factor::begin_totp::Enrolment;
use crate::usecase::{Failure, Refusal};

const FORM_LIFETIME: Duration = Duration::from_hours(1);

/// Where the person is.
pub(in crate::http::authorize) enum State<'a> {
    /// At the beginning.
    Ask,
    /// The application is to be given this.
    Begun(&'a Enrolment),
    /// Its code was not right.
    Unconfirmed,
    /// These codes are to be kept.
    Done(&'a [String]),
}

/// The beginning, which says who demands it, and of whom.
pub(in crate::http::authorize) fn ask(
    visit: &Visit<'_>,
    handle: Handle,
    organization: &str,
    person: Option<Person<'_>>,
) -> Result<Response, Failure> {
    page(visit, handle, &State::Ask, (Some(organization), person), &[])
}

/// A further state.
pub(super) fn show(
    visit: &Visit<'_>,
    handle: Handle,
    state: State<'_>,
    problems: &[Problem],
) -> Result<Response, Failure> {
    page(visit, handle, &state, (None, None), problems)
}

fn page(
    visit: &Visit<'_>,
    handle: Handle,
    state: &State<'_>,
    (organization, person): (Option<&str>, Option<Person<'_>>),
    problems: &[Problem],
) -> Result<Response, Failure> {
    let (cookie, _) = visit.visitor.session.as_ref().ok_or(Refusal::StaleForm)?;
    let app = visit.app();
    let form = forms::token(app, FormOf::Session(&cookie.digest), &app.random()?, app.now().plus(FORM_LIFETIME))?;
    let request = forms::handle(app, &visit.visitor.browser.digest, &handle.id, handle.until)?;
    let here = visit.address("/continue", handle)?;
    let screen = SetUpSecondFactor {
        frame: Frame { person, ..visit.frame(&here) },
        form: &form,
        request: &request,
        organization,
        go_on_url: &here,
        state: match state {
            State::Ask => SetUpState::Ask,
            State::Begun(new) => SetUpState::Confirm(Some(NewTotp { secret: &new.secret, qr: &new.qr })),
            State::Unconfirmed => SetUpState::Confirm(None),
            State::Done(codes) => SetUpState::Done(codes),
        },
        problems,
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(visit.finish(respond(status, &screen, Csp::Own)?))
}
