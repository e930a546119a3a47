//! The secret of a confidential client.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::digest::Digest;

/// Bytes of randomness that a new secret needs.
pub const RANDOM_BYTES: usize = 32;

/// A new secret: the text for the client and what to store about it.
pub struct ClientSecret {
    /// Shown once, never stored or logged.
    pub text: String,
    /// Stored.
    pub digest: Digest,
}

/// A secret is always made here, never chosen by a caller: only so is a plain digest enough to store.
pub fn mint(random: &[u8; RANDOM_BYTES]) -> ClientSecret {
    let text = URL_SAFE_NO_PAD.encode(random);
    let digest = digest(&text);
    ClientSecret { text, digest }
}

/// The digest under which a secret is stored, and with which a presented one is compared in constant time.
pub fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{digest, mint};

    #[test]
    fn the_digest_is_of_the_text_that_the_client_sends() {
        let secret = mint(&[7; 32]);
        assert_eq!(secret.text.len(), 43);
        assert_eq!(digest(&secret.text), secret.digest);
        assert_ne!(secret.text, secret.digest.as_str());
        assert_ne!(mint(&[8; 32]).digest, secret.digest);
    }
}
