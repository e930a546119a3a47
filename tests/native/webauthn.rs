//! What Chromium's virtual authenticator returned (`scripts/record-passkeys.mjs`), and what becomes of it when it is bent
//! (row M5).

use std::sync::LazyLock;

use global_accounts::webauthn::Invalid;
use global_accounts::webauthn::assertion::{Assertion, AssertionResponse, Verified};
use global_accounts::webauthn::client_data::Challenge;
use global_accounts::webauthn::registration::{AttestationResponse, Registration};
use global_accounts::webauthn::relying_party::RelyingParty;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::authenticator::{Authenticator, decoded, encoded};

static RECORDED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("fixtures/passkeys.json")).expect("JSON"));

fn party(recorded: &Value) -> RelyingParty {
    RelyingParty::of(recorded["origin"].as_str().expect("an origin"))
}

fn attestation(recorded: &Value) -> AttestationResponse {
    let response = &recorded["registration"]["response"];
    AttestationResponse {
        client_data_json: decoded(&response["clientDataJSON"]),
        attestation_object: decoded(&response["attestationObject"]),
    }
}

fn assertion(recorded: &Value) -> AssertionResponse {
    let response = &recorded["response"];
    AssertionResponse {
        credential_id: decoded(&recorded["id"]),
        client_data_json: decoded(&response["clientDataJSON"]),
        authenticator_data: decoded(&response["authenticatorData"]),
        signature: decoded(&response["signature"]),
        user_handle: response["userHandle"].is_string().then(|| decoded(&response["userHandle"])),
    }
}

fn registered(name: &str) -> (RelyingParty, Registration) {
    let recorded = &RECORDED[name];
    let party = party(recorded);
    let registration = Registration::verify(&attestation(recorded), &party);
    (party, registration.unwrap_or_else(|invalid| panic!("{name}: {invalid}")))
}

fn judge(response: &AssertionResponse, party: &RelyingParty, with: &Registration) -> Result<Verified, Invalid> {
    Assertion::read(response, party)?.verify(&with.public_key, with.sign_count)
}

#[test]
fn m5_what_chromium_returned_verifies() {
    for name in ["plain", "backed_up", "direct_attestation", "extensions"] {
        let recorded = &RECORDED[name];
        let (party, mut passkey) = registered(name);
        assert_eq!(passkey.credential_id, decoded(&recorded["registration"]["id"]), "{name}");
        let challenge = |response: &Value| -> Value {
            let client_data = decoded(&response["response"]["clientDataJSON"]);
            serde_json::from_slice::<Value>(&client_data).expect("JSON")["challenge"].clone()
        };
        assert_eq!(passkey.challenge.text(), challenge(&recorded["registration"]), "{name}");
        let spki = decoded(&recorded["registration"]["response"]["publicKey"]);
        let point = &spki[spki.len() - 64..];
        let cose = passkey.public_key.to_cose();
        assert_eq!(
            (&cose[10..42], &cose[45..]),
            (&point[..32], &point[32..]),
            "{name}: the browser reads the same key"
        );
        for used in recorded["assertions"].as_array().expect("assertions") {
            let verified =
                judge(&assertion(used), &party, &passkey).unwrap_or_else(|invalid| panic!("{name}: {invalid}"));
            assert!(verified.sign_count > passkey.sign_count, "{name}");
            assert_eq!(verified.backed_up, name == "backed_up");
            assert_eq!(
                judge(&assertion(used), &party, &Registration { sign_count: verified.sign_count, ..passkey.clone() }),
                Err(Invalid::SignCount),
                "{name}: the same once more"
            );
            assert_eq!(Assertion::read(&assertion(used), &party).expect("read").challenge.text(), challenge(used));
            passkey.sign_count = verified.sign_count;
        }
    }
    assert!(registered("backed_up").1.backed_up && !registered("plain").1.backed_up);
    let extended = decoded(&RECORDED["extensions"]["registration"]["response"]["authenticatorData"]);
    assert_eq!(extended[32] & 0x80, 0x80, "the recording has extension data");
    let direct = attestation(&RECORDED["direct_attestation"]).attestation_object;
    assert!(direct.windows(6).any(|bytes| bytes == b"packed"), "the recording has a statement");
}

