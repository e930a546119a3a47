//! Passkeys: credentials that never leave the person's own device.

pub mod create;
pub mod delete;
pub mod list;
pub mod options;
pub mod prove;
pub mod rename;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use crate::store::passkeys::{DescriptorRow, PasskeyRow};

use crate::app::App;
use crate::domain::id::PasskeyId;
use crate::oauth::digest::Digest;
use crate::oauth::refusal::IdentityRefusal;
use crate::ports::EntropyError;
use crate::store::passkeys::{StoredPasskey, refusal};
use crate::store::second_factors::refusal as second_factors;
use crate::usecase::second_factor::delete_totp::demanded;
use crate::usecase::{Failure, Fault, Refusal, step_up};
use crate::webauthn::assertion::{Assertion, Verified};
use crate::webauthn::client_data::Challenge;
use crate::webauthn::cose_key::PublicKey;

/// Longest name of a passkey, in code points.
pub const MAX_NAME: usize = 64;

/// For so long a challenge waits for its answer.
pub const CHALLENGE_LIVES: Duration = Duration::from_mins(5);

/// A challenge, and the digest under which it is kept.
pub(in crate::usecase) struct FreshChallenge {
    pub(in crate::usecase) challenge: Challenge,
    pub(in crate::usecase) digest: Digest,
}

impl FreshChallenge {
    pub(in crate::usecase) fn mint(app: &App) -> Result<Self, EntropyError> {
        let challenge = Challenge(app.random()?);
        Ok(Self { challenge, digest: Digest::of(&challenge.0) })
    }
}

/// Verifies an assertion with the passkey that it names. What does not verify is nobody: which check failed, who answered is
/// not told.
pub(in crate::usecase) fn verify(assertion: &Assertion, passkey: &StoredPasskey) -> Result<Verified, Failure> {
    let key = URL_SAFE_NO_PAD.decode(&passkey.public_key).ok().and_then(|key| PublicKey::from_cose(&key).ok());
    let key = key.ok_or_else(|| Fault::Internal("a stored passkey cannot be read".to_owned()))?;
    let refused = |_| Refusal::Identity(IdentityRefusal::Unauthorized).into();
    assertion.verify(&key, passkey.sign_count).map_err(refused)
}

fn unknown(id: PasskeyId) -> Refusal {
    Refusal::NotFound { resource: "passkey", id: Some(id.to_string()) }
}

fn refused(name: &str, id: PasskeyId) -> Option<Refusal> {
    match name {
        refusal::UNKNOWN => Some(unknown(id)),
        second_factors::DEMANDED => Some(demanded()),
        other => step_up::refused(other),
    }
}
