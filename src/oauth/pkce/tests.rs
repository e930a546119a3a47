use proptest::prelude::*;

use super::{Challenge, Proof, Rules};
use crate::domain::profile::Profile;
use crate::oauth::refusal::OAuthRefusal;

const COMPATIBLE: Rules = Rules { plain: true, sdk_form: true };
const STRICT: Rules = Rules { plain: false, sdk_form: false };

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const RFC: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Verifier and challenge as `@livechat/accounts-sdk` 2.1.3 itself made them.
const SDK: [(&str, &str); 3] = [
    (
        VERIFIER,
        "MzMyNjAzMDMwLDQzNzk2NzA4NCw3OTAwMTYyNjgsMTI4NTA0MTY3MiwxOTkwNzUyNDI5LDE4NDQ1MjgyMTQsMTg2MDI3NDUwNiwtODgxNzg4NDc3",
    ),
    (
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "MTc0ODQyMjQxOSwtMTE2MTU1OTgzMSwyNzM3MDc0NjksMTc5NDQwNDQ4NCwtNTQyMzMxNTcwLDE1ODAyMTU0NDQsLTEwNzQ5Nzc1NjgsMzMwMjgyODE0",
    ),
    (
        "0123456789ABCDEFGHIJKLMNOPQRSTUVXYZabcdefghijklmnopqrstuvwxyz-._~",
        "LTEzNDYwMDk1MTYsNDc0NzM2Nzk4LC0xMDY1MTAzNjAwLC0xOTc1NzY3NzAsLTEzMDA2MzEwOTcsNDExMTczMzI3LC01MjcwNzcyNTQsMjAyNTk5NzU3MQ",
    ),
];

fn s256(text: &str) -> Challenge {
    Challenge::S256(text.to_owned())
}

#[test]
fn a5_the_vector_of_rfc_7636_verifies() {
    assert_eq!(Challenge::parse(Some(RFC), Some("S256"), STRICT), Ok(Some(s256(RFC))));
    assert!(s256(RFC).verify(VERIFIER));
    assert_eq!(Proof::of(VERIFIER).map(|proof| proof.s256().to_owned()).as_deref(), Some(RFC));
}

#[test]
fn a5_what_the_sdk_sends_verifies_in_the_compatible_profile_only() {
    for (verifier, challenge) in SDK {
        assert_eq!(Challenge::parse(Some(challenge), Some("S256"), COMPATIBLE), Ok(Some(s256(challenge))));
        assert!(Challenge::parse(Some(challenge), Some("S256"), STRICT).is_err());
        assert!(s256(challenge).verify(verifier));
        assert!(!s256(challenge).verify(&verifier.replace(['a', 'd', '0'], "b")));
    }
}

#[test]
fn a5_the_length_alone_decides_which_form_is_compared() {
    let proof = Proof::of(VERIFIER);
    let answers = |digest: &str| proof.as_ref().is_some_and(|proof| proof.answers(digest));
    let (_, sdk) = SDK[0];
    assert!(answers(RFC) && answers(sdk));
    // Cut or padded to the other's length, neither is taken.
    assert!(!answers(&sdk.chars().take(43).collect::<String>()));
    assert!(!answers(&format!("{RFC}{}", "A".repeat(sdk.len() - RFC.len()))));
    assert!(!answers(VERIFIER), "a verifier is never compared with itself");
}

#[test]
fn a5_plain_is_refused_where_s256_is_required() {
    let plain = Ok(Some(Challenge::Plain(VERIFIER.to_owned())));
    for method in [None, Some(""), Some("plain"), Some("PLAIN")] {
        assert_eq!(Challenge::parse(Some(VERIFIER), method, COMPATIBLE), plain, "{method:?}");
        let required = Rules { plain: false, ..COMPATIBLE };
        for rules in [STRICT, required] {
            let refused = Challenge::parse(Some(VERIFIER), method, rules);
            assert!(matches!(refused, Err(OAuthRefusal::InvalidRequest(_))), "{method:?}");
        }
    }
    assert_eq!(Challenge::parse(Some(RFC), Some("s256"), COMPATIBLE), Ok(Some(s256(RFC))));
    for method in ["S512", "none", "S256 ", "plain,S256"] {
        assert!(Challenge::parse(Some(RFC), Some(method), COMPATIBLE).is_err(), "{method}");
    }
    assert!(Challenge::Plain(VERIFIER.to_owned()).verify(VERIFIER));
    assert!(!Challenge::Plain(VERIFIER.to_owned()).verify(RFC));
}

