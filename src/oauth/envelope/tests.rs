//! Rows F1-F4, F7 and T6 at the level of the envelope.

use proptest::prelude::*;

use super::*;
use crate::oauth::keys::MasterSecret;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const LATER: Timestamp = Timestamp::from_millis(1_700_000_060_000);

fn secret(id: u8) -> MasterSecret {
    MasterSecret { id, bytes: vec![id + 1; 32] }
}

fn ring() -> KeyRing {
    KeyRing::new(&secret(0), None)
}

fn issuer<'a>(keys: &'a KeyRing, region: &'a str) -> Issuer<'a> {
    Issuer { keys, region, context: &[] }
}

fn minted(keys: &KeyRing, kind: Kind, expires_at: Option<Timestamp>) -> String {
    mint(issuer(keys, "dal"), kind, &[7; RANDOM_BYTES], expires_at).map(|minted| minted.text).unwrap_or_default()
}

#[test]
fn a_token_opens_until_its_second_has_come() {
    let text = minted(&ring(), Kind::Access, Some(LATER));
    assert_eq!(text.len(), "dal:".len() + TEXT_BYTES);
    let opened = open(issuer(&ring(), "dal"), Kind::Access, &text, NOW);
    assert_eq!(opened, Ok(Opened { id: [7; 16], digest: Digest::of(&[7; 16]), expires_at: Some(LATER) }));
    let just_before = Timestamp::from_millis(LATER.millis() - 1);
    assert!(open(issuer(&ring(), "dal"), Kind::Access, &text, just_before).is_ok());
    assert_eq!(open(issuer(&ring(), "dal"), Kind::Access, &text, LATER), Err(Rejected::Expired), "F2");
}

#[test]
fn exactly_one_colon_except_in_refresh_tokens() {
    for kind in Kind::ALL {
        let colons = minted(&ring(), kind, Some(LATER)).matches(':').count();
        assert_eq!(colons, usize::from(kind != Kind::Refresh), "{kind:?}");
    }
}

#[test]
fn t6_no_type_is_accepted_as_another() {
    for minted_as in Kind::ALL {
        let text = minted(&ring(), minted_as, Some(LATER));
        let bare = text.trim_start_matches("dal:");
        for opened_as in Kind::ALL {
            for form in [text.clone(), bare.to_owned(), format!("dal:{bare}")] {
                let accepted = open(issuer(&ring(), "dal"), opened_as, &form, NOW).is_ok();
                assert_eq!(accepted, minted_as == opened_as && form == text, "{minted_as:?} as {opened_as:?}");
            }
        }
    }
}

#[test]
fn only_a_personal_token_may_have_no_expiry() {
    for kind in Kind::ALL {
        let opened = open(issuer(&ring(), "dal"), kind, &minted(&ring(), kind, None), NOW);
        assert_eq!(opened.is_ok(), kind == Kind::Personal, "{kind:?}");
    }
}

#[test]
fn f1_every_single_bit_flip_is_refused() {
    let text = minted(&ring(), Kind::Access, Some(LATER));
    let raw = URL_SAFE_NO_PAD.decode(text.trim_start_matches("dal:")).unwrap_or_default();
    assert_eq!(raw.len(), RAW_BYTES);
    for bit in 0..RAW_BYTES * 8 {
        let mut flipped = raw.clone();
        if let Some(byte) = flipped.get_mut(bit / 8) {
            *byte ^= 1 << (bit % 8);
        }
        let forged = format!("dal:{}", URL_SAFE_NO_PAD.encode(flipped));
        assert_eq!(open(issuer(&ring(), "dal"), Kind::Access, &forged, NOW), Err(Rejected::Unverified), "bit {bit}");
    }
}

