//! Secrets that only the bearer of another secret can read.
//!
//! A refresh token beside its access token, and a successor pair beside the refresh token that it replaces, are stored
//! sealed under a key that is derived from that other token's text. The text is stored nowhere, so neither the database
//! nor the cache nor the master secret, nor all of them together, give the sealed token away.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;

/// Bytes of randomness that a seal needs. Long enough to be drawn at random for every seal, also of one key.
pub const NONCE_BYTES: usize = 24;

/// What is sealed; each has a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The refresh token that was given together with an access token, under the access token.
    PairedRefresh,
    /// The pair that replaced a refresh token, under that refresh token.
    Successor,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::PairedRefresh => "paired refresh token",
            Self::Successor => "successor pair",
        }
    }
}

/// Seals `secret` for whoever knows the text of the token `key`. `None` only if `secret` is absurdly long.
pub fn seal(purpose: Purpose, key: &str, secret: &str, nonce: &[u8; NONCE_BYTES]) -> Option<String> {
    let sealed = cipher(purpose, key)?.encrypt(XNonce::from_slice(nonce), secret.as_bytes()).ok()?;
    Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
}

/// What [`seal`] hid, if `key` is the same token and nothing was altered.
pub fn open(purpose: Purpose, key: &str, sealed: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
    let secret = cipher(purpose, key)?.decrypt(XNonce::from_slice(nonce), sealed).ok()?;
    String::from_utf8(secret).ok()
}

/// HKDF-SHA-256 without its extract step (RFC 5869 section 3.3): the token's text holds 128 random bits and a tag that
/// nobody else can make. `None` for a text shorter than 32 bytes, which is no token.
fn cipher(purpose: Purpose, token: &str) -> Option<XChaCha20Poly1305> {
    let mut key = [0; 32];
    let hkdf = Hkdf::<Sha256>::from_prk(token.as_bytes()).ok()?;
    hkdf.expand_multi_info(&[b"global-accounts v1 seal ", purpose.name().as_bytes()], &mut key).ok()?;
    Some(XChaCha20Poly1305::new(&key.into()))
}

#[cfg(test)]
mod tests {
    use super::{NONCE_BYTES, Purpose, open, seal};

    const NONCE: [u8; NONCE_BYTES] = [7; NONCE_BYTES];
    const KEY: &str = "dal:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn only_the_same_token_and_purpose_open_a_seal() {
        let sealed = seal(Purpose::PairedRefresh, KEY, "secret", &NONCE).unwrap_or_default();
        assert_eq!(open(Purpose::PairedRefresh, KEY, &sealed).as_deref(), Some("secret"));
        assert_eq!(open(Purpose::PairedRefresh, &KEY.replace("dal", "dam"), &sealed), None);
        assert_eq!(open(Purpose::Successor, KEY, &sealed), None);
        assert!(!sealed.contains("secret"));
        assert_eq!(seal(Purpose::PairedRefresh, "short", "secret", &NONCE), None);
        assert_ne!(seal(Purpose::PairedRefresh, KEY, "secret", &[8; NONCE_BYTES]), Some(sealed));
    }

    #[test]
    fn an_altered_seal_does_not_open() {
        let sealed = seal(Purpose::Successor, KEY, "secret", &NONCE).unwrap_or_default();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            if let Some(byte) = altered.get_mut(at) {
                *byte = if *byte == b'A' { b'B' } else { b'A' };
            }
            let altered = String::from_utf8(altered).unwrap_or_default();
            assert!(altered == sealed || open(Purpose::Successor, KEY, &altered).is_none(), "{at}");
        }
        for short in ["", "AAAA", "not base64!"] {
            assert_eq!(open(Purpose::Successor, KEY, short), None);
        }
    }
}
