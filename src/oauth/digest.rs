//! Digests under which secrets are stored and looked up.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a random identifier, base64url. Preimage-resistant because the identifier has 128 random bits, so
/// neither salt nor stretching is needed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Digest(String);

impl Digest {
    /// Of 128 or more random bits.
    pub fn of(random: &[u8]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(Sha256::digest(random)))
    }

    /// One that comes from storage.
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
