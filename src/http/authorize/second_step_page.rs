//! The page of the second step, and where it leads.

use axum::response::Response;
use http::StatusCode;

use super::visit::{SECOND_STEP, Visit};
use crate::http::cookies;
use crate::http::forms::{self, FormOf};
use crate::http::invitation;
use crate::http::pages::{Csp, Problem, SecondStep, respond};
use crate::oauth::refusal::IdentityRefusal;
use crate::usecase::authorize::Handle;
use crate::usecase::second_factor::look;
use crate::usecase::sign_in::SignedIn;
use crate::usecase::{Failure, Refusal};

/// What the person is on the way to.
pub(super) enum WayOn {
    /// A kept authorization request, with its name in addresses.
    Request(Handle, String),
    /// The page of an invitation, by the token of its link.
    Invitation(String),
    /// Nothing in particular.
    Home,
}

impl WayOn {
    /// From the parameters `request` and `token` of an address or a form.
    pub(super) fn of(
        visit: &Visit<'_>,
        named: impl Fn(&'static str) -> Result<Option<String>, Failure>,
    ) -> Result<Self, Failure> {
        Ok(match (named("request")?, named("token")?) {
            (Some(request), _) => Self::Request(visit.named(&request)?, request),
            (None, Some(token)) => Self::Invitation(token),
            (None, None) => Self::Home,
        })
    }

    pub(super) fn handle(&self) -> Option<Handle> {
        match self {
            Self::Request(handle, _) => Some(*handle),
            Self::Invitation(_) | Self::Home => None,
        }
    }

    /// There.
    pub(super) fn go(&self, visit: &Visit<'_>) -> Result<Response, Failure> {
        match self {
            Self::Request(handle, _) => visit.see(*handle),
            Self::Invitation(token) => Ok(visit.finish(visit.call.page().see_other(&invitation::address(token))?)),
            Self::Home => Ok(visit.finish(visit.call.page().see_other("/")?)),
        }
    }

    /// Name and value of the hidden field.
    fn field(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Request(_, text) => Some(("request", text)),
            Self::Invitation(token) => Some(("token", token)),
            Self::Home => None,
        }
    }

    /// Where a GET shows the page.
    fn address(&self) -> String {
        self.field().map_or(SECOND_STEP.to_owned(), |(name, value)| {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            format!("{SECOND_STEP}?{name}={value}")
        })
    }
}

/// After a method was tried: on the way in its new session, back to the page with what is wrong (`wrong` where the method was
/// not accepted), or to the beginning where the half session is over.
pub(super) async fn answer(
    visit: &Visit<'_>,
    way: &WayOn,
    taken: Result<SignedIn, Failure>,
    wrong: Problem,
) -> Result<Response, Failure> {
    let problem = match taken {
        Ok(session) => {
            let mut response = way.go(visit)?;
            cookies::begin_session(&mut response, &session.page, session.embedded.as_deref(), session.lifetime);
            return Ok(response);
        }
        Err(Failure::Refused(
            Refusal::Identity(IdentityRefusal::Unauthorized) | Refusal::Invalid(_) | Refusal::Malformed(_),
        )) => wrong,
        Err(Failure::Refused(Refusal::Identity(IdentityRefusal::AccessDenied))) => Problem::AccessDenied,
        Err(Failure::Refused(Refusal::Identity(_))) => return way.go(visit),
        Err(other) => return Err(other),
    };
    match look::look(visit.app(), &visit.visitor, way.handle()).await? {
        Some(step) => show(visit, way, &step, StatusCode::UNAUTHORIZED, &[problem]),
        None => way.go(visit),
    }
}

/// The page. Its form belongs to the half session, and is good for no longer than that.
pub(super) fn show(
    visit: &Visit<'_>,
    way: &WayOn,
    step: &look::SecondStep,
    status: StatusCode,
    problems: &[Problem],
) -> Result<Response, Failure> {
    let (cookie, _) = visit.visitor.session.as_ref().ok_or(Refusal::StaleForm)?;
    let (app, here) = (visit.app(), way.address());
    let form = forms::token(app, FormOf::Session(&cookie.digest), &app.random()?, step.half.expires_at)?;
    let page = SecondStep {
        frame: visit.frame(&here),
        form: &form,
        way: way.field(),
        application: step.application.as_ref().map(|application| application.name.as_str()),
        email: &step.half.email,
        code: step.half.sealed_secret.is_some(),
        passkey: step.half.passkey,
        recovery_code: step.half.recovery_code,
        problems,
    };
    let csp = match &step.application {
        Some(application) => Csp::FormMayLeadTo(application.redirect_uri.form_action_source()),
        None => Csp::Own,
    };
    Ok(visit.finish(respond(status, &page, csp)?))
}
