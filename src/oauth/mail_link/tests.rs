use std::collections::BTreeSet;

use super::*;
use crate::oauth::keys::{KeyRing, MasterSecret};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const LATER: Timestamp = Timestamp::from_millis(1_700_000_060_123);

fn secret(id: u8) -> MasterSecret {
    MasterSecret { id, bytes: vec![id + 1; 32] }
}

fn issuer(keys: &KeyRing) -> Issuer<'_> {
    Issuer { keys, region: "dal", context: &[] }
}

fn row(random: u8) -> MailTokenId {
    MailTokenId::new(NOW, &[random; 10])
}

#[test]
fn the_same_row_gives_the_same_link_and_no_other_row_or_purpose_does() {
    let keys = KeyRing::new(&secret(0), None);
    let mut texts = BTreeSet::new();
    for purpose in Purpose::ALL {
        for row in [row(1), row(2)] {
            let minted = mint(issuer(&keys), purpose.kind(), row, LATER).expect("a live key");
            assert_eq!(
                mint_again(issuer(&keys), purpose.kind(), row, LATER, &minted.digest),
                Some(minted.text.clone()),
                "{purpose:?}"
            );
            let opened = envelope::open(issuer(&keys), purpose.kind(), &minted.text, NOW).expect("genuine");
            assert_eq!(opened.digest, minted.digest);
            texts.insert(minted.digest.as_str().to_owned());
        }
    }
    assert_eq!(texts.len(), 2 * Purpose::ALL.len(), "every identifier is its own");
}

#[test]
fn f3_a_rotated_secret_writes_the_old_link_again_and_a_retired_one_does_not() {
    let before = KeyRing::new(&secret(0), None);
    let minted = mint(issuer(&before), Kind::Reset, row(1), LATER).expect("a live key");
    let rotated = KeyRing::new(&secret(1), Some(&secret(0)));
    let again = mint_again(issuer(&rotated), Kind::Reset, row(1), LATER, &minted.digest);
    assert_eq!(again, Some(minted.text.clone()));
    assert!(envelope::open(issuer(&rotated), Kind::Reset, &minted.text, NOW).is_ok());
    let new = mint(issuer(&rotated), Kind::Reset, row(1), LATER).expect("a live key");
    assert_ne!(new.digest, minted.digest, "the identifier is as secret as its key");
    let retired = KeyRing::new(&secret(1), None);
    assert_eq!(mint_again(issuer(&retired), Kind::Reset, row(1), LATER, &minted.digest), None);
}

#[test]
fn purposes_have_their_own_names_types_and_pages() {
    let names: BTreeSet<_> = Purpose::ALL.map(Purpose::name).into();
    let kinds: BTreeSet<_> = Purpose::ALL.map(|purpose| purpose.kind() as u8).into();
    let paths: BTreeSet<_> = Purpose::ALL.map(Purpose::path).into();
    assert_eq!([names.len(), kinds.len(), paths.len()], [Purpose::ALL.len(); 3]);
    for purpose in Purpose::ALL {
        assert_eq!(Purpose::of(purpose.name()), Some(purpose));
    }
    let link = Purpose::Reset.link("https://accounts.example.com", "dal:abc");
    assert_eq!(link, "https://accounts.example.com/reset?token=dal:abc");
}
