//! The grants of the token endpoint. A further one is a variant here and a file beside.

pub mod authorization_code;
pub mod refresh_token;

use super::refusal::OAuthRefusal;

/// What `grant_type` may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantType {
    /// An authorization code for first tokens (RFC 6749 section 4.1.3).
    AuthorizationCode,
    /// A refresh token for a new access token (RFC 6749 section 6).
    RefreshToken,
}

impl GrantType {
    /// Everything else is unsupported, the password grant for good (row T7).
    pub fn parse(text: &str) -> Result<Self, OAuthRefusal> {
        match text {
            // The second name is the one in the vendor's own API description.
            "authorization_code" | "code" => Ok(Self::AuthorizationCode),
            "refresh_token" => Ok(Self::RefreshToken),
            _ => Err(OAuthRefusal::UnsupportedGrantType),
        }
    }
}
