//! Registering a new credential (section 7.1).

use super::Invalid;
use super::attestation_object;
use super::authenticator_data::AuthenticatorData;
use super::client_data::{Ceremony, Challenge, ClientData};
use super::cose_key::PublicKey;
use super::relying_party::RelyingParty;

/// What a browser returns (`AuthenticatorAttestationResponse`, section 5.2.1).
#[derive(Clone, Debug)]
pub struct AttestationResponse {
    /// `clientDataJSON`
    pub client_data_json: Vec<u8>,
    /// `attestationObject`
    pub attestation_object: Vec<u8>,
}

/// A new credential for this relying party, made with its user present and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// What it answers. That it was given, for this and to this person, is the caller's to check, and that it is answered
    /// once.
    pub challenge: Challenge,
    /// The authenticator's name for it, unique in the world.
    pub credential_id: Vec<u8>,
    /// Its key.
    pub public_key: PublicKey,
    /// Where its counter stands; zero where it has none.
    pub sign_count: u32,
    /// Whether its maker keeps copies.
    pub backed_up: bool,
}

impl Registration {
    /// Every check of section 7.1 that needs no storage; which of its steps are left to the caller, [`Self::challenge`]
    /// says. Attestation is not looked at: see [`attestation_object`].
    pub fn verify(response: &AttestationResponse, party: &RelyingParty) -> Result<Self, Invalid> {
        let client_data = ClientData::verify(&response.client_data_json, Ceremony::Create, party)?;
        let data = attestation_object::authenticator_data(&response.attestation_object)?;
        let data = AuthenticatorData::verify(data, party)?;
        let credential = data.credential.ok_or(Invalid::CredentialData)?;
        Ok(Self {
            challenge: client_data.challenge,
            credential_id: credential.id.to_vec(),
            public_key: credential.public_key,
            sign_count: data.sign_count,
            backed_up: data.backed_up,
        })
    }
}
