//! Authenticator data (section 6.1): what the authenticator says.

use subtle::ConstantTimeEq as _;

use super::Invalid;
use super::cbor::Reader;
use super::cose_key::PublicKey;
use super::relying_party::RelyingParty;

/// Longest credential id (section 7.1, step 25).
pub const MAX_CREDENTIAL_ID_BYTES: usize = 1_023;

const USER_PRESENT: u8 = 1 << 0;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKUP_STATE: u8 = 1 << 4;
const ATTESTED_CREDENTIAL_DATA: u8 = 1 << 6;
const EXTENSION_DATA: u8 = 1 << 7;

/// What verified authenticator data hold.
#[derive(Debug)]
pub(super) struct AuthenticatorData<'a> {
    pub(super) sign_count: u32,
    /// BS: copied to other devices by its maker.
    pub(super) backed_up: bool,
    /// AT: a new credential.
    pub(super) credential: Option<AttestedCredential<'a>>,
}

/// Attested credential data (section 6.5.2). The model of the authenticator (AAGUID) is not looked at.
#[derive(Debug)]
pub(super) struct AttestedCredential<'a> {
    pub(super) id: &'a [u8],
    pub(super) public_key: PublicKey,
}

impl<'a> AuthenticatorData<'a> {
    /// Reads every byte and checks whose they are and what was done for them: steps 15 to 18 of section 7.1, 15 to 19 of
    /// section 7.2. Flags that the standard reserves may be anything.
    pub(super) fn verify(bytes: &'a [u8], party: &RelyingParty) -> Result<Self, Invalid> {
        let (id_hash, rest) = bytes.split_first_chunk::<32>().ok_or(Invalid::AuthenticatorData)?;
        let (&[flags], rest) = rest.split_first_chunk::<1>().ok_or(Invalid::AuthenticatorData)?;
        let (sign_count, rest) = rest.split_first_chunk::<4>().ok_or(Invalid::AuthenticatorData)?;
        let has = |flag: u8| flags & flag != 0;
        let (credential, rest) = match has(ATTESTED_CREDENTIAL_DATA) {
            true => attested_credential(rest).map(|(credential, rest)| (Some(credential), rest))?,
            false => (None, rest),
        };
        let rest = if has(EXTENSION_DATA) { after_extensions(rest)? } else { rest };
        if !rest.is_empty() {
            return Err(Invalid::AuthenticatorData);
        }
        if !bool::from(id_hash.ct_eq(&party.id_hash())) {
            return Err(Invalid::RelyingParty);
        }
        match () {
            () if !has(USER_PRESENT) => Err(Invalid::UserPresence),
            () if !has(USER_VERIFIED) => Err(Invalid::UserVerification),
            () if has(BACKUP_STATE) && !has(BACKUP_ELIGIBLE) => Err(Invalid::Backup),
            () => Ok(Self { sign_count: u32::from_be_bytes(*sign_count), backed_up: has(BACKUP_STATE), credential }),
        }
    }
}

fn attested_credential(bytes: &[u8]) -> Result<(AttestedCredential<'_>, &[u8]), Invalid> {
    let (_aaguid, rest) = bytes.split_first_chunk::<16>().ok_or(Invalid::AuthenticatorData)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Invalid::AuthenticatorData)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if !(1..=MAX_CREDENTIAL_ID_BYTES).contains(&length) {
        return Err(Invalid::AuthenticatorData);
    }
    let (id, rest) = rest.split_at_checked(length).ok_or(Invalid::AuthenticatorData)?;
    let mut reader = Reader::new(rest);
    let public_key = PublicKey::read(&mut reader)?;
    Ok((AttestedCredential { id, public_key }, reader.rest()))
}

/// Extensions (section 9.5) are a map; none was asked for, so what they say does not matter.
fn after_extensions(bytes: &[u8]) -> Result<&[u8], Invalid> {
    let is_map = bytes.first().is_some_and(|byte| byte >> 5 == 5);
    let mut reader = Reader::new(bytes);
    match reader.skip() {
        Ok(()) if is_map => Ok(reader.rest()),
        _ => Err(Invalid::AuthenticatorData),
    }
}
