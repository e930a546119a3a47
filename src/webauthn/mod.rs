//! Web Authentication, the relying party's side: what a browser returns from `navigator.credentials.create()` and `.get()`
//! is read strictly and verified. Pure: bytes in, a verdict out; never a panic, whatever the bytes.
//!
//! Section numbers are those of Web Authentication Level 3. Of all that the standard allows, only what this service asks
//! for is taken: ES256 on P-256, the user present and verified, a page of this very origin that is nobody's frame. What a
//! challenge was given for, and that it is answered once, is for the caller to hold.

pub mod assertion;
pub mod attestation_object;
pub mod authenticator_data;
mod cbor;
pub mod client_data;
pub mod cose_key;
pub mod registration;
pub mod relying_party;

/// Why a response is refused. `Display` says it in words for who calls the API; nothing in them comes from the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The client data are not the JSON object of section 5.8.1.
    #[error("the client data cannot be read")]
    ClientData,
    /// `type` is that of the other ceremony, or of none.
    #[error("the client data are of another ceremony")]
    Type,
    /// `challenge` is none that this service makes.
    #[error("the challenge is not one of this service")]
    Challenge,
    /// `origin` is not this service's.
    #[error("the origin is not this service's")]
    Origin,
    /// The page was inside another site's.
    #[error("the page was inside another site's")]
    CrossOrigin,
    /// The authenticator data are not those of section 6.1.
    #[error("the authenticator data cannot be read")]
    AuthenticatorData,
    /// `rpIdHash` is another service's.
    #[error("the passkey belongs to another service")]
    RelyingParty,
    /// Flag UP is missing.
    #[error("nobody was present")]
    UserPresence,
    /// Flag UV is missing.
    #[error("the authenticator did not verify who was present")]
    UserVerification,
    /// Flag BS without BE.
    #[error("the backup flags contradict each other")]
    Backup,
    /// Flag AT is missing where a credential is made, or set where one is used.
    #[error("the credential data are not where they belong")]
    CredentialData,
    /// The attestation object is not that of section 6.5.4.
    #[error("the attestation object cannot be read")]
    Attestation,
    /// The key is no COSE key, or no point of its curve.
    #[error("the public key cannot be read")]
    PublicKey,
    /// The key is of another algorithm than ES256.
    #[error("the algorithm is not ES256")]
    Algorithm,
    /// The signature is not the key's.
    #[error("the signature does not verify")]
    Signature,
    /// The signature counter did not grow: perhaps there are two copies of the key.
    #[error("the signature counter did not grow")]
    SignCount,
}
