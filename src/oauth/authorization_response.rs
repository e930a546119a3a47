//! The answer of the authorization endpoint: a URI to go to, or a message to the window that asked (RFC 6749 sections
//! 4.1.2 and 4.2.2; API, sections 2.2 and 4.1).
//!
//! Errors never travel by redirect (API, section 2.9); by message they do, because the window that asked waits for one.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::id::{AccountId, OrganizationId};
use crate::oauth::redirect_uri::RedirectUri;
use crate::oauth::refusal::{IdentityRefusal, OAuthRefusal};

/// What the person gave the application.
#[derive(Clone, Copy, Debug)]
pub struct Granted<'a> {
    /// A code or a token.
    pub credential: Credential<'a>,
    /// Of what the request asked for.
    pub scopes: &'a BTreeSet<String>,
    /// As the request had it; `None` when it had none.
    pub state: Option<&'a str>,
    /// The person.
    pub account: AccountId,
    /// The organization in which the person acts.
    pub organization: OrganizationId,
    /// The application.
    pub client_id: &'a str,
}

/// With what the application goes on.
#[derive(Clone, Copy, Debug)]
pub enum Credential<'a> {
    /// Text of a code.
    Code(&'a str),
    /// An access token.
    Token {
        /// Its text.
        access_token: &'a str,
        /// How long it lives.
        expires_in: Duration,
    },
}

/// Where the browser goes: a code in the query, a token in the fragment. `access_token` comes first, because clients take
/// the first pair; the others in alphabetical order.
pub fn redirect(uri: &RedirectUri, granted: &Granted<'_>) -> String {
    let scope = joined(granted.scopes);
    let (mark, mut pairs) = match granted.credential {
        Credential::Code(code) => ('?', vec![("code", code.to_owned())]),
        Credential::Token { access_token, expires_in } => (
            '#',
            vec![
                ("access_token", access_token.to_owned()),
                ("expires_in", expires_in.as_secs().to_string()),
                ("scope", scope),
            ],
        ),
    };
    pairs.extend(granted.state.map(|state| ("state", state.to_owned())));
    if matches!(granted.credential, Credential::Token { .. }) {
        pairs.push(("token_type", TOKEN_TYPE.to_owned()));
    }
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    format!("{}{mark}{}", uri.as_str(), pairs.join("&"))
}

/// The one type of token that there is (RFC 6750).
pub const TOKEN_TYPE: &str = "Bearer";

/// What the window that asked is sent: `{"data": {...}, "state": ...}`.
///
/// SDK 1.x reads `state` at the top, later ones inside. `scopes` is what the SDKs rename to `scope`; both are there for
/// whoever reads the message without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The payload.
    pub data: Data,
    /// As the request had it; to be left out when it had none.
    pub state: Option<String>,
}

/// Fields of `data`. Those that are `None` are to be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// For `response_type=code`.
    pub code: Option<String>,
    /// For `response_type=token`.
    pub access_token: Option<String>,
    /// Seconds that the token lives.
    pub expires_in: Option<u64>,
    /// `Bearer`, beside a token.
    pub token_type: Option<&'static str>,
    /// Joined by commas.
    pub scope: String,
    /// The same, under the name that the SDKs rename.
    pub scopes: String,
    /// As the request had it.
    pub state: Option<String>,
    /// The person.
    pub account_id: AccountId,
    /// The organization in which the person acts.
    pub organization_id: OrganizationId,
    /// The application.
    pub client_id: String,
}

/// The message of a successful answer.
pub fn message(granted: &Granted<'_>) -> Message {
    let (code, token) = match granted.credential {
        Credential::Code(code) => (Some(code.to_owned()), None),
        Credential::Token { access_token, expires_in } => (None, Some((access_token.to_owned(), expires_in.as_secs()))),
    };
    let scope = joined(granted.scopes);
    let state = granted.state.map(str::to_owned);
    let data = Data {
        code,
        token_type: token.as_ref().map(|_| TOKEN_TYPE),
        expires_in: token.as_ref().map(|(_, seconds)| *seconds),
        access_token: token.map(|(text, _)| text),
        scopes: scope.clone(),
        scope,
        state: state.clone(),
        account_id: granted.account,
        organization_id: granted.organization,
        client_id: granted.client_id.to_owned(),
    };
    Message { data, state }
}

/// What the window that asked is sent instead: `{"error": {<name>: <code>, "exception_details": ...}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorMessage {
    /// `oauth_exception` or `identity_exception`.
    pub name: &'static str,
    /// The code.
    pub code: &'static str,
    /// `exception_details`; to be left out when there is none.
    pub details: Option<&'static str>,
}

impl From<OAuthRefusal> for ErrorMessage {
    fn from(refusal: OAuthRefusal) -> Self {
        let details = refusal.detail().map(super::refusal::Detail::code);
        Self { name: "oauth_exception", code: refusal.code(), details }
    }
}

impl From<IdentityRefusal> for ErrorMessage {
    fn from(refusal: IdentityRefusal) -> Self {
        Self { name: "identity_exception", code: refusal.code(), details: None }
    }
}

fn joined(scopes: &BTreeSet<String>) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(",")
}

/// Everything but letters, digits and `*-._` as `%XX`: whoever decodes it has the same bytes, and nothing can end the
/// parameter, the URI or the header (rows A10, A22).
fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests;
