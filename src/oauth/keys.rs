//! The key ring: one HMAC key per token type and master secret, derived once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::XChaCha20Poly1305;
use hkdf::Hkdf;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::envelope::{Kind, RANDOM_BYTES};

/// Number of key ids; two bits of every token.
pub const KEY_IDS: usize = 4;
/// Fewest bytes of a master secret.
pub const MIN_SECRET_BYTES: usize = 32;

/// A master secret and the id under which tokens name it.
pub struct MasterSecret {
    /// 0..[`KEY_IDS`].
    pub id: u8,
    /// At least [`MIN_SECRET_BYTES`] random bytes.
    pub bytes: Vec<u8>,
}

/// Signs with the current secret and verifies with the current and the previous one.
///
/// A token under any other key id is refused: that is how a secret retires.
pub struct KeyRing {
    current: u8,
    slots: [Option<Slot>; KEY_IDS],
}

struct Slot {
    macs: [Hmac<Sha256>; Kind::ALL.len()],
    blind: Hmac<Sha256>,
    links: Hmac<Sha256>,
    recovery: Hmac<Sha256>,
    at_rest: XChaCha20Poly1305,
}

impl KeyRing {
    /// Derives every subkey by HKDF-SHA-256 (RFC 5869), `info` naming the token type.
    pub fn new(current: &MasterSecret, previous: Option<&MasterSecret>) -> Self {
        let mut slots = [const { None }; KEY_IDS];
        for secret in previous.into_iter().chain([current]) {
            if let Some(slot) = slots.get_mut(usize::from(secret.id)) {
                *slot = Some(Slot::derive(&secret.bytes));
            }
        }
        Self { current: current.id, slots }
    }

    /// The id that new tokens carry.
    pub fn current_id(&self) -> u8 {
        self.current
    }

    /// A keyed state ready for one message, or `None` for a key id that is not live.
    pub fn mac(&self, id: u8, kind: Kind) -> Option<Hmac<Sha256>> {
        let slot = self.slots.get(usize::from(id))?.as_ref()?;
        slot.macs.get(kind as usize).cloned()
    }

    /// The ids of live keys, the current one first.
    pub fn live_ids(&self) -> impl Iterator<Item = u8> + use<'_> {
        let live = |id: &u8| self.slots.get(usize::from(*id)).is_some_and(Option::is_some);
        [self.current].into_iter().chain((0..).take(KEY_IDS).filter(|id| *id != self.current)).filter(live)
    }

    /// The identifier of a mail's link: HMAC-SHA-256 of purpose and row, cut to the bytes of a random one. Who has no
    /// master secret cannot tell it from a random one; who has it can derive it again. `None` for a key id that is not
    /// live.
    pub(super) fn link(&self, id: u8, kind: Kind, row: [u8; 16]) -> Option<[u8; RANDOM_BYTES]> {
        let mut mac = self.slots.get(usize::from(id))?.as_ref()?.links.clone();
        mac.update(kind.name().as_bytes());
        mac.update(b":");
        mac.update(&row);
        mac.finalize().into_bytes().first_chunk().copied()
    }

    /// The cipher of what the service must be able to read again; `None` for a key id that is not live.
    pub(super) fn at_rest(&self, id: u8) -> Option<&XChaCha20Poly1305> {
        Some(&self.slots.get(usize::from(id))?.as_ref()?.at_rest)
    }

    /// Under which digests a recovery code of an account may be stored, the current key's first (row M3): keyed, because
    /// the code is short, and with the key's id in front.
    pub fn recovery_digests(&self, account: [u8; 16], code: &str) -> Vec<String> {
        let digest = |id: u8| {
            let mut mac = self.slots.get(usize::from(id))?.as_ref()?.recovery.clone();
            mac.update(&account);
            mac.update(code.as_bytes());
            Some(format!("{id}:{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())))
        };
        self.live_ids().filter_map(digest).collect()
    }

    /// `<what>:<keyed digest of whom>`: a stable name for a person or network that a dump does not reveal.
    pub fn blind(&self, what: &str, whom: &str) -> String {
        let slot = self.slots.get(usize::from(self.current)).and_then(Option::as_ref);
        let digest = slot.map(|slot| {
            let mut mac = slot.blind.clone();
            mac.update(what.as_bytes());
            mac.update(b":");
            mac.update(whom.as_bytes());
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        });
        format!("{what}:{}", digest.unwrap_or_default())
    }
}

impl Slot {
    fn derive(secret: &[u8]) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, secret);
        let derive = |purpose: &str| {
            let mut key = [0; 64];
            // Two blocks of HKDF's 255: this cannot fail.
            let expanded = hkdf.expand_multi_info(&[b"global-accounts v1 ", purpose.as_bytes()], &mut key);
            debug_assert!(expanded.is_ok());
            <Hmac<Sha256> as KeyInit>::new(&key.into())
        };
        let mut at_rest = [0; 32];
        let expanded = hkdf.expand(b"global-accounts v1 at rest", &mut at_rest);
        debug_assert!(expanded.is_ok());
        Self {
            macs: Kind::ALL.map(|kind| derive(kind.name())),
            blind: derive("blind"),
            links: derive("mail link"),
            recovery: derive("recovery code"),
            at_rest: <XChaCha20Poly1305 as KeyInit>::new(&at_rest.into()),
        }
    }
}
