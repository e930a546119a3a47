use std::sync::Arc;

use super::{Known, MAX_BYTES, MAX_ENTRIES, Recent, Size};
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::verified::Verified;

const START: Timestamp = Timestamp::from_millis(0);

fn token(number: usize) -> Digest {
    Digest::of(&number.to_be_bytes())
}

fn known(scope: &str) -> Known {
    let verified = Verified {
        verified_at_ms: 0,
        account: AccountId::from_bytes([1; 16]),
        organization: OrganizationId::from_bytes([2; 16]),
        client_id: None,
        scope: scope.to_owned(),
        expires_at_ms: 1,
        sealed_refresh: None,
    };
    Known { verified: Arc::new(verified), learned_at: START, put_at: None }
}

#[test]
fn many_small_entries_are_bounded_by_their_number_and_the_newest_half_is_there() {
    let mut recent = Recent::default();
    for number in 0..5 * MAX_ENTRIES {
        recent.keep(token(number), known("accounts--my:ro"));
        assert!(recent.size().entries <= MAX_ENTRIES, "{number}");
        let newest = number.saturating_sub(MAX_ENTRIES / 2 - 1);
        for known in [number, newest, usize::midpoint(number, newest)] {
            assert!(recent.get(&token(known)).is_some(), "{known} of {number}");
        }
    }
    assert!(recent.get(&token(0)).is_none());
}

#[test]
fn large_entries_are_bounded_by_their_bytes() {
    let mut recent = Recent::default();
    let scope = "x".repeat(10_000);
    for number in 0..5_000 {
        recent.keep(token(number), known(&scope));
        assert!(recent.size().bytes <= MAX_BYTES, "{number}");
    }
    let Size { entries, bytes } = recent.size();
    assert!(entries > 300 && bytes > MAX_BYTES / 2, "{entries} entries, {bytes} bytes: the room is used");
    recent.keep(token(0), known(&"x".repeat(MAX_BYTES)));
    assert!(recent.get(&token(0)).is_none(), "what does not fit is not kept");
    assert_eq!(recent.size(), Size { entries, bytes }, "and drives nothing out");
}

#[test]
fn one_token_kept_again_and_again_takes_the_room_of_one() {
    let mut recent = Recent::default();
    recent.keep(token(0), known("a"));
    let once = recent.size();
    for _ in 0..3 * MAX_ENTRIES {
        recent.keep(token(0), known("a"));
        assert_eq!(recent.size(), once);
    }
    recent.keep(token(0), known("a longer scope"));
    assert_eq!(recent.size().bytes, once.bytes + "a longer scope".len() - 1);
    recent.forget(&token(0));
    assert_eq!(recent.size(), Size::default());
}

#[test]
fn what_is_replaced_or_forgotten_in_the_old_generation_is_gone_there_too() {
    let mut recent = Recent::default();
    for number in 0..MAX_ENTRIES {
        recent.keep(token(number), known("a"));
    }
    let full = recent.size();
    recent.keep(token(0), known("new"));
    assert_eq!(recent.get(&token(0)).map(|known| known.verified.scope.as_str()), Some("new"));
    recent.forget(&token(1));
    assert!(recent.get(&token(1)).is_none());
    assert!(recent.size().entries < full.entries);
    assert!(recent.get_mut(&token(2)).is_none(), "the oldest generation went when token 0 came back");
}
