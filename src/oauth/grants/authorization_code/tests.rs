use super::*;
use crate::oauth::client::Method;
use crate::oauth::digest::Digest;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const URI: &str = "https://app.example/cb";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn client(confidential: bool) -> PresentedClient {
    PresentedClient { id: "app".into(), secret: confidential.then(|| Digest::of(b"secret")), method: Method::Body }
}

fn code() -> AuthorizationCode<'static> {
    AuthorizationCode {
        client_id: "app",
        redirect_uri: URI,
        challenge: Some(CHALLENGE),
        used_at: None,
        expires_at: Timestamp::from_millis(NOW.millis() + 1),
    }
}

#[test]
fn t17_each_fault_alone_is_refused() {
    let verdict = |code, uri, verifier: &str| {
        [true, false].map(|confidential| decide(&client(confidential), code, uri, Proof::of(verifier).as_ref(), NOW))
    };
    let refused = [Err(OAuthRefusal::InvalidGrant); 2];
    assert_eq!(verdict(Some(code()), URI, VERIFIER), [Ok(()); 2]);
    let faults = [
        None,
        Some(AuthorizationCode { client_id: "another", ..code() }),
        Some(AuthorizationCode { used_at: Some(NOW), ..code() }),
        Some(AuthorizationCode { expires_at: NOW, ..code() }),
        Some(AuthorizationCode { redirect_uri: "https://app.example/cb/", ..code() }),
        Some(AuthorizationCode { challenge: Some(VERIFIER), ..code() }),
    ];
    for fault in faults {
        assert_eq!(verdict(fault, URI, VERIFIER), refused, "{fault:?}");
    }
    for uri in ["", "https://app.example/cb/x", "https://app.example/", "https://other.example/cb"] {
        assert_eq!(verdict(Some(code()), uri, VERIFIER), refused, "A3: {uri}");
    }
}

#[test]
fn a6_challenge_and_verifier_come_together_or_not_at_all() {
    let with = |confidential: bool, challenge: Option<&'static str>, verifier: &str| {
        let code = AuthorizationCode { challenge, ..code() };
        decide(&client(confidential), Some(code), URI, Proof::of(verifier).as_ref(), NOW).is_ok()
    };
    let wrong = "x".repeat(43);
    for confidential in [true, false] {
        assert!(with(confidential, Some(CHALLENGE), VERIFIER));
        assert!(!with(confidential, Some(CHALLENGE), ""));
        assert!(!with(confidential, Some(CHALLENGE), &wrong));
        assert!(!with(confidential, None, VERIFIER));
    }
    assert!(with(true, None, ""));
    assert!(!with(false, None, ""), "A4: nothing proves that it is the client that asked");
}
