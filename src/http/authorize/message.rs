//! What the window that opened or framed a page is told (API, section 4.1, points 5 and 6).

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::visit::Visit;
use crate::domain::id::{AccountId, OrganizationId};
use crate::http::pages::{self, Csp};
use crate::oauth::authorization_response::{Data, ErrorMessage, Message};
use crate::oauth::redirect_uri::RedirectUri;
use crate::oauth::refusal::OAuthRefusal;
use crate::usecase::{Failure, Fault};

#[derive(Serialize)]
struct MessageBody {
    data: DataBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
}

#[derive(Serialize)]
struct DataBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    scope: String,
    scopes: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    account_id: AccountId,
    organization_id: OrganizationId,
    client_id: String,
}

impl From<Message> for MessageBody {
    fn from(message: Message) -> Self {
        Self { data: message.data.into(), state: message.state }
    }
}

impl From<Data> for DataBody {
    fn from(data: Data) -> Self {
        let Data { code, access_token, expires_in, token_type, scope, scopes, state, .. } = data;
        let Data { account_id, organization_id, client_id, .. } = data;
        Self {
            code,
            access_token,
            expires_in,
            token_type,
            scope,
            scopes,
            state,
            account_id,
            organization_id,
            client_id,
        }
    }
}

/// The application's answer.
pub(super) fn answer(visit: &Visit<'_>, to: &RedirectUri, message: Message) -> Result<Response, Failure> {
    page(visit, to, &MessageBody::from(message))
}

/// What came in its place.
pub(super) fn error(visit: &Visit<'_>, to: &RedirectUri, message: ErrorMessage) -> Result<Response, Failure> {
    let mut error = serde_json::Map::from_iter([(message.name.to_owned(), message.code.into())]);
    error.extend(message.details.map(|details| ("exception_details".to_owned(), details.into())));
    page(visit, to, &serde_json::json!({ "error": error }))
}

/// A page for the exact origin of the redirect URI, and only that origin may frame it.
fn page(visit: &Visit<'_>, to: &RedirectUri, payload: &impl Serialize) -> Result<Response, Failure> {
    // An application's own scheme has no window: its request stands in a frame for no good reason.
    let origin = to.origin().ok_or(OAuthRefusal::InvalidRequest("A message needs a redirect_uri of http or https."))?;
    let payload = serde_json::to_string(payload).map_err(|error| Fault::Internal(format!("message: {error}")))?;
    let embedded = visit.visitor.embedded;
    let csp = match embedded {
        Some(false) => Csp::Own,
        Some(true) | None => Csp::FramedBy(origin),
    };
    let page = pages::Message { frame: visit.frame("/"), origin, payload_json: &payload, embedded };
    Ok(visit.finish(pages::respond(StatusCode::OK, &page, csp)?))
}
