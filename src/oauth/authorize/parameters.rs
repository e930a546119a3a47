//! The parameters of an authorization request as they were sent (API, section 2.1).

use crate::domain::client::ClientId;
use crate::oauth::redirect_uri;
use crate::oauth::refusal::{Detail, OAuthRefusal};

/// Longest `state`, in bytes.
pub const MAX_STATE: usize = 2_048;

/// What the authorization endpoint knows. A parameter without a value is none (RFC 6749 section 3.1); only `state` is
/// echoed as it came, be it empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// `token` or `code`.
    pub response_type: Option<String>,
    /// Which client asks.
    pub client_id: Option<String>,
    /// Where the answer goes.
    pub redirect_uri: Option<String>,
    /// For the client alone; never read here.
    pub state: Option<String>,
    /// Scopes, joined by commas or spaces.
    pub scope: Option<String>,
    /// `consent`.
    pub prompt: Option<String>,
    /// Of PKCE.
    pub code_challenge: Option<String>,
    /// Of PKCE.
    pub code_challenge_method: Option<String>,
    /// Preselects an organization.
    pub organization_id: Option<String>,
    /// Fills the sign-in form.
    pub email: Option<String>,
    /// `button`: the answer is a message to the window that opened this one.
    pub flow: Option<String>,
}

impl Parameters {
    /// From a query string or form, decoded. Known parameters given twice are refused (row A11), as is one of absurd
    /// length; unknown ones are ignored.
    pub fn read(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, OAuthRefusal> {
        let mut read = Self::default();
        for (name, value) in pairs {
            let Some((place, longest)) = read.place(&name) else {
                continue;
            };
            if place.is_some() {
                return Err(OAuthRefusal::InvalidRequest("A parameter is given twice."));
            }
            if value.len() > longest {
                return Err(OAuthRefusal::InvalidRequest("A parameter is too long."));
            }
            *place = Some(value);
        }
        // Bytes that are no UTF-8 arrive as this character: they could not be echoed as they came.
        if read.state.as_ref().is_some_and(|state| state.contains(char::REPLACEMENT_CHARACTER)) {
            return Err(OAuthRefusal::InvalidRequest("The state is not UTF-8."));
        }
        Ok(read.without_empty_ones())
    }

    /// The client to look up.
    pub fn client_id(&self) -> Result<ClientId, OAuthRefusal> {
        let id = self.client_id.as_deref().and_then(|text| text.parse().ok());
        id.ok_or(OAuthRefusal::UnauthorizedClient(Some(Detail::ClientIdNotFound)))
    }

    /// Where a parameter goes, and how many bytes it may have.
    fn place(&mut self, name: &str) -> Option<(&mut Option<String>, usize)> {
        Some(match name {
            "response_type" => (&mut self.response_type, 64),
            "client_id" => (&mut self.client_id, 64),
            "redirect_uri" => (&mut self.redirect_uri, redirect_uri::MAX_LENGTH),
            "state" => (&mut self.state, MAX_STATE),
            "scope" => (&mut self.scope, 8_192),
            "prompt" => (&mut self.prompt, 64),
            "code_challenge" => (&mut self.code_challenge, 128),
            "code_challenge_method" => (&mut self.code_challenge_method, 64),
            "organization_id" => (&mut self.organization_id, 64),
            "email" => (&mut self.email, 320),
            "flow" => (&mut self.flow, 64),
            _ => return None,
        })
    }

    fn without_empty_ones(self) -> Self {
        let given = |value: Option<String>| value.filter(|value| !value.is_empty());
        Self {
            response_type: given(self.response_type),
            client_id: given(self.client_id),
            redirect_uri: given(self.redirect_uri),
            state: self.state,
            scope: given(self.scope),
            prompt: given(self.prompt),
            code_challenge: given(self.code_challenge),
            code_challenge_method: given(self.code_challenge_method),
            organization_id: given(self.organization_id),
            email: given(self.email),
            flow: given(self.flow),
        }
    }
}
