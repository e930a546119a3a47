//! The relying party, as its configured public URL says; never as a request does.

use sha2::{Digest as _, Sha256};

/// Who the authenticator vouches to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    id: String,
    origin: String,
}

impl RelyingParty {
    /// Of an origin such as `https://accounts.example.com`. The id (section 5.1.2, RP ID) is its host; the origin is
    /// written as browsers do, in lower case and without a port that is the scheme's own.
    pub fn of(public_url: &str) -> Self {
        let origin = public_url.to_ascii_lowercase();
        let (scheme, authority) = origin.split_once("://").unwrap_or(("https", &origin));
        let own_port = if scheme == "http" { ":80" } else { ":443" };
        let authority = authority.strip_suffix(own_port).unwrap_or(authority);
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        Self { id: host.to_owned(), origin: format!("{scheme}://{authority}") }
    }

    /// RP ID.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// As `origin` in the client data has it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What `rpIdHash` must be (section 6.1).
    pub(super) fn id_hash(&self) -> [u8; 32] {
        Sha256::digest(&self.id).into()
    }
}

#[cfg(test)]
mod tests {
    use super::RelyingParty;

    #[test]
    fn e7_the_id_is_the_host_and_the_origin_is_written_as_browsers_do() {
        let of = |url: &str| {
            let party = RelyingParty::of(url);
            (party.id().to_owned(), party.origin().to_owned())
        };
        let expected = |id: &str, origin: &str| (id.to_owned(), origin.to_owned());
        assert_eq!(of("http://localhost:8787"), expected("localhost", "http://localhost:8787"));
        assert_eq!(
            of("https://Accounts.Example.com"),
            expected("accounts.example.com", "https://accounts.example.com")
        );
        assert_eq!(of("https://a.example:443"), expected("a.example", "https://a.example"));
        assert_eq!(of("https://a.example:8443"), expected("a.example", "https://a.example:8443"));
        assert_eq!(of("http://a.example:80"), expected("a.example", "http://a.example"));
        assert_eq!(of("http://[::1]"), expected("[::1]", "http://[::1]"));
    }
}
