//! What goes to a browser before `navigator.credentials` and comes back from it, as the JSON forms of Web Authentication
//! Level 3, sections 5.1.7 to 5.1.9.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::app::App;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::passkeys::options::Creation;
use crate::usecase::passkeys::{CHALLENGE_LIVES, DescriptorRow};
use crate::webauthn::assertion::AssertionResponse;
use crate::webauthn::authenticator_data::MAX_CREDENTIAL_ID_BYTES;
use crate::webauthn::client_data::Challenge;
use crate::webauthn::cose_key::ES256;
use crate::webauthn::registration::AttestationResponse;

/// What the standard knows as ways to an authenticator (section 5.8.4). Others are not stored.
const TRANSPORTS: [&str; 6] = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];
/// Most transports of one credential.
const MAX_TRANSPORTS: usize = 16;

#[derive(Debug, thiserror::Error)]
enum InvalidCredential {
    #[error("must be base64url without padding")]
    Encoding,
    #[error("value too long")]
    TooLong,
    #[error("must be public-key")]
    Type,
    #[error("must be a string")]
    NoText,
}

/// `PublicKeyCredentialCreationOptionsJSON`: a discoverable passkey whose user is verified, without attestation.
pub(in crate::http) fn creation_options(app: &App, creation: &Creation) -> Value {
    let name = if creation.name.is_empty() { &creation.email } else { &creation.name };
    json!({
        "rp": {"id": app.relying_party().id(), "name": app.config().brand.name},
        "user": {
            "id": URL_SAFE_NO_PAD.encode(creation.account.bytes()),
            "name": creation.email,
            "displayName": name,
        },
        "challenge": creation.challenge.text(),
        "pubKeyCredParams": [{"type": "public-key", "alg": ES256}],
        "timeout": timeout(),
        "excludeCredentials": descriptors(&creation.existing),
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
        },
        "attestation": "none",
    })
}

/// `PublicKeyCredentialRequestOptionsJSON`. Without `allowed`, of whatever account the person chooses.
pub(in crate::http) fn request_options(app: &App, challenge: Challenge, allowed: &[DescriptorRow]) -> Value {
    json!({
        "challenge": challenge.text(),
        "timeout": timeout(),
        "rpId": app.relying_party().id(),
        "allowCredentials": descriptors(allowed),
        "userVerification": "required",
    })
}

fn timeout() -> u64 {
    u64::try_from(CHALLENGE_LIVES.as_millis()).unwrap_or(u64::MAX)
}

fn descriptors(rows: &[DescriptorRow]) -> Vec<Value> {
    let one =
        |row: &DescriptorRow| json!({"type": "public-key", "id": row.credential_id, "transports": row.transports});
    rows.iter().map(one).collect()
}

/// The field `credential` as a `RegistrationResponseJSON`: the response and the transports. Members that nothing here
/// depends on are passed over.
pub(in crate::http) fn registration(fields: &mut Fields) -> Option<(AttestationResponse, Vec<String>)> {
    required_object(fields, "credential", |credential| {
        is_public_key(credential);
        required_object(credential, "response", |response| {
            let client_data_json = response.required_text("clientDataJSON", bytes);
            let attestation_object = response.required_text("attestationObject", bytes);
            let transports = response.values("transports", MAX_TRANSPORTS, |value| {
                value.as_str().map(str::to_owned).ok_or(InvalidCredential::NoText)
            });
            let mut transports = transports.unwrap_or_default();
            transports.retain(|transport| TRANSPORTS.contains(&transport.as_str()));
            transports.sort();
            transports.dedup();
            let response =
                AttestationResponse { client_data_json: client_data_json?, attestation_object: attestation_object? };
            Some((response, transports))
        })
    })
}

/// The field `credential` as an `AuthenticationResponseJSON`.
fn authentication(fields: &mut Fields) -> Option<AssertionResponse> {
    required_object(fields, "credential", |credential| {
        is_public_key(credential);
        let credential_id = credential.required_text("id", |text| match bytes(text) {
            Ok(id) if id.len() > MAX_CREDENTIAL_ID_BYTES => Err(InvalidCredential::TooLong),
            other => other,
        });
        let response = required_object(credential, "response", |response| {
            let client_data_json = response.required_text("clientDataJSON", bytes);
            let authenticator_data = response.required_text("authenticatorData", bytes);
            let signature = response.required_text("signature", bytes);
            let user_handle = response.text("userHandle", bytes);
            Some((client_data_json?, authenticator_data?, signature?, user_handle))
        });
        let (client_data_json, authenticator_data, signature, user_handle) = response?;
        let credential_id = credential_id?;
        Some(AssertionResponse { credential_id, client_data_json, authenticator_data, signature, user_handle })
    })
}

/// The hidden field `credential` of a form, which a script filled with what the browser returned.
pub(in crate::http) fn registration_in_form(text: &str) -> Result<(AttestationResponse, Vec<String>), Failure> {
    let mut fields = of_form(text)?;
    let read = registration(&mut fields);
    fields.finish(read)
}

/// As [`registration_in_form`], of a passkey that was used.
pub(in crate::http) fn authentication_in_form(text: &str) -> Result<AssertionResponse, Failure> {
    let mut fields = of_form(text)?;
    let read = authentication(&mut fields);
    fields.finish(read)
}

fn of_form(text: &str) -> Result<Fields, Failure> {
    Fields::parse(format!("{{\"credential\":{}}}", if text.is_empty() { "null" } else { text }).as_bytes())
}

fn is_public_key(credential: &mut Fields) {
    let _refused = credential.required_text("type", |text| match text {
        "public-key" => Ok(()),
        _ => Err(InvalidCredential::Type),
    });
}

fn required_object<T>(fields: &mut Fields, name: &str, read: impl FnOnce(&mut Fields) -> Option<T>) -> Option<T> {
    match fields.has(name) {
        true => fields.object(name, read).flatten(),
        false => fields.required_value(name, |_| Err::<T, _>(InvalidCredential::NoText)),
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, InvalidCredential> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCredential::Encoding)
}
