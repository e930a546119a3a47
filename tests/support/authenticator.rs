//! An authenticator with one passkey, and the browser in front of it. What it says can be bent before it says it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// User present, user verified.
pub const PRESENT_AND_VERIFIED: u8 = 0b0000_0101;
const CREDENTIAL_DATA: u8 = 0b0100_0000;

/// One passkey and where it is used.
#[derive(Clone)]
pub struct Authenticator {
    /// Signs.
    pub key: SigningKey,
    /// Its name for the credential.
    pub id: Vec<u8>,
    /// Where its counter stands; it counts before each use unless it is zero.
    pub sign_count: u32,
    /// Whose the passkey is, once it is made.
    pub user_handle: Option<Vec<u8>>,
    /// Of the page.
    pub origin: String,
    /// Instead of the one that is asked for.
    pub relying_party: Option<String>,
    /// Of the authenticator data, without those about what follows them.
    pub flags: u8,
}

impl Authenticator {
    /// A new one; another `seed`, another key.
    pub fn new(seed: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).expect("a scalar"),
            id: vec![seed; 32],
            sign_count: 0,
            user_handle: None,
            origin: "http://localhost:8787".to_owned(),
            relying_party: None,
            flags: PRESENT_AND_VERIFIED,
        }
    }

    /// `navigator.credentials.create()`: a `RegistrationResponseJSON`.
    pub fn create(&mut self, options: &Value) -> Value {
        self.user_handle = Some(decoded(&options["user"]["id"]));
        let client_data = self.client_data("webauthn.create", &options["challenge"]);
        let data = self.authenticator_data(text(&options["rp"]["id"]), true);
        let length = u8::try_from(data.len()).expect("less than 256 bytes");
        let object = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", &[length][..], &data].concat();
        json!({
            "id": encoded(&self.id), "rawId": encoded(&self.id), "type": "public-key",
            "response": {
                "clientDataJSON": encoded(&client_data),
                "attestationObject": encoded(&object),
                "transports": ["internal", "hybrid"],
            },
            "clientExtensionResults": {},
        })
    }

    /// `navigator.credentials.get()`: an `AuthenticationResponseJSON`.
    pub fn get(&mut self, options: &Value) -> Value {
        if self.sign_count > 0 {
            self.sign_count += 1;
        }
        let client_data = self.client_data("webauthn.get", &options["challenge"]);
        let data = self.authenticator_data(text(&options["rpId"]), false);
        let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature: DerSignature = self.key.sign(&signed);
        json!({
            "id": encoded(&self.id), "rawId": encoded(&self.id), "type": "public-key",
            "response": {
                "clientDataJSON": encoded(&client_data),
                "authenticatorData": encoded(&data),
                "signature": encoded(signature.as_bytes()),
                "userHandle": self.user_handle.as_ref().map(|handle| encoded(handle)),
            },
            "clientExtensionResults": {},
        })
    }

    fn client_data(&self, kind: &str, challenge: &Value) -> Vec<u8> {
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn authenticator_data(&self, asked: &str, new: bool) -> Vec<u8> {
        let party = self.relying_party.as_deref().unwrap_or(asked);
        let flags = self.flags | if new { CREDENTIAL_DATA } else { 0 };
        let mut data = [&Sha256::digest(party)[..], &[flags], &self.sign_count.to_be_bytes()].concat();
        if new {
            data.extend([0; 16]);
            data.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
            data.extend(&self.id);
            let point = self.key.verifying_key().to_encoded_point(false);
            data.extend(b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20");
            data.extend(point.x().expect("a point"));
            data.extend(b"\x22\x58\x20");
            data.extend(point.y().expect("a point"));
        }
        data
    }
}

pub fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decoded(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(self::text(text)).expect("base64url")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
