//! What an application asks of the authorization endpoint, and whether it may (RFC 6749 sections 4.1.1 and 4.2.1; API,
//! section 2.1).
//!
//! A refusal is shown to the person and never sent to the application (row A2; API, section 2.9): nothing here needs a
//! redirect URI to say no.

mod parameters;

use crate::domain::client::{ClientId, ClientScope, ClientType};
use crate::domain::id::OrganizationId;
use crate::domain::profile::Profile;
use crate::domain::scope::parse_list;
use crate::oauth::pkce::{self, Challenge};
use crate::oauth::redirect_uri::{RedirectUri, Strictness};
use crate::oauth::refusal::{Detail, OAuthRefusal};
pub use parameters::{MAX_STATE, Parameters};

/// What is registered about the client that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredClient {
    /// Key.
    pub id: ClientId,
    /// In the order in which they were given.
    pub redirect_uris: Vec<RedirectUri>,
    /// Whether it has a secret to prove itself with.
    pub confidential: bool,
    /// What kind of application it is.
    pub client_type: ClientType,
    /// Strict rules, whatever the deployment's profile.
    pub strict: bool,
    /// No `plain` challenge.
    pub require_s256: bool,
    /// All that it may ask for.
    pub scopes: Vec<ClientScope>,
}

impl RegisteredClient {
    fn strict_in(&self, profile: Profile) -> bool {
        self.strict || profile == Profile::Strict
    }
}

/// What the application is to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseType {
    /// A code, which its token request exchanges.
    Code,
    /// An access token at once (the implicit grant).
    Token,
}

impl ResponseType {
    /// As stored and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Token => "token",
        }
    }
}

/// How the answer travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// By a redirect.
    Redirect,
    /// By a message to the window that opened or framed this one.
    Button,
}

impl Flow {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Redirect => "redirect",
            Self::Button => "button",
        }
    }
}

/// A request that the client may make. What the person says to it is another matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client_id: ClientId,
    /// For what.
    pub response_type: ResponseType,
    /// Where the answer goes: the URI requested, in normal form, not the one registered.
    pub redirect_uri: RedirectUri,
    /// To be echoed; `None` when the request had none.
    pub state: Option<String>,
    /// What the client's token request must answer. Always `None` for [`ResponseType::Token`].
    pub challenge: Option<Challenge>,
    /// What is asked for, of the client's own scopes, in their order.
    pub scopes: Vec<ClientScope>,
    /// Whether the person is asked although consent was given.
    pub prompt_consent: bool,
    /// The organization to offer first.
    pub organization: Option<OrganizationId>,
    /// What to write into the sign-in form. Anybody's words.
    pub email_hint: Option<String>,
    /// How the answer travels.
    pub flow: Flow,
}

/// Whether `client` (`None`: there is none of that name) may ask this. The first fault in the order of the protocol
/// refuses: client, redirect URI, response type, PKCE, scope, and then what only this service knows.
pub fn request(
    parameters: &Parameters,
    client: Option<&RegisteredClient>,
    profile: Profile,
) -> Result<AuthorizationRequest, OAuthRefusal> {
    let client = client.ok_or(OAuthRefusal::UnauthorizedClient(Some(Detail::ClientIdNotFound)))?;
    let redirect_uri = redirect_uri(parameters.redirect_uri.as_deref(), client, profile)?;
    let response_type = response_type(parameters.response_type.as_deref(), client, &redirect_uri, profile)?;
    // A challenge has no meaning where no code is given; the SDKs send none.
    let challenge = match response_type {
        ResponseType::Code => challenge(parameters, client, &redirect_uri, profile)?,
        ResponseType::Token => None,
    };
    Ok(AuthorizationRequest {
        client_id: client.id.clone(),
        response_type,
        state: parameters.state.clone(),
        challenge,
        scopes: scopes(parameters.scope.as_deref(), &client.scopes)?,
        prompt_consent: prompt(parameters.prompt.as_deref())?,
        organization: organization(parameters.organization_id.as_deref())?,
        email_hint: parameters.email.clone(),
        flow: flow(parameters.flow.as_deref(), &redirect_uri)?,
        redirect_uri,
    })
}

