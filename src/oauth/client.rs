//! A client at the token endpoint: who it says it is, and whether that is proved.

use subtle::ConstantTimeEq as _;

use super::digest::Digest;
use super::refusal::OAuthRefusal;

/// Where a client put its name and secret. Only one of them per request (RFC 6749 section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `Authorization: Basic`.
    Header,
    /// `client_id` and `client_secret` in the body.
    Body,
    /// The same in the query string: never for a client with strict rules.
    Query,
}

/// A client as it presents itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedClient {
    /// `client_id`.
    pub id: String,
    /// Digest of `client_secret`; `None` for a public client. An empty secret is none.
    pub secret: Option<Digest>,
    /// Where they stood.
    pub method: Method,
}

/// What is registered about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisteredClient<'a> {
    /// Digest of the secret; `None` for a public client.
    pub secret: Option<&'a str>,
    /// Strict rules, whatever the deployment's profile.
    pub strict: bool,
}

impl PresentedClient {
    /// The refusal of a client that is not who it says it is.
    pub fn refused(&self) -> OAuthRefusal {
        OAuthRefusal::InvalidClient { in_header: self.method == Method::Header }
    }

    /// A confidential client must present its secret on every grant, a public one must present none (rows T1, T2).
    ///
    /// Secrets are compared as digests of one length, in constant time.
    pub fn authenticate(&self, registered: Option<RegisteredClient<'_>>) -> Result<(), OAuthRefusal> {
        let registered = registered.ok_or_else(|| self.refused())?;
        if registered.strict && self.method == Method::Query {
            return Err(OAuthRefusal::InvalidRequest("This client may not send parameters in the query string."));
        }
        match (&self.secret, registered.secret) {
            (None, None) => Ok(()),
            (Some(given), Some(expected)) if given.as_str().as_bytes().ct_eq(expected.as_bytes()).into() => Ok(()),
            _ => Err(self.refused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, Method, OAuthRefusal, PresentedClient, RegisteredClient};

    fn presented(secret: Option<&str>, method: Method) -> PresentedClient {
        PresentedClient { id: "a".into(), secret: secret.map(|text| Digest::of(text.as_bytes())), method }
    }

    #[test]
    fn t1_t2_each_way_of_being_wrong_is_refused_alone() {
        let digest = Digest::of(b"right");
        let confidential = RegisteredClient { secret: Some(digest.as_str()), strict: false };
        let public = RegisteredClient { secret: None, strict: false };
        let outcome = |secret, method, registered| presented(secret, method).authenticate(registered);
        let refused = Err(OAuthRefusal::InvalidClient { in_header: false });
        assert_eq!(outcome(Some("right"), Method::Body, Some(confidential)), Ok(()));
        assert_eq!(outcome(Some("right"), Method::Query, Some(confidential)), Ok(()));
        assert_eq!(outcome(None, Method::Body, Some(public)), Ok(()));
        assert_eq!(outcome(Some("wrong"), Method::Body, Some(confidential)), refused);
        assert_eq!(outcome(None, Method::Body, Some(confidential)), refused);
        assert_eq!(outcome(Some("right"), Method::Body, Some(public)), refused);
        assert_eq!(outcome(Some("right"), Method::Body, None), refused);
        let challenged = Err(OAuthRefusal::InvalidClient { in_header: true });
        assert_eq!(outcome(Some("wrong"), Method::Header, Some(confidential)), challenged);
        let strict = RegisteredClient { strict: true, ..confidential };
        let in_query = outcome(Some("right"), Method::Query, Some(strict));
        assert!(matches!(in_query, Err(OAuthRefusal::InvalidRequest(_))));
        assert_eq!(outcome(Some("right"), Method::Header, Some(strict)), Ok(()));
    }
}
