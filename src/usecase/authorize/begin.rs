//! An authorization request arrives.

use std::time::Duration;

use super::facts::{self, Facts};
use super::finish::{self, Finish};
use super::{Asks, Door, Handle, Screen, Shown, Visitor, named, screen};
use crate::app::App;
use crate::oauth::authorize::{AuthorizationRequest, Flow, Parameters};
use crate::oauth::digest::Digest;
use crate::oauth::interaction::{self, Next};
use crate::oauth::pkce::Challenge;
use crate::oauth::refusal::OAuthRefusal;
use crate::store::authorization_requests::{self, StoredRequest};
use crate::usecase::{Failure, present};

/// How long a request waits for the person.
const WAIT: Duration = Duration::from_hours(1);

/// Answers at once when nothing is missing; otherwise keeps the request and shows what is. `always_ask`: the person gets
/// the form, signed in or not.
///
/// Two round trips: what is true, and the answer or the kept request. A refusal of the request itself is an error page,
/// never a redirect (row A2).
pub async fn begin(app: &App, visitor: &Visitor, parameters: &Parameters, always_ask: bool) -> Result<Shown, Failure> {
    if parameters.client_id.is_none() && parameters.redirect_uri.is_none() && parameters.response_type.is_none() {
        return without_application(app, visitor, parameters, always_ask).await;
    }
    let client = parameters.client_id()?;
    let facts = facts::ask(app, Some(&client), visitor).await?;
    let request = facts.check(app, parameters)?;
    let person = facts.person().filter(|_| !always_ask);
    let framed = visitor.embedded == Some(true);
    let next = match &person {
        None if framed => return unanswered(&request),
        None => {
            let handle = keep(app, visitor, &stored(&request)).await?;
            let screen = match always_ask {
                true => screen::sign_in(&facts, Some(&request), handle),
                false => screen::not_signed_in(&facts, Some(&request), handle),
            };
            return Ok(Shown::Screen(Box::new(screen)));
        }
        Some(person) => interaction::next(&facts.wish(&request)?, person),
    };
    match next {
        Ok(Next::Grant(granted)) => {
            let finish = Finish { facts: &facts, request: &request, granted: &granted, kept: None, consented: false };
            finish::finish(app, visitor, &finish).await
        }
        Ok(_) | Err(_) if framed => unanswered(&request),
        Ok(next) => ask(app, visitor, &facts, &request, &next).await,
        Err(refusal) => Err(refusal.into()),
    }
}

/// The window that asked is told; one of an application's own scheme has no origin to tell it to.
fn unanswered(request: &AuthorizationRequest) -> Result<Shown, Failure> {
    match request.redirect_uri.is_web() {
        true => Ok(Shown::Unanswered(request.redirect_uri.clone())),
        false => Err(OAuthRefusal::InvalidRequest("In a frame, the redirect_uri must be https or loopback.").into()),
    }
}

async fn ask(
    app: &App,
    visitor: &Visitor,
    facts: &Facts,
    request: &AuthorizationRequest,
    next: &Next,
) -> Result<Shown, Failure> {
    // A page that only the session of a frame would see has nobody to ask.
    if request.flow == Flow::Button && visitor.session.as_ref().is_some_and(|(_, door)| *door == Door::Embedded) {
        return unanswered(request);
    }
    let handle = keep(app, visitor, &stored(request)).await?;
    Ok(Shown::Screen(Box::new(present(screen::of(facts, request, handle, next)?)?)))
}

/// Sign-in for its own sake: the products of the organization in which the pages act.
async fn without_application(
    app: &App,
    visitor: &Visitor,
    parameters: &Parameters,
    always_ask: bool,
) -> Result<Shown, Failure> {
    let facts = facts::ask(app, None, visitor).await?;
    let kept = StoredRequest {
        flow: Flow::Redirect.as_str().to_owned(),
        email_hint: parameters.email.clone(),
        ..StoredRequest::default()
    };
    let handle = keep(app, visitor, &kept).await?;
    let screen = match (&facts.person, &facts.half) {
        (Some(_), _) if !always_ask => launch(&facts, handle)?,
        (_, Some(_)) if !always_ask => screen::not_signed_in(&facts, None, handle),
        _ => Screen { asks: Asks::SignIn { email: kept.email_hint }, ..screen::sign_in(&facts, None, handle) },
    };
    Ok(Shown::Screen(Box::new(screen)))
}

/// The products that a person can open, the one that the person wants to be led to first; before that the second factor
/// that the organization demands (row M6).
pub(super) fn launch(facts: &Facts, handle: Handle) -> Result<Screen, Failure> {
    let person = present(facts.person.as_ref())?;
    let words = present(facts.person())?;
    let open: Vec<_> = words.memberships.iter().collect();
    let order = interaction::in_order(&open, words.default_organization);
    let row = |id| facts.memberships.iter().find(|row| row.organization_id == id).map(screen::organization);
    let acting = person.organization_id.filter(|id| order.contains(id)).or(order.first().copied());
    let acting = acting.ok_or(OAuthRefusal::AccessDenied(None))?;
    let mut organization = present(row(acting))?;
    organization.products.sort_by_key(|(product, _)| person.default_product.as_ref() != Some(product));
    let due = words.memberships.iter().any(|one| one.organization == acting && one.second_factor_due);
    let others = order.into_iter().filter(|id| *id != acting).filter_map(row).collect();
    Ok(Screen {
        application: None,
        handle,
        person: Some(screen::person(person)),
        asks: match due {
            true => Asks::SetUpSecondFactor { organization: organization.title },
            false => Asks::Launch { organization, others },
        },
    })
}

async fn keep(app: &App, visitor: &Visitor, request: &StoredRequest) -> Result<Handle, Failure> {
    let now = app.now();
    let handle = Handle { id: app.random()?, until: now.plus(WAIT) };
    let digest = Digest::of(&handle.id);
    app.batch(&[authorization_requests::insert(named(&digest, visitor), request, now, handle.until)]).await?;
    Ok(handle)
}

fn stored(request: &AuthorizationRequest) -> StoredRequest {
    StoredRequest {
        client_id: Some(request.client_id.to_string()),
        response_type: Some(request.response_type.as_str().to_owned()),
        redirect_uri: Some(request.redirect_uri.as_str().to_owned()),
        scopes: request.scopes.iter().map(|scope| scope.scope.clone()).collect(),
        state: request.state.clone(),
        code_challenge: request.challenge.as_ref().map(|challenge| Challenge::text(challenge).to_owned()),
        code_challenge_method: request.challenge.as_ref().map(|challenge| challenge.method().to_owned()),
        flow: request.flow.as_str().to_owned(),
        prompt_consent: request.prompt_consent,
        organization_id: request.organization,
        email_hint: request.email_hint.clone(),
    }
}
