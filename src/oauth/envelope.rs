//! The envelope of every credential that this service mints.
//!
//! `<region>:` + base64url without padding of 38 bytes: version, type and key id (1), random identifier (16), expiry in
//! seconds since 1970 (5, big-endian), tag (16). The tag is HMAC-SHA-256, cut to 128 bits, over the region and all
//! other fields, and over a context that is not written (what a cursor or form belongs to), under a key of its own per type. A refresh token is written without its region, but its tag covers it.
//!
//! [`open`] needs no storage: forged, truncated, expired and foreign tokens, and tokens of another type, cost nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac as _;
use subtle::ConstantTimeEq as _;

use super::digest::Digest;
use super::keys::KeyRing;
use crate::domain::time::Timestamp;

/// Bytes of randomness that a new token needs.
pub const RANDOM_BYTES: usize = 16;
const VERSION: u8 = 1;
const HEAD_BYTES: usize = 1 + RANDOM_BYTES + 5;
const TAG_BYTES: usize = 16;
const RAW_BYTES: usize = HEAD_BYTES + TAG_BYTES;
const TEXT_BYTES: usize = 51;
const NO_EXPIRY: u64 = (1 << 40) - 1;

/// What a token is for. A token of one type is never accepted as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Bearer access token.
    Access,
    /// OAuth refresh token.
    Refresh,
    /// OAuth authorization code.
    Code,
    /// Personal access token; the only type that may have no expiry.
    Personal,
    /// Browser session cookie.
    Session,
    /// Password reset link.
    Reset,
    /// E-mail verification link.
    Verify,
    /// Invitation link.
    Invite,
    /// Position in a paged list.
    Cursor,
    /// Anti-forgery token of a form.
    Csrf,
    /// Cookie that tells one browser from another, signed in or not.
    Browser,
    /// Link that puts a changed e-mail address into effect.
    EmailChange,
    /// Link that takes a changed e-mail address back.
    EmailUndo,
    /// Link that proves an organization's domain by a mail to its postmaster.
    Domain,
}

impl Kind {
    /// Every type, in the order of their numbers.
    pub const ALL: [Self; 14] = [
        Self::Access,
        Self::Refresh,
        Self::Code,
        Self::Personal,
        Self::Session,
        Self::Reset,
        Self::Verify,
        Self::Invite,
        Self::Cursor,
        Self::Csrf,
        Self::Browser,
        Self::EmailChange,
        Self::EmailUndo,
        Self::Domain,
    ];

    /// The name that goes into the key derivation. Changing one invalidates every token of the type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Code => "code",
            Self::Personal => "personal",
            Self::Session => "session",
            Self::Reset => "reset",
            Self::Verify => "verify",
            Self::Invite => "invite",
            Self::Cursor => "cursor",
            Self::Csrf => "csrf",
            Self::Browser => "browser",
            Self::EmailChange => "email_change",
            Self::EmailUndo => "email_undo",
            Self::Domain => "domain",
        }
    }

    const fn carries_region(self) -> bool {
        !matches!(self, Self::Refresh)
    }
}

/// A new token: the text for its bearer and what to store about it.
pub struct Minted {
    /// Shown once, never stored or logged.
    pub text: String,
    /// Stored.
    pub digest: Digest,
}

/// A token whose tag verified and whose time has not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The random identifier, or the position that a cursor carries in its place.
    pub id: [u8; RANDOM_BYTES],
    /// The key of its row.
    pub digest: Digest,
    /// `None`: no expiry.
    pub expires_at: Option<Timestamp>,
}

/// Why a token is refused without asking storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Not of the form `<region>:<base64url>`.
    #[error("malformed token")]
    Malformed,
    /// Wrong length, version, type, region, key id or tag.
    #[error("the token does not verify")]
    Unverified,
    /// Genuine, but its time is over.
    #[error("the token has expired")]
    Expired,
}

/// What a token is minted and opened with.
#[derive(Clone, Copy)]
pub struct Issuer<'a> {
    /// The key ring.
    pub keys: &'a KeyRing,
    /// The prefix of tokens.
    pub region: &'a str,
    /// What the token belongs to beyond itself; opening it needs the same bytes. Empty for credentials.
    pub context: &'a [u8],
}

/// Mints a token of `kind`. `expires_at` is cut to whole seconds; `None` means never.
pub fn mint(
    issuer: Issuer<'_>,
    kind: Kind,
    random: &[u8; RANDOM_BYTES],
    expires_at: Option<Timestamp>,
) -> Option<Minted> {
    mint_under(issuer, issuer.keys.current_id(), kind, random, expires_at)
}

