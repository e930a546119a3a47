//! Secrets that the service itself must be able to read again: sealed under a key that is derived from the master secret,
//! so that a dump of the database gives none of them away (row M2).
//!
//! The text says under which key id it was sealed. A secret of an account opens for no other account.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::{Aead as _, Payload};

use super::keys::KeyRing;
pub use super::seal::NONCE_BYTES;

/// What [`open`] finds.
pub struct Opened {
    /// What was sealed.
    pub secret: Vec<u8>,
    /// Whether the key is the current one. Else the secret wants to be sealed anew, or it goes when the key retires.
    pub current: bool,
}

/// Seals a secret of `owner` under the current key. `None` only if there is none.
pub fn seal(keys: &KeyRing, owner: [u8; 16], secret: &[u8], nonce: &[u8; NONCE_BYTES]) -> Option<String> {
    let id = keys.current_id();
    let payload = Payload { msg: secret, aad: &owner };
    let sealed = keys.at_rest(id)?.encrypt(XNonce::from_slice(nonce), payload).ok()?;
    Some(format!("{id}:{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
}

/// What [`seal`] hid for the same owner, if its key is live and nothing was altered.
pub fn open(keys: &KeyRing, owner: [u8; 16], text: &str) -> Option<Opened> {
    let (id, sealed) = text.split_once(':')?;
    let id = id.parse().ok()?;
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
    let payload = Payload { msg: sealed, aad: &owner };
    let secret = keys.at_rest(id)?.decrypt(XNonce::from_slice(nonce), payload).ok()?;
    Some(Opened { secret, current: id == keys.current_id() })
}

#[cfg(test)]
mod tests {
    use super::{NONCE_BYTES, open, seal};
    use crate::oauth::keys::{KeyRing, MasterSecret};

    const NONCE: [u8; NONCE_BYTES] = [7; NONCE_BYTES];
    const ANN: [u8; 16] = [1; 16];
    const BOB: [u8; 16] = [2; 16];

    fn secret(id: u8) -> MasterSecret {
        MasterSecret { id, bytes: vec![id; 32] }
    }

    #[test]
    fn m2_only_the_same_account_and_a_live_key_open_a_seal() {
        let (old, new) = (KeyRing::new(&secret(0), None), KeyRing::new(&secret(1), None));
        let both = KeyRing::new(&secret(1), Some(&secret(0)));
        let sealed = seal(&old, ANN, b"a shared secret", &NONCE).unwrap_or_default();
        assert!(sealed.starts_with("0:"), "{sealed}");
        let read = |keys: &KeyRing, owner| open(keys, owner, &sealed).map(|opened| (opened.secret, opened.current));
        assert_eq!(read(&old, ANN), Some((b"a shared secret".to_vec(), true)));
        assert_eq!(read(&both, ANN), Some((b"a shared secret".to_vec(), false)));
        assert_eq!(read(&new, ANN), None);
        assert_eq!(read(&old, BOB), None);
        for at in 0..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            if let Some(byte) = altered.get_mut(at) {
                *byte = if *byte == b'A' { b'B' } else { b'A' };
            }
            let altered = String::from_utf8(altered).unwrap_or_default();
            assert!(altered == sealed || open(&old, ANN, &altered).is_none(), "{at}");
        }
        for text in ["", "0:", "0:AAAA", "9:AAAA", "0", sealed.get(2..).unwrap_or_default()] {
            assert!(open(&old, ANN, text).is_none(), "{text}");
        }
    }

    #[test]
    fn m3_the_digest_of_a_recovery_code_depends_on_account_and_key() {
        let both = KeyRing::new(&secret(1), Some(&secret(0)));
        let old = KeyRing::new(&secret(0), None);
        let digests = both.recovery_digests(ANN, "ABCDE12345");
        assert_eq!(digests.len(), 2);
        assert_eq!(old.recovery_digests(ANN, "ABCDE12345"), digests.get(1..).unwrap_or_default());
        assert!(digests.iter().all(|digest| !both.recovery_digests(BOB, "ABCDE12345").contains(digest)));
    }
}
