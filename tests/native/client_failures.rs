//! How often a client may present a secret that is not its own (rows T1, E3, E4).

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::client::{Answer, World};
use crate::support::oauth::{SECRET, SignedIn};

const LIMIT: &[(&str, &str)] = &[("CLIENT_FAILURES", "5")];

fn refresh(signed: &SignedIn, secret: Option<&str>) -> Answer {
    let mut body = json!({
        "grant_type": "refresh_token", "client_id": signed.client_id, "refresh_token": signed.refresh_token,
    });
    if let Some(secret) = secret {
        body["client_secret"] = Value::from(secret);
    }
    signed.world.ask_token(Some("application/json"), None, "/v2/token", &body.to_string())
}

#[test]
fn e4_twenty_wrong_secrets_at_once_are_looked_at_no_more_often_than_the_limit() {
    let signed = World::with(LIMIT).signed_in(Some(SECRET), &["accounts--my:ro"]);
    let before = signed.world.count("access_token");
    let statuses = at_once(20, || refresh(&signed, Some("a-wrong-secret")).status);
    let of = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((of(StatusCode::UNAUTHORIZED), of(StatusCode::TOO_MANY_REQUESTS)), (5, 15), "{statuses:?}");
    let refused = refresh(&signed, Some(SECRET));
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "the right one, too: {}", refused.text);
    assert_eq!((refused.header("retry-after"), refused.calls.database), ("900", 1));
    assert_eq!(signed.world.count("access_token"), before, "nothing was given");
    // Nobody elsewhere keeps the real client out, and waiting helps.
    signed.world.come_from("198.51.100.1");
    assert_eq!(refresh(&signed, Some(SECRET)).status, StatusCode::OK);
    signed.world.come_from("192.0.2.1");
    signed.world.clock.advance(Duration::from_mins(15));
    assert_eq!(refresh(&signed, Some(SECRET)).status, StatusCode::OK);
}

#[test]
fn t1_a_missing_secret_and_an_unknown_client_count_and_a_right_one_does_not() {
    let signed = World::with(LIMIT).signed_in(Some(SECRET), &["accounts--my:ro"]);
    for _ in 0..20 {
        assert_eq!(refresh(&signed, Some(SECRET)).status, StatusCode::OK);
    }
    assert_eq!(signed.world.rows("throttle WHERE bucket LIKE 'client_secret:%'"), 0);
    for _ in 0..5 {
        assert_eq!(refresh(&signed, None).status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(refresh(&signed, None).status, StatusCode::TOO_MANY_REQUESTS);
    let unknown = SignedIn { client_id: "f".repeat(32), ..signed.clone() };
    for _ in 0..5 {
        assert_eq!(refresh(&unknown, Some(SECRET)).status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(refresh(&unknown, Some(SECRET)).status, StatusCode::TOO_MANY_REQUESTS);
    let named = signed.world.database.dump();
    assert!(!named.iter().any(|(table, _, text)| table == "throttle" && text.contains(&signed.client_id)));
}

#[test]
fn e4_wrong_secrets_with_codes_count_with_those_of_refreshes() {
    let signed = World::with(LIMIT).signed_in(Some(SECRET), &["accounts--my:ro"]);
    let whom = [&*signed.client_id, &*signed.account, &*signed.organization, &*signed.session];
    let code = signed.world.plant_code(whom, &["accounts--my:ro"], "https://app.example.com/cb", None).expect("alive");
    let exchange = |secret: &str| {
        let body = json!({
            "grant_type": "authorization_code", "client_id": signed.client_id, "client_secret": secret, "code": code,
            "redirect_uri": "https://app.example.com/cb",
        });
        signed.world.ask_token(Some("application/json"), None, "/v2/token", &body.to_string())
    };
    for _ in 0..3 {
        assert_eq!(exchange("a-wrong-secret").status, StatusCode::UNAUTHORIZED);
        refresh(&signed, Some("a-wrong-secret"));
    }
    assert_eq!(exchange(SECRET).status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(signed.world.rows("authorization_code WHERE used_at IS NOT NULL"), 0, "the code was not used up");
    signed.world.come_from("198.51.100.1");
    assert_eq!(exchange(SECRET).status, StatusCode::OK);
}
