use super::*;
use crate::oauth::client::Method;
use crate::oauth::digest::Digest;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn client(confidential: bool) -> PresentedClient {
    PresentedClient { id: "app".into(), secret: confidential.then(|| Digest::of(b"secret")), method: Method::Body }
}

fn scopes(list: &[&str]) -> Vec<String> {
    list.iter().map(|&scope| scope.to_owned()).collect()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(NOW.millis() + millis)
}

#[test]
fn t17_each_fault_alone_is_refused() {
    let granted = ScopeList::from_iter(["accounts--all:rw"]);
    let good =
        RefreshToken { client_id: "app", expires_at: at(1), used_at: None, sealed_successor: None, granted: &granted };
    let verdict = |token| decide(&client(false), token, None, NOW);
    assert_eq!(verdict(Some(good)), Ok(Verdict::Issue));
    let faults = [
        None,
        Some(RefreshToken { client_id: "another", ..good }),
        Some(RefreshToken { expires_at: NOW, ..good }),
        Some(RefreshToken { used_at: Some(NOW), ..good }),
        Some(RefreshToken { used_at: Some(at(-10_001)), sealed_successor: Some("sealed"), ..good }),
    ];
    for fault in faults {
        assert_eq!(verdict(fault), Err(OAuthRefusal::InvalidGrant), "{fault:?}");
    }
}

#[test]
fn t3_the_window_is_ten_seconds_and_for_public_clients_only() {
    let granted = ScopeList::default();
    let used = |millis| RefreshToken {
        client_id: "app",
        expires_at: at(1),
        used_at: Some(at(millis)),
        sealed_successor: Some("sealed"),
        granted: &granted,
    };
    for millis in [0, -9_900, -10_000] {
        assert_eq!(decide(&client(false), Some(used(millis)), None, NOW), Ok(Verdict::Repeat("sealed")));
        assert_eq!(decide(&client(true), Some(used(millis)), None, NOW), Err(OAuthRefusal::InvalidGrant));
    }
    assert_eq!(decide(&client(false), Some(used(-10_001)), None, NOW), Err(OAuthRefusal::InvalidGrant));
}

#[test]
fn t4_a_scope_may_only_narrow() {
    let granted = ScopeList::from_iter(["accounts--all:rc", "sessions--my:ro"]);
    let token =
        RefreshToken { client_id: "app", expires_at: at(1), used_at: None, sealed_successor: None, granted: &granted };
    let verdict = |list: &[&str]| decide(&client(false), Some(token), Some(&scopes(list).into_iter().collect()), NOW);
    for narrower in [&["accounts--my:ro"][..], &["accounts--all:rc", "sessions--my:ro"], &["accounts--all:ro"]] {
        assert_eq!(verdict(narrower), Ok(Verdict::Issue), "{narrower:?}");
    }
    for wider in [&["accounts--all:rw"][..], &["sessions--my:rw"], &["accounts--my:ro", "reports_read"]] {
        assert_eq!(verdict(wider), Err(OAuthRefusal::InvalidScope), "{wider:?}");
    }
}

#[test]
fn a_pair_survives_its_text() {
    let narrowed = scopes(&["a:ro", "b--my:rw"]).into_iter().collect();
    for requested in [None, Some(narrowed)] {
        let pair = Pair { access_token: "dal:a".into(), refresh_token: "r".into(), requested };
        assert_eq!(Pair::from_text(&pair.to_text()), Some(pair));
    }
    assert_eq!(Pair::from_text("dal:a"), None);
}
