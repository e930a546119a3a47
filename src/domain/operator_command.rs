//! Commands that the operator signs outside this service: JSON Web Signatures in compact form (RFC 7515 section 3.1), by
//! ECDSA with P-256 and SHA-256 (`ES256`, RFC 7518 section 3.4).
//!
//! One header is taken and no other, so that nothing in a command chooses how it is verified. What the payload says is not
//! looked at here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};

/// The one header: `{"alg":"ES256","typ":"operator-command"}`.
pub const HEADER: &str = "eyJhbGciOiJFUzI1NiIsInR5cCI6Im9wZXJhdG9yLWNvbW1hbmQifQ";
/// Longest command, in bytes.
pub const MAX_LENGTH: usize = 2_048;

/// The key whose owner is the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorKey(VerifyingKey);

/// The text is not a command of the operator. It is not said why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forged;

impl OperatorKey {
    /// From the point of a P-256 public key in its uncompressed form (SEC 1 section 2.3.3: 65 bytes), as base64url.
    pub fn parse(text: &str) -> Option<Self> {
        let point = URL_SAFE_NO_PAD.decode(text).ok().filter(|point| point.len() == 65)?;
        VerifyingKey::from_sec1_bytes(&point).ok().map(Self)
    }

    /// The payload of a command, if this key has signed it.
    pub fn open(&self, command: &str) -> Result<Vec<u8>, Forged> {
        if command.len() > MAX_LENGTH {
            return Err(Forged);
        }
        let (signed, signature) = command.rsplit_once('.').ok_or(Forged)?;
        let payload = signed.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('.')).ok_or(Forged)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Forged)?;
        let signature = Signature::from_slice(&signature).map_err(|_| Forged)?;
        self.0.verify(signed.as_bytes(), &signature).map_err(|_| Forged)?;
        URL_SAFE_NO_PAD.decode(payload).map_err(|_| Forged)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{Forged, HEADER, OperatorKey};

    /// RFC 7515, appendix A.3: another header, so it is refused, and its signature is good, so that this alone is why.
    const KEY: (&str, &str) =
        ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    const FOREIGN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn key() -> OperatorKey {
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
        let point = [vec![4], decode(KEY.0), decode(KEY.1)].concat();
        OperatorKey::parse(&URL_SAFE_NO_PAD.encode(point)).expect("a key")
    }

    #[test]
    fn the_verifier_agrees_with_rfc_7515_and_takes_no_other_header() {
        let (signed, signature) = FOREIGN.rsplit_once('.').expect("three parts");
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        let signature = p256::ecdsa::Signature::from_slice(&signature).expect("a signature");
        assert!(p256::ecdsa::signature::Verifier::verify(&key().0, signed.as_bytes(), &signature).is_ok());
        assert_eq!(key().open(FOREIGN), Err(Forged), "its header is another one");
        assert_eq!(key().open(&FOREIGN.replace("eyJhbGciOiJFUzI1NiJ9", HEADER)), Err(Forged));
    }

    /// What `scripts/operator.mjs` printed for a key of its own making.
    #[test]
    fn what_the_script_signs_is_taken() {
        const KEY: &str = "BGXObZNQpLNC3-Hn1854-P-8b8VBRgEH7uZjpn6lnB6hjBi3OOXyWb_YNL0ncx0cQfbxPhoLTPgXi2Zgly0Ic9Y";
        const PAYLOAD: &str = "eyJhdWQiOiJodHRwOi8vbG9jYWxob3N0Ojg3OTkiLCJqdGkiOiI4N2NiNWVkNC0wMThhLTRiMTMtYTQzMi0wOWZjNjg3ODIxN2UiLCJpYXQiOjE3OTUzNDcyNTAsImV4cCI6MTc5NTQzMzY1MCwia2luZCI6InJlc2V0X3NlY29uZF9mYWN0b3IiLCJhY2NvdW50X2lkIjoiMDE4YmNmZTUtNjgwMC03Yjc3LWE1MWUtOGI1NTAxODJiM2RmIiwib3JnYW5pemF0aW9uX2lkIjoiMDE4YmNmZTUtNjgwMC03Yjc3LWE1MWUtOGI1NTAxODJiM2RmIn0";
        const SIGNATURE: &str =
            "XzyItDLEdVqIrechc1xxjbAEqN79o_IG29jaNP3XMM7BztSwmfvvxS_Dl6GHtKT6pl6GG6uYsbaknzm_IKPoTw";
        let script = OperatorKey::parse(KEY).expect("a key");
        let payload = script.open(&format!("{HEADER}.{PAYLOAD}.{SIGNATURE}")).expect("genuine");
        assert!(payload.starts_with(br#"{"aud":"http://localhost:8799","jti":"87cb5ed4-"#));
        assert_eq!(key().open(&format!("{HEADER}.{PAYLOAD}.{SIGNATURE}")), Err(Forged), "by another key");
        let altered = PAYLOAD.replacen("eyJhdWQ", "eyJhdWR", 1);
        assert_eq!(script.open(&format!("{HEADER}.{altered}.{SIGNATURE}")), Err(Forged));
    }

    #[test]
    fn the_header_says_what_it_must() {
        let text = URL_SAFE_NO_PAD.decode(HEADER).expect("base64url");
        assert_eq!(text, br#"{"alg":"ES256","typ":"operator-command"}"#);
    }

    #[test]
    fn what_is_no_command_or_no_key_is_refused() {
        for text in
            ["", ".", "..", HEADER, &format!("{HEADER}.e30."), &format!("{HEADER}.e30.AAAA"), &"a".repeat(9_999)]
        {
            assert_eq!(key().open(text), Err(Forged), "{text}");
        }
        let zero = URL_SAFE_NO_PAD.encode([4; 65]);
        for text in ["", "BAAA", KEY.0, zero.as_str()] {
            assert_eq!(OperatorKey::parse(text), None, "{text}");
        }
    }
}
