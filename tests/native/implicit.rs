//! The access token of the implicit grant, given by the statements that the consent page uses.

use std::time::Duration;

use http::StatusCode;

use crate::support::client::World;
use crate::support::oauth::SignedIn;

const SCOPES: &[&str] = &["accounts--my:rw", "sessions--my:rw"];

/// A person at an application that holds nothing yet.
fn at(world: World) -> SignedIn {
    let app = world.signed_in(None, SCOPES);
    app.world.database.execute("DELETE FROM refresh_family");
    app.world.database.execute("DELETE FROM session_application");
    app
}

#[test]
fn it_is_an_access_token_and_nothing_more() {
    let app = at(World::default());
    let audited = |action: &str| -> i64 {
        app.world.database.value(&format!(
            "SELECT count(*) FROM audit_log JOIN audit_detail USING (audit_id)
             WHERE action = '{action}' AND client_id = '{}'",
            app.client_id
        ))
    };
    let before = audited("token.issue");
    let given = app.world.plant_implicit(app.whom(), SCOPES).expect("everything is alive");
    assert_eq!(given.expires_in, Duration::from_hours(8));
    assert_eq!((app.live(), audited("token.issue")), ((0, 1, 0), before + 1), "no refresh family");
    let client = app.bearer(&given.access_token);
    let info = client.get("/v2/info").json();
    assert_eq!(
        (info["scope"].as_str(), info["expires_in"].as_u64()),
        (Some("accounts--my:rw,sessions--my:rw"), Some(28_800))
    );
    assert_eq!(info.get("refresh_token"), None);
    let sessions = client.get("/v2/sessions").json();
    assert_eq!(sessions[0]["applications"][0]["client_id"], app.client_id);
    assert_eq!(client.delete("/v2/token").status, StatusCode::OK);
    assert_eq!((app.live(), client.get("/v2/accounts/me").status), ((0, 0, 0), StatusCode::UNAUTHORIZED));
}

#[test]
fn nothing_is_given_unless_everything_is_alive() {
    let ends = [
        "UPDATE session SET ended_at = 1",
        "UPDATE session SET mfa_pending = 1",
        "UPDATE session SET idle_expires_at = 1",
        "UPDATE session SET expires_at = 1",
        "UPDATE account SET token_epoch = token_epoch + 1",
        "UPDATE membership SET suspended = 1",
        "DELETE FROM client WHERE product IS NULL",
    ];
    for end in ends {
        let app = at(World::default());
        app.world.database.execute(end);
        let rows = (app.world.count("access_token"), app.world.count("audit_log"));
        assert!(app.world.plant_implicit(app.whom(), SCOPES).is_none(), "{end}");
        assert_eq!((app.world.count("access_token"), app.world.count("audit_log")), rows, "{end}");
        assert_eq!(app.world.count("session_application"), 0, "{end}");
    }
    let mut app = at(World::default());
    app.client_id = "1887ed48fa338511da234a28cd8b750a".to_owned();
    assert!(app.world.plant_implicit(app.whom(), SCOPES).is_none(), "a product that the organization lacks");
}

#[test]
fn at_most_so_many_of_one_client_and_account() {
    let app = at(World::with(&[("TOKENS_PER_CLIENT", "3")]));
    let mut given = Vec::new();
    for _ in 0..5 {
        app.world.clock.advance(Duration::from_secs(1));
        given.push(app.world.plant_implicit(app.whom(), SCOPES).expect("a token").access_token);
    }
    let lives = |token: &String| app.bearer(token).get("/v2/accounts/me").status == StatusCode::OK;
    assert_eq!(given.iter().map(lives).collect::<Vec<_>>(), [false, false, true, true, true]);
    assert_eq!(app.owner.get("/v2/accounts/me").status, StatusCode::OK, "other tokens do not count");
}

#[test]
fn it_ends_with_its_session() {
    let app = at(World::default());
    let token = app.world.plant_implicit(app.whom(), SCOPES).expect("a token").access_token;
    assert_eq!(app.owner.delete("/v2/sessions").status, StatusCode::OK);
    assert_eq!((app.live(), app.bearer(&token).get("/v2/accounts/me").status), ((0, 0, 0), StatusCode::UNAUTHORIZED));
}