/// As [`mint`], under a key id that need not be the current one; `None` if it is not live.
pub(super) fn mint_under(
    issuer: Issuer<'_>,
    key_id: u8,
    kind: Kind,
    random: &[u8; RANDOM_BYTES],
    expires_at: Option<Timestamp>,
) -> Option<Minted> {
    let region = issuer.region;
    let seconds = expires_at.map_or(NO_EXPIRY, |at| u64::try_from(at.seconds()).unwrap_or(0).min(NO_EXPIRY - 1));
    let mut raw = Vec::with_capacity(RAW_BYTES);
    raw.push(first_byte(kind, key_id));
    raw.extend_from_slice(random);
    raw.extend(seconds.to_be_bytes().into_iter().skip(3));
    let tag = tag(issuer, kind, key_id, &raw)?;
    raw.extend_from_slice(&tag);
    let body = URL_SAFE_NO_PAD.encode(raw);
    let text = if kind.carries_region() { format!("{region}:{body}") } else { body };
    Some(Minted { text, digest: Digest::of(random) })
}

/// Checks form, version, type, key id, tag (in constant time), region and expiry, in this order.
pub fn open(issuer: Issuer<'_>, kind: Kind, text: &str, now: Timestamp) -> Result<Opened, Rejected> {
    let body = match kind.carries_region() {
        true => {
            let (prefix, body) = text.split_once(':').ok_or(Rejected::Malformed)?;
            check_form(prefix, body)?;
            if prefix != issuer.region {
                return Err(Rejected::Unverified);
            }
            body
        }
        false => text,
    };
    if body.len() != TEXT_BYTES {
        return Err(Rejected::Unverified);
    }
    let mut raw = [0; RAW_BYTES];
    let length = URL_SAFE_NO_PAD.decode_slice(body, &mut raw).map_err(|_| Rejected::Unverified)?;
    let (head, given) = raw.split_at_checked(HEAD_BYTES).ok_or(Rejected::Unverified)?;
    let &[first, ref rest @ ..] = head else {
        return Err(Rejected::Unverified);
    };
    let key_id = first & 0b11;
    if length != RAW_BYTES || first != first_byte(kind, key_id) {
        return Err(Rejected::Unverified);
    }
    let expected = tag(issuer, kind, key_id, head).ok_or(Rejected::Unverified)?;
    if !bool::from(expected.ct_eq(given)) {
        return Err(Rejected::Unverified);
    }
    let (random, expiry) = rest.split_at_checked(RANDOM_BYTES).ok_or(Rejected::Unverified)?;
    let seconds = expiry.iter().fold(0_u64, |seconds, byte| seconds << 8 | u64::from(*byte));
    let expires_at = expiry_of(kind, seconds)?;
    match expires_at {
        Some(at) if now >= at => Err(Rejected::Expired),
        _ => Ok(Opened {
            id: random.first_chunk().copied().ok_or(Rejected::Unverified)?,
            digest: Digest::of(random),
            expires_at,
        }),
    }
}

/// Only a personal token may have no expiry.
fn expiry_of(kind: Kind, seconds: u64) -> Result<Option<Timestamp>, Rejected> {
    match (seconds, kind) {
        (NO_EXPIRY, Kind::Personal) => Ok(None),
        (NO_EXPIRY, _) => Err(Rejected::Unverified),
        (seconds, _) => Ok(i64::try_from(seconds).ok().map(|seconds| Timestamp::from_millis(seconds * 1000))),
    }
}

/// Version in the two highest bits, type in the next four, key id in the lowest two.
const fn first_byte(kind: Kind, key_id: u8) -> u8 {
    VERSION << 6 | (kind as u8) << 2 | (key_id & 0b11)
}

/// A region is lower-case letters, digits and dashes; the rest is the base64url alphabet, without padding.
fn check_form(region: &str, body: &str) -> Result<(), Rejected> {
    let region_ok = !region.is_empty() && region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let body_ok = !body.is_empty() && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    match region_ok && body_ok {
        true => Ok(()),
        false => Err(Rejected::Malformed),
    }
}

/// Unambiguous because a region holds no `:` and the fields between it and the context have a fixed length.
fn tag(issuer: Issuer<'_>, kind: Kind, key_id: u8, head: &[u8]) -> Option<[u8; TAG_BYTES]> {
    let mut mac = issuer.keys.mac(key_id, kind)?;
    mac.update(issuer.region.as_bytes());
    mac.update(b":");
    mac.update(head);
    mac.update(issuer.context);
    mac.finalize().into_bytes().first_chunk::<TAG_BYTES>().copied()
}

#[cfg(test)]
mod tests;
