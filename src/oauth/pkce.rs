//! Proof Key for Code Exchange (RFC 7636), and the form in which the vendor's browser SDK writes it.
//!
//! `@livechat/accounts-sdk` before 2.3 gives the digest to `btoa` as an array of eight signed 32-bit words, so what it
//! sends is the base64url of `332603030,437967084,...`: 102 characters or more, where RFC 7636's form has 43. The length
//! alone tells the two apart; a verifier is compared with one form only (design, section 8).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::refusal::OAuthRefusal;
use crate::domain::profile::Profile;

/// Characters of SHA-256 in base64url without padding: RFC 7636's form.
const S256_LENGTH: usize = 43;
/// Characters of a verifier, and of a challenge in any form (RFC 7636 section 4.1).
const LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// Which challenges a client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The verifier itself as the challenge.
    pub plain: bool,
    /// The SDK's own form of S256.
    pub sdk_form: bool,
}

impl Rules {
    /// `plain` only in the compatible profile and unless the client asks for more; the SDK's form, a digest like the
    /// RFC's, also with `require_s256`. Current practice is RFC 7636's S256 and nothing else (RFC 9700 section 2.1.1).
    pub fn of(profile: Profile, strict: bool, require_s256: bool) -> Self {
        let compatible = profile == Profile::Compatible && !strict;
        Self { plain: compatible && !require_s256, sdk_form: compatible }
    }
}

/// What the client showed at the authorization endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// The verifier itself.
    Plain(String),
    /// Its digest, in RFC 7636's form or the SDK's.
    S256(String),
}

impl Challenge {
    /// From `code_challenge` and `code_challenge_method`. An empty challenge is none, as SDK 2.1.3 sends it with
    /// `pkce: {enabled: true}`; no method is `plain` (RFC 7636 section 4.3); methods in any case, as the API's
    /// documentation writes `s256`. Whatever is no challenge of `rules` is refused (row A5).
    pub fn parse(challenge: Option<&str>, method: Option<&str>, rules: Rules) -> Result<Option<Self>, OAuthRefusal> {
        let Some(challenge) = challenge.filter(|challenge| !challenge.is_empty()) else {
            return Ok(None);
        };
        match method.map(str::to_ascii_lowercase).as_deref() {
            None | Some("" | "plain") if !rules.plain => {
                Err(OAuthRefusal::InvalidRequest("This client must send code_challenge_method=S256."))
            }
            None | Some("" | "plain") if is_verifier(challenge) => Ok(Some(Self::Plain(challenge.to_owned()))),
            Some("s256") if is_digest(challenge, rules) => Ok(Some(Self::S256(challenge.to_owned()))),
            None | Some("" | "plain" | "s256") => Err(OAuthRefusal::InvalidRequest("The code_challenge is malformed.")),
            Some(_) => Err(OAuthRefusal::InvalidRequest("The code_challenge_method is neither S256 nor plain.")),
        }
    }

    /// From [`Self::method`] and [`Self::text`], as kept with an authorization request. `None` for anything else.
    pub fn kept(method: &str, text: &str) -> Option<Self> {
        match method {
            "plain" => Some(Self::Plain(text.to_owned())),
            "S256" => Some(Self::S256(text.to_owned())),
            _ => None,
        }
    }

    /// As the API spells it.
    pub const fn method(&self) -> &'static str {
        match self {
            Self::Plain(_) => "plain",
            Self::S256(_) => "S256",
        }
    }

    /// As the client sent it.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::S256(text) => text,
        }
    }

    /// What is stored with a code: always a digest, so that no row holds a verifier and none is compared as it is.
    pub fn digest(&self) -> String {
        match self {
            Self::Plain(verifier) => s256(verifier),
            Self::S256(digest) => digest.clone(),
        }
    }

    /// Whether `verifier` is what the challenge was made of.
    pub fn verify(&self, verifier: &str) -> bool {
        Proof::of(verifier).is_some_and(|proof| proof.answers(&self.digest()))
    }
}

/// A verifier as it is compared: its digest in the one form and in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    s256: String,
    sdk: String,
}

impl Proof {
    /// `None` for what is no verifier: 43 to 128 unreserved characters (row A6).
    pub fn of(verifier: &str) -> Option<Self> {
        is_verifier(verifier).then(|| Self { s256: s256(verifier), sdk: sdk_form(verifier) })
    }

    /// In RFC 7636's form: what a stored digest of 43 characters is compared with.
    pub fn s256(&self) -> &str {
        &self.s256
    }

    /// In the SDK's form: what a stored digest of any other length is compared with.
    pub fn sdk(&self) -> &str {
        &self.sdk
    }

    /// Whether it is the answer to [`Challenge::digest`]; in constant time.
    pub fn answers(&self, digest: &str) -> bool {
        let expected = if digest.len() == S256_LENGTH { &self.s256 } else { &self.sdk };
        expected.as_bytes().ct_eq(digest.as_bytes()).into()
    }
}

/// RFC 7636 section 4.1.
fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    LENGTHS.contains(&text.len()) && text.bytes().all(unreserved)
}

fn is_digest(text: &str, rules: Rules) -> bool {
    let decoded = URL_SAFE_NO_PAD.decode(text).ok();
    decoded.is_some_and(|bytes| match text.len() {
        S256_LENGTH => true,
        _ => rules.sdk_form && LENGTHS.contains(&text.len()) && is_list_of_words(&bytes),
    })
}

/// Eight signed 32-bit numbers in decimal, joined by commas.
fn is_list_of_words(bytes: &[u8]) -> bool {
    let words: Vec<&str> = std::str::from_utf8(bytes).unwrap_or_default().split(',').collect();
    let word = |text: &&str| text.parse::<i32>().is_ok_and(|number| number.to_string() == **text);
    words.len() == 8 && words.iter().all(word)
}

fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn sdk_form(verifier: &str) -> String {
    let digest = Sha256::digest(verifier);
    let (words, _) = digest.as_chunks::<4>();
    let words: Vec<String> = words.iter().map(|word| i32::from_be_bytes(*word).to_string()).collect();
    URL_SAFE_NO_PAD.encode(words.join(","))
}

#[cfg(test)]
mod tests;
