//! Client data (section 5.8.1): what the browser says about the page that asked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::Invalid;
use super::relying_party::RelyingParty;

/// Bytes of a challenge; section 13.4.3 asks for 16 at least.
pub const CHALLENGE_BYTES: usize = 32;

/// What an answer must carry: random, given once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge(pub [u8; CHALLENGE_BYTES]);

impl Challenge {
    /// As it is sent, in base64url without padding.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

/// What the browser was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// `navigator.credentials.create()`: a new passkey.
    Create,
    /// `navigator.credentials.get()`: the use of one.
    Get,
}

impl Ceremony {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// What verified client data hold.
#[derive(Debug)]
pub(super) struct ClientData {
    pub(super) challenge: Challenge,
    /// SHA-256 of the bytes: what the authenticator signed.
    pub(super) hash: [u8; 32],
}

/// Members that are known here; others may stand beside them. One that stands twice makes the text unreadable.
#[derive(Deserialize)]
struct Members<'a> {
    #[serde(rename = "type", borrow)]
    kind: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    challenge: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    origin: std::borrow::Cow<'a, str>,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
    #[serde(rename = "topOrigin")]
    top_origin: Option<IgnoredAny>,
}

impl ClientData {
    /// Steps 5 to 10 of section 7.1, 10 to 14 of section 7.2. A frame of another site is refused, because no page of this
    /// service may be in one.
    pub(super) fn verify(json: &[u8], ceremony: Ceremony, party: &RelyingParty) -> Result<Self, Invalid> {
        // The whole text is UTF-8, the values that are passed over too.
        let text = std::str::from_utf8(json).map_err(|_| Invalid::ClientData)?;
        let members: Members<'_> = serde_json::from_str(text).map_err(|_| Invalid::ClientData)?;
        if members.kind != ceremony.name() {
            return Err(Invalid::Type);
        }
        let challenge = URL_SAFE_NO_PAD.decode(members.challenge.as_bytes()).map_err(|_| Invalid::Challenge)?;
        let challenge = Challenge(challenge.try_into().map_err(|_| Invalid::Challenge)?);
        if !bool::from(members.origin.as_bytes().ct_eq(party.origin().as_bytes())) {
            return Err(Invalid::Origin);
        }
        if members.cross_origin || members.top_origin.is_some() {
            return Err(Invalid::CrossOrigin);
        }
        Ok(Self { challenge, hash: Sha256::digest(json).into() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Ceremony, Challenge, ClientData, Invalid, RelyingParty};

    const CHALLENGE: Challenge = Challenge([7; 32]);

    fn verify(json: &[u8]) -> Result<Challenge, Invalid> {
        let party = RelyingParty::of("https://accounts.example.com");
        ClientData::verify(json, Ceremony::Get, &party).map(|data| data.challenge)
    }

    fn members(kind: &str, challenge: &str, origin: &str, more: &str) -> Vec<u8> {
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{more}}}"#).into_bytes()
    }

    #[test]
    fn m5_type_challenge_and_origin_are_those_that_were_asked_for() {
        let (challenge, origin) = (CHALLENGE.text(), "https://accounts.example.com");
        let right = |more: &str| verify(&members("webauthn.get", &challenge, origin, more));
        assert_eq!(right(""), Ok(CHALLENGE));
        assert_eq!(right(r#","crossOrigin":false,"other_keys_can_be_added_here":[{}]"#), Ok(CHALLENGE));

        for kind in ["webauthn.create", "payment.get", "", "Webauthn.get"] {
            assert_eq!(verify(&members(kind, &challenge, origin, "")), Err(Invalid::Type), "{kind}");
        }
        for other in
            ["https://accounts.example.com.evil.example", "https://evil.example", "http://accounts.example.com"]
                .into_iter()
                .chain(["https://accounts.example.com:8443", "https://accounts.example.com/", "null", ""])
        {
            assert_eq!(verify(&members("webauthn.get", &challenge, other, "")), Err(Invalid::Origin), "{other}");
        }
        for text in ["", "AAAA", &format!("{challenge}="), &challenge.replace('B', "+"), &format!("{challenge}AA")] {
            assert_eq!(verify(&members("webauthn.get", text, origin, "")), Err(Invalid::Challenge), "{text}");
        }
        assert_eq!(right(r#","crossOrigin":true"#), Err(Invalid::CrossOrigin));
        assert_eq!(right(r#","crossOrigin":false,"topOrigin":"https://evil.example""#), Err(Invalid::CrossOrigin));
    }

    #[test]
    fn m5_anything_but_one_json_object_in_utf8_is_refused() {
        let right = members("webauthn.get", &CHALLENGE.text(), "https://accounts.example.com", "");
        let with = |more: &str| members("webauthn.get", &CHALLENGE.text(), "https://accounts.example.com", more);
        let broken = [
            Vec::new(),
            b"{}".to_vec(),
            b"null".to_vec(),
            [b"\xef\xbb\xbf".as_slice(), &right].concat(),
            [&right, b"x".as_slice()].concat(),
            [&right, right.as_slice()].concat(),
            with(r#","type":"webauthn.get""#),
            with(r#","ch\u0061llenge":"x""#),
            with(r#","crossOrigin":"false""#),
            with(r#","a":"#),
            [&right[..right.len() - 1], b",\"a\":\"\xff\"}"].concat(),
            b"[".repeat(100_000),
        ];
        for json in broken {
            assert_eq!(verify(&json), Err(Invalid::ClientData), "{:?}", String::from_utf8_lossy(&json));
        }
    }
}
