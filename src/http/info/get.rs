//! `GET /v2/info` and `GET /info`, by `Authorization: Bearer` or, in the compatible profile, `?code=<token>`.

use std::borrow::Cow;

use axum::response::Response;
use serde::Serialize;

use crate::config::Profile;
use crate::domain::id::{AccountId, OrganizationId};
use crate::http::answer;
use crate::http::call::Call;
use crate::oauth::envelope::Rejected;
use crate::usecase::tokens::introspect::{self, introspect};
use crate::usecase::{Failure, InvalidFields, Refusal};

/// API, section 2.7.
#[derive(Serialize)]
struct Body<'a> {
    access_token: &'a str,
    account_id: AccountId,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    expires_in: u64,
    organization_id: OrganizationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    scope: &'a str,
    token_type: &'static str,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let token = token(&call)?;
    let opened = introspect::subject(&call.app, &token).map_err(|rejected| match rejected {
        Rejected::Malformed => invalid("not a token of the form <region>:<base64url>"),
        Rejected::Unverified | Rejected::Expired => Refusal::Unauthenticated { presented: true },
    })?;
    let found = introspect(&call.app, &opened).await?;
    answer::ok(&Body {
        access_token: &token,
        account_id: found.verified.account,
        client_id: found.verified.client_id.as_deref(),
        expires_in: found.expires_in.as_secs(),
        organization_id: found.verified.organization,
        refresh_token: found.refresh_token.as_deref(),
        scope: &found.verified.scope,
        token_type: "Bearer",
    })
    .map(answer::never_stored)
}

/// The one token that is presented. `type=code` (an authorization code) is refused.
fn token(call: &Call) -> Result<Cow<'_, str>, Failure> {
    let header = call.bearer()?;
    let query = call.query("code")?;
    if call.query("type")?.is_some() {
        return Err(invalid("only access tokens can be looked up").into());
    }
    match (header, query) {
        (Some(_), Some(_)) => Err(Refusal::Malformed("Two credentials in one request.").into()),
        (Some(token), None) => Ok(Cow::Borrowed(token)),
        (None, Some(token)) if call.app.config().profile == Profile::Compatible => Ok(Cow::Owned(token)),
        (None, _) => Err(invalid("is required").into()),
    }
}

fn invalid(problem: &str) -> Refusal {
    Refusal::Invalid(InvalidFields::from([("code".to_owned(), problem.to_owned())]))
}
