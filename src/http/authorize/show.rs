//! What a browser gets: a page, a redirect or a message.

use axum::response::Response;

use super::visit::{Visit, see_other};
use super::{message, page};
use crate::oauth::authorization_response::{self, Granted};
use crate::oauth::authorize::Flow;
use crate::oauth::refusal::{IdentityRefusal, OAuthRefusal};
use crate::usecase::Failure;
use crate::usecase::authorize::{Answer, Shown};

/// `sign_up`: whether who is not signed in is asked to sign up rather than in.
pub(super) fn show(visit: &Visit<'_>, shown: &Shown, sign_up: bool) -> Result<Response, Failure> {
    match shown {
        Shown::Screen(screen) => page::of(visit, screen, sign_up, &[]),
        Shown::Answer(given) => answer(visit, given),
        Shown::Unanswered(to) => message::error(visit, to, IdentityRefusal::Unauthorized.into()),
        Shown::Denied(answered) => {
            message::error(visit, &answered.redirect_uri, OAuthRefusal::AccessDenied(None).into())
        }
    }
}

fn answer(visit: &Visit<'_>, answer: &Answer) -> Result<Response, Failure> {
    let granted = Granted {
        credential: answer.given.credential(),
        scopes: &answer.scopes,
        state: answer.state.as_deref(),
        account: answer.account,
        organization: answer.organization,
        client_id: &answer.client_id,
    };
    let uri = &answer.to.redirect_uri;
    match answer.to.flow {
        Flow::Redirect => Ok(visit.finish(see_other(&authorization_response::redirect(uri, &granted))?)),
        Flow::Button => message::answer(visit, uri, authorization_response::message(&granted)),
    }
}
