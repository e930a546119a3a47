//! The operator of the tests: a key, and what is signed with it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use global_accounts::domain::operator_command::HEADER;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

use super::client::World;

fn key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).expect("a key")
}

/// `OPERATOR_PUBLIC_KEY` of the tests.
pub fn public_key() -> String {
    URL_SAFE_NO_PAD.encode(key().verifying_key().to_encoded_point(false).as_bytes())
}

/// Exactly this payload under exactly this header, signed.
pub fn signed(header: &str, payload: &str) -> String {
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload));
    let signature: Signature = key().sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// What a command says that may be presented now.
pub fn claims(world: &World, id: &str, account: &str, organization: &str) -> Value {
    let now = world.app().now().millis() / 1_000;
    json!({
        "aud": "http://localhost:8787", "jti": id, "iat": now, "exp": now + 3_600, "kind": "reset_second_factor",
        "account_id": account, "organization_id": organization,
    })
}

/// A command as `scripts/operator.mjs` makes it.
pub fn command(claims: &Value) -> String {
    signed(HEADER, &claims.to_string())
}
