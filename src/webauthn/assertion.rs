//! Verifying an authentication assertion (section 7.2).

use super::Invalid;
use super::authenticator_data::AuthenticatorData;
use super::client_data::{Ceremony, Challenge, ClientData};
use super::cose_key::PublicKey;
use super::relying_party::RelyingParty;

/// What a browser returns (`AuthenticatorAssertionResponse`, section 5.2.2, with the credential's id).
#[derive(Clone, Debug)]
pub struct AssertionResponse {
    /// `id`: of the credential that signed.
    pub credential_id: Vec<u8>,
    /// `clientDataJSON`
    pub client_data_json: Vec<u8>,
    /// `authenticatorData`
    pub authenticator_data: Vec<u8>,
    /// `signature`
    pub signature: Vec<u8>,
    /// `userHandle`: whose the credential is, as the authenticator knows it.
    pub user_handle: Option<Vec<u8>>,
}

/// An assertion that says what it must; whether the key says it too, [`Self::verify`] tells.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// What it answers: see [`super::registration::Registration::challenge`].
    pub challenge: Challenge,
    signed: Vec<u8>,
    signature: Vec<u8>,
    sign_count: u32,
    backed_up: bool,
}

/// What is to be stored with the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Where its counter stands.
    pub sign_count: u32,
    /// Whether its maker keeps copies now.
    pub backed_up: bool,
}

impl Assertion {
    /// Every check of section 7.2 that needs no key. A forged response that fails here has cost no storage.
    pub fn read(response: &AssertionResponse, party: &RelyingParty) -> Result<Self, Invalid> {
        let client_data = ClientData::verify(&response.client_data_json, Ceremony::Get, party)?;
        let data = AuthenticatorData::verify(&response.authenticator_data, party)?;
        if data.credential.is_some() {
            return Err(Invalid::CredentialData);
        }
        Ok(Self {
            challenge: client_data.challenge,
            signed: [response.authenticator_data.as_slice(), &client_data.hash].concat(),
            signature: response.signature.clone(),
            sign_count: data.sign_count,
            backed_up: data.backed_up,
        })
    }

    /// Steps 20 to 22 of section 7.2, for the credential with this key whose counter stood at `sign_count`. One that counts,
    /// or did, must have counted on: what does not may be a copy, and is refused.
    pub fn verify(&self, key: &PublicKey, sign_count: u32) -> Result<Verified, Invalid> {
        key.verify(&self.signed, &self.signature)?;
        let counts = self.sign_count != 0 || sign_count != 0;
        if counts && self.sign_count <= sign_count {
            return Err(Invalid::SignCount);
        }
        Ok(Verified { sign_count: self.sign_count, backed_up: self.backed_up })
    }
}
