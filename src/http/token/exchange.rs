//! `POST /v2/token` and `POST /token`: a grant for tokens.

use axum::response::Response;
use serde::Serialize;

use super::client;
use super::parameters::Parameters;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::scope::parse_list;
use crate::http::answer;
use crate::http::call::Call;
use crate::oauth::client::PresentedClient;
use crate::oauth::grants::GrantType;
use crate::oauth::refusal::OAuthRefusal;
use crate::usecase::Failure;
use crate::usecase::tokens::Tokens;
use crate::usecase::tokens::exchange::{Exchange, exchange};
use crate::usecase::tokens::refresh::{Refresh, refresh};

/// API, section 2.5.
#[derive(Serialize)]
struct Body {
    access_token: String,
    account_id: AccountId,
    client_id: String,
    expires_in: u64,
    organization_id: OrganizationId,
    refresh_token: String,
    scope: String,
    token_type: &'static str,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let mut parameters = Parameters::read(&call)?;
    let grant = parameters.take("grant_type").ok_or(missing("The parameter grant_type is missing."))?;
    let grant = GrantType::parse(&grant)?;
    let client = client::presented(call.headers(), &mut parameters)?;
    let tokens = match grant {
        GrantType::AuthorizationCode => exchange(&call.app, &exchange_request(client, &mut parameters)?).await?,
        GrantType::RefreshToken => refresh(&call.app, &refresh_request(client, &mut parameters)?).await?,
    };
    answer::ok(&Body::from(tokens)).map(answer::never_stored)
}

fn exchange_request(client: PresentedClient, parameters: &mut Parameters) -> Result<Exchange, OAuthRefusal> {
    let code = parameters.take("code").ok_or(missing("The parameter code is missing."))?;
    let redirect_uri = parameters.take("redirect_uri").ok_or(missing("The parameter redirect_uri is missing."))?;
    Ok(Exchange { client, code, redirect_uri, code_verifier: parameters.take("code_verifier") })
}

fn refresh_request(client: PresentedClient, parameters: &mut Parameters) -> Result<Refresh, OAuthRefusal> {
    let refresh_token = parameters.take("refresh_token").ok_or(missing("The parameter refresh_token is missing."))?;
    // Joined by commas as everywhere in the API, or by spaces as in RFC 6749.
    let scopes = parameters.take("scope").map(|text| parse_list(&text.replace(' ', ",")));
    let scopes = scopes.transpose().map_err(|_| OAuthRefusal::InvalidScope)?;
    Ok(Refresh { client, refresh_token, scopes })
}

const fn missing(description: &'static str) -> OAuthRefusal {
    OAuthRefusal::InvalidRequest(description)
}

impl From<Tokens> for Body {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            account_id: tokens.account,
            client_id: tokens.client_id,
            expires_in: tokens.expires_in.as_secs(),
            organization_id: tokens.organization,
            refresh_token: tokens.refresh_token,
            scope: Vec::from_iter(tokens.scopes).join(","),
            token_type: "Bearer",
        }
    }
}