#[test]
fn f1_truncated_extended_and_foreign_tokens_are_refused() {
    let text = minted(&ring(), Kind::Access, Some(LATER));
    for end in 0..text.len() {
        assert!(open(issuer(&ring(), "dal"), Kind::Access, text.get(..end).unwrap_or_default(), NOW).is_err(), "{end}");
    }
    let refused = [
        format!("{text}A"),
        format!(" {text}"),
        format!("{text}:"),
        text.replace("dal:", "fra:"),
        text.replace("dal:", "DAL:"),
    ];
    for other in refused {
        assert!(open(issuer(&ring(), "dal"), Kind::Access, &other, NOW).is_err(), "{other}");
    }
    assert_eq!(
        open(issuer(&ring(), "fra"), Kind::Access, &text.replace("dal:", "fra:"), NOW),
        Err(Rejected::Unverified)
    );
    let refresh = minted(&ring(), Kind::Refresh, Some(LATER));
    assert_eq!(
        open(issuer(&ring(), "fra"), Kind::Refresh, &refresh, NOW),
        Err(Rejected::Unverified),
        "region is in the tag"
    );
}

#[test]
fn f4_one_token_has_one_spelling() {
    let text = minted(&ring(), Kind::Access, Some(LATER));
    let mut variants = vec![format!("{text}="), format!("{text}=="), text.replace(':', "%3A")];
    let last = text.chars().last().unwrap_or_default();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let stem = text.get(..text.len() - 1).unwrap_or_default();
    variants.extend(alphabet.chars().filter(|c| *c != last).map(|c| format!("{stem}{c}")));
    variants.extend([text.replace('-', "+"), text.replace('_', "/")].into_iter().filter(|other| *other != text));
    for variant in variants {
        assert!(open(issuer(&ring(), "dal"), Kind::Access, &variant, NOW).is_err(), "{variant}");
    }
}

#[test]
fn f3_two_key_ids_live_and_a_retired_one_is_refused() {
    let old = minted(&KeyRing::new(&secret(0), None), Kind::Access, Some(LATER));
    let overlap = KeyRing::new(&secret(1), Some(&secret(0)));
    assert!(open(issuer(&overlap, "dal"), Kind::Access, &old, NOW).is_ok());
    assert!(open(issuer(&overlap, "dal"), Kind::Access, &minted(&overlap, Kind::Access, Some(LATER)), NOW).is_ok());
    let after = KeyRing::new(&secret(1), None);
    assert_eq!(open(issuer(&after, "dal"), Kind::Access, &old, NOW), Err(Rejected::Unverified));
    let same_id_other_secret = KeyRing::new(&MasterSecret { id: 0, bytes: vec![9; 32] }, None);
    assert_eq!(open(issuer(&same_id_other_secret, "dal"), Kind::Access, &old, NOW), Err(Rejected::Unverified));
}

#[test]
fn z8_a_token_opens_only_in_its_context() {
    let keys = ring();
    let inside = Issuer { context: b"accounts", ..issuer(&keys, "dal") };
    let text =
        mint(inside, Kind::Cursor, &[7; RANDOM_BYTES], Some(LATER)).map(|minted| minted.text).unwrap_or_default();
    assert!(open(inside, Kind::Cursor, &text, NOW).is_ok());
    for context in [b"".as_slice(), b"account", b"accounts2"] {
        assert!(open(Issuer { context, ..inside }, Kind::Cursor, &text, NOW).is_err());
    }
}

#[test]
fn malformed_is_told_apart_from_unverified() {
    for text in ["", "dal", ":", "dal:", ":abc", "dal:ab c", "dal:a:b", "d\u{e1}l:abc", "dal:abc="] {
        assert_eq!(open(issuer(&ring(), "dal"), Kind::Access, text, NOW), Err(Rejected::Malformed), "{text}");
    }
    assert_eq!(open(issuer(&ring(), "dal"), Kind::Access, "dal:abc", NOW), Err(Rejected::Unverified));
}

proptest! {
    #[test]
    fn no_text_panics_and_no_random_text_opens(text in ".{0,80}", body in "[A-Za-z0-9_-]{51}") {
        for kind in Kind::ALL {
            prop_assert!(open(issuer(&ring(), "dal"), kind, &text, NOW).is_err());
            let forged = format!("dal:{body}");
            prop_assert!(open(issuer(&ring(), "dal"), kind, &forged, NOW).is_err());
        }
    }
}