#[test]
fn m5_what_was_not_asked_for_is_refused() {
    let recorded = &RECORDED["user_not_verified"];
    assert_eq!(Registration::verify(&attestation(recorded), &party(recorded)), Err(Invalid::UserVerification));
    let used = assertion(&recorded["assertions"][0]);
    assert_eq!(Assertion::read(&used, &party(recorded)).err(), Some(Invalid::UserVerification));

    let recorded = &RECORDED["rs256"];
    assert_eq!(Registration::verify(&attestation(recorded), &party(recorded)), Err(Invalid::Algorithm));

    let other = &RECORDED["other_relying_party"];
    let (ours, plain) = registered("plain");
    assert!(Registration::verify(&attestation(other), &party(other)).is_ok());
    assert_eq!(Registration::verify(&attestation(other), &ours), Err(Invalid::Origin));
    assert_eq!(judge(&assertion(&other["assertions"][0]), &ours, &plain), Err(Invalid::Origin));
    let (_, of_other) = registered("other_relying_party");
    let used = assertion(&RECORDED["plain"]["assertions"][0]);
    assert_eq!(judge(&used, &ours, &of_other), Err(Invalid::Signature), "another credential's key");

    // The ceremonies' answers do not stand for each other.
    let made = attestation(&RECORDED["plain"]);
    let data = decoded(&RECORDED["plain"]["registration"]["response"]["authenticatorData"]);
    let as_used =
        AssertionResponse { client_data_json: made.client_data_json, authenticator_data: data.clone(), ..used.clone() };
    assert_eq!(judge(&as_used, &ours, &plain), Err(Invalid::Type));
    let with_key = AssertionResponse { authenticator_data: data, ..used.clone() };
    assert_eq!(judge(&with_key, &ours, &plain), Err(Invalid::CredentialData));
    let object =
        [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58\x25", used.authenticator_data.as_slice()].concat();
    let without_key = AttestationResponse { attestation_object: object, ..attestation(&RECORDED["plain"]) };
    assert_eq!(Registration::verify(&without_key, &ours), Err(Invalid::CredentialData));
}

/// Every text that differs from `bytes` in one bit, ends too early, or goes on.
fn bent(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let bytes = bytes.to_vec();
    let (cut, longer) = (bytes.clone(), [bytes.as_slice(), &[0]].concat());
    let flipped = (0..bytes.len() * 8).map(move |bit| {
        let mut bent = bytes.clone();
        bent[bit / 8] ^= 1 << (bit % 8);
        bent
    });
    flipped.chain((0..cut.len()).map(move |end| cut[..end].to_vec())).chain([longer])
}

#[test]
fn m5_every_bit_of_an_assertion_counts() {
    let (party, passkey) = registered("plain");
    let used = assertion(&RECORDED["plain"]["assertions"][0]);
    assert!(judge(&used, &party, &passkey).is_ok());
    for signature in bent(&used.signature) {
        let bent = AssertionResponse { signature, ..used.clone() };
        assert_eq!(judge(&bent, &party, &passkey), Err(Invalid::Signature));
    }
    for authenticator_data in bent(&used.authenticator_data) {
        let bent = AssertionResponse { authenticator_data, ..used.clone() };
        assert!(judge(&bent, &party, &passkey).is_err(), "{:x?}", bent.authenticator_data);
    }
    for client_data_json in bent(&used.client_data_json) {
        let bent = AssertionResponse { client_data_json, ..used.clone() };
        assert!(judge(&bent, &party, &passkey).is_err(), "{}", String::from_utf8_lossy(&bent.client_data_json));
    }
}

/// Nothing is signed here: what can be bent without being noticed is what the authenticator alone decides.
#[test]
fn m5_a_bent_registration_is_refused_or_says_something_else_about_the_authenticator_only() {
    let (party, passkey) = registered("plain");
    let made = attestation(&RECORDED["plain"]);
    let object = &made.attestation_object;
    let data_at = object.windows(8).position(|bytes| bytes == b"authData").expect("the data") + 10;
    let id_at = data_at + 32 + 1 + 4 + 16 + 2;
    let format_at = object.windows(4).position(|bytes| bytes == b"none").expect("the format");
    let free = [
        format_at..format_at + 4,                   // any statement is passed over
        data_at + 32..data_at + 33,                 // flags: some mean nothing here
        data_at + 33..data_at + 37,                 // the counter
        data_at + 37..data_at + 53,                 // the model
        id_at..id_at + passkey.credential_id.len(), // the name
    ];
    let mut taken = 0;
    for attestation_object in bent(object) {
        let bent = AttestationResponse { attestation_object, ..made.clone() };
        let Ok(read) = Registration::verify(&bent, &party) else { continue };
        let at = bent.attestation_object.iter().zip(object).position(|(bent, right)| bent != right).expect("a bit");
        assert!(free.iter().any(|range| range.contains(&at)), "byte {at}");
        assert_eq!((&read.public_key, read.challenge), (&passkey.public_key, passkey.challenge), "byte {at}");
        taken += 1;
    }
    assert!(taken > 300, "{taken}");
    for client_data_json in bent(&made.client_data_json) {
        let bent = AttestationResponse { client_data_json, ..made.clone() };
        if let Ok(read) = Registration::verify(&bent, &party) {
            assert!(read.challenge != passkey.challenge || is_about_nothing(&bent.client_data_json), "{bent:?}");
        }
    }
}

/// Whether client data differ from others only in a member that nothing depends on: a bent `crossOrigin` is unknown.
fn is_about_nothing(client_data: &[u8]) -> bool {
    let members: Value = serde_json::from_slice(client_data).expect("JSON");
    members.get("crossOrigin").is_none()
}

#[test]
fn m5_flags_relying_party_origin_and_counter() {
    let options = json!({
        "challenge": Challenge([9; 32]).text(), "rpId": "localhost",
        "rp": {"id": "localhost"}, "user": {"id": encoded(b"ann")},
    });
    let party = RelyingParty::of("http://localhost:8787");
    let right = Authenticator { sign_count: 5, ..Authenticator::new(1) };
    let passkey = Registration::verify(&attestation(&json!({"registration": right.clone().create(&options)})), &party);
    let passkey = passkey.expect("verifies");
    let outcome = |authenticator: Authenticator| {
        let (mut making, mut using) = (authenticator.clone(), authenticator);
        let made = attestation(&json!({"registration": making.create(&options)}));
        let used = assertion(&using.get(&options));
        (Registration::verify(&made, &party).err(), judge(&used, &party, &passkey).err())
    };
    assert_eq!(outcome(right.clone()), (None, None));
    let both = |invalid: Invalid| (Some(invalid), Some(invalid));
    for (flags, invalid) in [
        (0b0000_0100, Invalid::UserPresence),
        (0b0000_0001, Invalid::UserVerification),
        (0b0001_0101, Invalid::Backup),
        (0b1000_0101, Invalid::AuthenticatorData), // extension data that are not there
    ] {
        assert_eq!(outcome(Authenticator { flags, ..right.clone() }), both(invalid), "{flags:b}");
    }
    assert_eq!(
        outcome(Authenticator { flags: 0b0011_1111, ..right.clone() }),
        (None, None),
        "reserved ones say nothing"
    );
    let relying_party = Some("evil.example".to_owned());
    assert_eq!(outcome(Authenticator { relying_party, ..right.clone() }), both(Invalid::RelyingParty));
    for origin in ["http://localhost", "https://localhost:8787", "http://localhost:8787.evil.example", "null"] {
        let origin = origin.to_owned();
        assert_eq!(outcome(Authenticator { origin, ..right.clone() }), both(Invalid::Origin));
    }
    // The counter of a use is one more than this.
    for (sign_count, invalid) in
        [(4, Some(Invalid::SignCount)), (3, Some(Invalid::SignCount)), (5, None), (0, Some(Invalid::SignCount))]
    {
        assert_eq!(outcome(Authenticator { sign_count, ..right.clone() }).1, invalid, "{sign_count} against 5");
    }
    let silent = Registration { sign_count: 0, ..passkey.clone() };
    let used = assertion(&Authenticator::new(1).get(&options));
    assert_eq!(judge(&used, &party, &silent).map(|verified| verified.sign_count), Ok(0), "it never counts");
}

proptest! {
    /// Any bytes give a verdict.
    #[test]
    fn m5_any_bytes_are_refused_in_peace(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let (party, passkey) = registered("plain");
        let made = attestation(&RECORDED["plain"]);
        let used = assertion(&RECORDED["plain"]["assertions"][0]);
        let object = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".as_slice(),
            &u16::try_from(bytes.len()).expect("short").to_be_bytes(), &bytes].concat();
        for attestation_object in [bytes.clone(), object] {
            let response = AttestationResponse { attestation_object, ..made.clone() };
            prop_assert!(Registration::verify(&response, &party).is_err());
        }
        let head = &used.authenticator_data[..32];
        for response in [
            AssertionResponse { client_data_json: bytes.clone(), ..used.clone() },
            AssertionResponse { authenticator_data: [head, &bytes].concat(), ..used.clone() },
            AssertionResponse { signature: bytes.clone(), ..used.clone() },
        ] {
            prop_assert!(judge(&response, &party, &passkey).is_err());
        }
    }
}