/// The one that is registered where none is named; otherwise one that a registered one covers (rows A1, A3).
fn redirect_uri(
    requested: Option<&str>,
    client: &RegisteredClient,
    profile: Profile,
) -> Result<RedirectUri, OAuthRefusal> {
    let strictness = if client.strict_in(profile) { Strictness::Exact } else { Strictness::Prefix };
    let Some(requested) = requested else {
        return match client.redirect_uris.as_slice() {
            [only] => Ok(only.clone()),
            _ => Err(OAuthRefusal::UnauthorizedClient(Some(Detail::RedirectUriNotSet))),
        };
    };
    let covered = |uri: &RedirectUri| {
        client.redirect_uris.iter().any(|registered| RedirectUri::matches(registered, uri, strictness))
    };
    let requested = RedirectUri::parse(requested).ok().filter(covered);
    requested.ok_or(OAuthRefusal::UnauthorizedClient(Some(Detail::InvalidRedirectUri)))
}

/// `token` only for browser applications, in the compatible profile, to http(s): the token stands in the URI (row A12).
fn response_type(
    requested: Option<&str>,
    client: &RegisteredClient,
    redirect_uri: &RedirectUri,
    profile: Profile,
) -> Result<ResponseType, OAuthRefusal> {
    let unsupported = |text| Err(OAuthRefusal::UnsupportedResponseType(text));
    match requested {
        Some("code") => Ok(ResponseType::Code),
        Some("token") if client.strict_in(profile) => {
            unsupported("Tokens are not given in a URI here: ask for response_type=code with PKCE.")
        }
        Some("token") if client.client_type != ClientType::JavascriptApp || client.confidential => {
            unsupported("Only a client of type javascript_app may ask for response_type=token.")
        }
        Some("token") if !redirect_uri.is_web() => {
            unsupported("A redirect_uri of an application's own scheme takes response_type=code only.")
        }
        Some("token") => Ok(ResponseType::Token),
        Some(_) => unsupported("The response_type is neither code nor token."),
        None => Err(OAuthRefusal::InvalidRequest("The parameter response_type is missing.")),
    }
}

/// A public client proves itself by PKCE alone, so it must begin it here (row A4); an application's own scheme may be
/// another application's, too, so its code is worth nothing without S256 (RFC 8252 section 8.1).
fn challenge(
    parameters: &Parameters,
    client: &RegisteredClient,
    redirect_uri: &RedirectUri,
    profile: Profile,
) -> Result<Option<Challenge>, OAuthRefusal> {
    let rules = pkce::Rules::of(profile, client.strict, client.require_s256 || !redirect_uri.is_web());
    let method = parameters.code_challenge_method.as_deref();
    let challenge = Challenge::parse(parameters.code_challenge.as_deref(), method, rules)?;
    match challenge {
        None if !client.confidential => {
            Err(OAuthRefusal::InvalidRequest("A client without a secret must send a code_challenge."))
        }
        None if !redirect_uri.is_web() => Err(OAuthRefusal::InvalidRequest(
            "A redirect_uri of an application's own scheme needs a code_challenge with S256.",
        )),
        challenge => Ok(challenge),
    }
}

/// All of the client's where none is asked for; otherwise exactly those, each of which must be the client's.
fn scopes(requested: Option<&str>, registered: &[ClientScope]) -> Result<Vec<ClientScope>, OAuthRefusal> {
    let Some(requested) = requested else {
        return Ok(registered.to_vec());
    };
    let requested = parse_list(&requested.replace(' ', ",")).map_err(|_| OAuthRefusal::InvalidScope)?;
    let chosen: Vec<_> = registered.iter().filter(|scope| requested.contains(&scope.scope)).cloned().collect();
    match chosen.len() == requested.len() {
        true => Ok(chosen),
        false => Err(OAuthRefusal::InvalidScope),
    }
}

fn prompt(requested: Option<&str>) -> Result<bool, OAuthRefusal> {
    match requested {
        None => Ok(false),
        Some("consent") => Ok(true),
        Some(_) => Err(OAuthRefusal::InvalidRequest("The only prompt is consent.")),
    }
}

fn organization(requested: Option<&str>) -> Result<Option<OrganizationId>, OAuthRefusal> {
    let parsed = requested.map(str::parse).transpose();
    parsed.map_err(|_| OAuthRefusal::InvalidRequest("The organization_id is not a UUID."))
}

/// A message needs an origin to go to.
fn flow(requested: Option<&str>, redirect_uri: &RedirectUri) -> Result<Flow, OAuthRefusal> {
    match requested {
        None => Ok(Flow::Redirect),
        Some("button") if redirect_uri.is_web() => Ok(Flow::Button),
        Some("button") => Err(OAuthRefusal::InvalidRequest("flow=button needs an https or loopback redirect_uri.")),
        Some(_) => Err(OAuthRefusal::InvalidRequest("The only flow is button.")),
    }
}

#[cfg(test)]
mod tests;