#[test]
fn a5_the_rules_of_profile_and_client() {
    let of = Rules::of;
    assert_eq!(of(Profile::Compatible, false, false), COMPATIBLE);
    assert_eq!(of(Profile::Compatible, false, true), Rules { plain: false, sdk_form: true });
    for (profile, strict, require) in
        [(Profile::Compatible, true, false), (Profile::Strict, false, false), (Profile::Strict, true, true)]
    {
        assert_eq!(of(profile, strict, require), STRICT);
    }
}

#[test]
fn a6_an_empty_challenge_is_none() {
    for method in [None, Some("S256"), Some("plain"), Some("nonsense")] {
        for challenge in [None, Some("")] {
            assert_eq!(Challenge::parse(challenge, method, COMPATIBLE), Ok(None));
        }
    }
}

#[test]
fn a6_malformed_challenges_and_verifiers_are_refused() {
    let refused = |challenge: &str, method: &str| Challenge::parse(Some(challenge), Some(method), COMPATIBLE).is_err();
    for (length, expected) in [(42, true), (43, false), (128, false), (129, true)] {
        let text = "a".repeat(length);
        assert_eq!(refused(&text, "plain"), expected, "{length}");
        assert_eq!(Proof::of(&text).is_none(), expected, "{length}");
    }
    for odd in [" ", "+", "/", "=", "\u{e9}", "%", "\n", "\0"] {
        let text = format!("{}{odd}", "a".repeat(60));
        assert!(refused(&text, "plain") && Proof::of(&text).is_none(), "{odd:?}");
    }
    let words = |text: &str| base64::Engine::encode(&super::URL_SAFE_NO_PAD, text);
    let (seven, leading) = ("1000000000,".repeat(7), format!("{}01", "1000000000,".repeat(7)));
    let (nine, wide) = (format!("{}1", "1000000000,".repeat(8)), format!("{}2147483648", "1000000000,".repeat(7)));
    assert!(!refused(&words(&format!("{seven}-2147483648")), "S256"));
    for text in [seven.trim_end_matches(','), &leading, &nine, &wide, &format!("{seven}+1"), &format!("{seven} 1")] {
        assert!(refused(&words(text), "S256"), "{text}");
    }
    // Padding, the other alphabet, bits that nothing decodes to, a text of the wrong length.
    for text in [format!("{RFC}="), RFC.replace('-', "+"), RFC.replace("-cM", "-cN"), "A".repeat(44)] {
        assert!(refused(&text, "S256"), "{text}");
    }
}

#[test]
fn no_stored_digest_is_the_verifier() {
    assert_eq!(Challenge::Plain(VERIFIER.to_owned()).digest(), RFC);
    assert_eq!(s256(RFC).digest(), RFC);
    for challenge in [Challenge::Plain(VERIFIER.to_owned()), s256(RFC)] {
        assert_eq!(Challenge::kept(challenge.method(), challenge.text()), Some(challenge));
    }
    assert_eq!(Challenge::kept("none", RFC), None);
}

proptest! {
    #[test]
    fn a_challenge_is_answered_by_its_verifier_alone(one in "[A-Za-z0-9._~-]{43,128}", other in "[A-Za-z0-9._~-]{43,128}") {
        let proof = Proof::of(&one);
        let digests = proof.map(|proof| [proof.s256().to_owned(), proof.sdk().to_owned()]).unwrap_or_default();
        for challenge in [Challenge::Plain(one.clone()), s256(&digests[0]), s256(&digests[1])] {
            prop_assert_eq!(Challenge::parse(Some(challenge.text()), Some(challenge.method()), COMPATIBLE), Ok(Some(challenge.clone())));
            prop_assert!(challenge.verify(&one));
            prop_assert_eq!(challenge.verify(&other), one == other);
        }
    }
}
