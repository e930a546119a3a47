//! The token endpoint's errors: status, code, challenge, and that nothing else happened.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::client::{Answer, World};
use crate::support::oauth::{SECRET, SignedIn, text, tokens};
use crate::support::sqlite::Fault;

const SCOPES: &[&str] = &["accounts--my:rw"];
const JSON: Option<&str> = Some("application/json");
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fn refused(answer: &Answer, status: StatusCode, error: &str) {
    assert_eq!((answer.status, text(answer, "error").as_str()), (status, error), "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let names: Vec<String> = answer.json().as_object().expect("an object").keys().cloned().collect();
    assert_eq!(
        names.iter().filter(|name| ["error", "error_description", "request_id"].contains(&name.as_str())).count(),
        3
    );
}

fn invalid_request(answer: &Answer) {
    refused(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_request");
    assert_eq!(answer.calls.database, 0);
}

fn confidential() -> SignedIn {
    World::default().signed_in(Some(SECRET), SCOPES)
}

#[test]
fn a_missing_parameter_is_an_invalid_request() {
    let app = confidential();
    for name in ["grant_type", "client_id", "refresh_token"] {
        for absent in [Value::Null, json!("")] {
            let answer = app.refresh_with(&app.refresh_token, &[(name, absent)]);
            invalid_request(&answer);
            assert!(text(&answer, "error_description").contains(name), "{}", answer.text);
        }
    }
    invalid_request(&app.world.ask_token(None, None, "/v2/token", ""));
    assert_eq!(app.live(), (1, 1, 1));
}

#[test]
fn t7_an_unknown_grant_is_unsupported() {
    let app = confidential();
    for grant in ["password", "client_credentials", "implicit", "token", "Code", "REFRESH_TOKEN"] {
        let answer = app.refresh_with(&app.refresh_token, &[("grant_type", json!(grant))]);
        refused(&answer, StatusCode::FORBIDDEN, "unsupported_grant_type");
        assert_eq!(answer.calls.database, 0);
    }
}

#[test]
fn t15_a11_a_repeated_parameter_is_refused_in_every_form() {
    let app = confidential();
    let form = format!(
        "grant_type=refresh_token&client_id={}&client_secret={SECRET}&refresh_token={}",
        app.client_id, app.refresh_token
    );
    let ask = |form, path: &str, body: &str| app.world.ask_token(form, None, path, body);
    for again in ["client_id=x", "refresh_token=y", "grant_type=refresh_token", "scope=&scope=", "client_secret="] {
        invalid_request(&ask(FORM, "/v2/token", &format!("{form}&{again}")));
        invalid_request(&ask(None, &format!("/v2/token?{form}&{again}"), ""));
        invalid_request(&ask(FORM, &format!("/v2/token?{again}"), &form));
    }
    let body = app.request(&app.refresh_token, &[]).to_string();
    let twice = body.replacen('{', r#"{"client_id":"x","#, 1);
    invalid_request(&ask(JSON, "/v2/token", &twice));
    invalid_request(&ask(JSON, "/v2/token?client_id=x", &body));
    assert_eq!(app.live(), (1, 1, 1));
    assert_eq!(ask(FORM, "/v2/token", &form).status, StatusCode::OK);
}

#[test]
fn t15_what_is_no_token_request_is_refused_cleanly() {
    let app = confidential();
    let body = app.request(&app.refresh_token, &[]).to_string();
    let ask = |form, body: &str| app.world.ask_token(form, None, "/v2/token", body);
    for content_type in ["multipart/form-data; boundary=x", "application/xml", "application/jsonx", "?", "text/html"] {
        invalid_request(&ask(Some(content_type), &body));
    }
    for broken in ["{", "[]", "\"x\"", "null", "a=b", &format!("{body}x"), r#"{"grant_type":1}"#, r#"{"scope":["a"]}"#]
    {
        invalid_request(&ask(JSON, broken));
    }
    invalid_request(&ask(FORM, &body));
    let large = "x".repeat(1 << 20);
    for form in [JSON, FORM] {
        let answer = ask(form, &large);
        refused(&answer, StatusCode::PAYLOAD_TOO_LARGE, "bad_request");
        assert_eq!(answer.calls.database, 0);
    }
    for path in ["/v2/token", "/token"] {
        let answer = app.world.anonymous().get(path);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::METHOD_NOT_ALLOWED, 0));
    }
    assert_eq!(app.live(), (1, 1, 1));
}

#[test]
fn t2_one_way_of_authentication_at_a_time() {
    let app = confidential();
    let basic = |id: &str, secret: &str| app.world.basic(id, secret).authorization().to_owned();
    let good = basic(&app.client_id, SECRET);
    let both = app.request(&app.refresh_token, &[]).to_string();
    invalid_request(&app.world.ask_token(JSON, Some(&good), "/v2/token", &both));
    let other = app.request(&app.refresh_token, &[("client_secret", Value::Null), ("client_id", json!("x"))]);
    invalid_request(&app.world.ask_token(JSON, Some(&good), "/v2/token", &other.to_string()));
    let twice = [("content-type", "application/json"), ("authorization", &good), ("authorization", &good)];
    let bare = app.request(&app.refresh_token, &[("client_secret", Value::Null)]).to_string();
    invalid_request(&app.world.with_headers(Method::POST, "/v2/token", &twice, bare.clone()));
    assert_eq!(app.live(), (1, 1, 1));
    let same = app.world.ask_token(JSON, Some(&good), "/v2/token", &bare);
    assert_eq!(same.status, StatusCode::OK, "the same client_id may be repeated: {}", same.text);
}

#[test]
fn t9_a_challenge_answers_only_a_header() {
    let app = confidential();
    let bare = app.request(&app.refresh_token, &[("client_secret", Value::Null)]).to_string();
    let header = |authorization: &str| app.world.ask_token(JSON, Some(authorization), "/v2/token", &bare);
    let wrong = [
        app.world.basic(&app.client_id, "wrong").authorization().to_owned(),
        app.world.basic(&app.client_id, "").authorization().to_owned(),
        format!("Bearer {}", app.access_token),
        "Basic !".into(),
        "Basic".into(),
        "Digest x".into(),
    ];
    for authorization in &wrong {
        let answer = header(authorization);
        refused(&answer, StatusCode::UNAUTHORIZED, "invalid_client");
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"accounts\"", "{authorization}");
    }
    let answer = app.refresh_with(&app.refresh_token, &[("client_secret", json!("wrong"))]);
    refused(&answer, StatusCode::UNAUTHORIZED, "invalid_client");
    assert_eq!(answer.header("www-authenticate"), "");
    let right = app.world.basic(&app.client_id, SECRET).authorization().to_owned();
    let unknown = app.request("x", &[("client_secret", Value::Null)]).to_string();
    let answer = app.world.ask_token(JSON, Some(&right), "/v2/token", &unknown);
    refused(&answer, StatusCode::UNAUTHORIZED, "invalid_grant");
    assert_eq!(answer.header("www-authenticate"), "", "the client is who it says it is");
    assert_eq!(app.live(), (1, 1, 1));
}

#[test]
fn t9_the_header_is_form_encoded() {
    let world = World::default();
    let app = world.signed_in(Some("a+b c%:d&e=f"), SCOPES);
    let bare = app.request(&app.refresh_token, &[("client_secret", Value::Null)]).to_string();
    let encoded: String = form_urlencoded::byte_serialize(b"a+b c%:d&e=f").collect();
    let header = world.basic(&app.client_id, &encoded).authorization().to_owned();
    assert_eq!(app.world.ask_token(JSON, Some(&header), "/v2/token", &bare).status, StatusCode::OK);
    let raw = world.basic(&app.client_id, "a+b c%:d&e=f").authorization().to_owned();
    refused(&app.world.ask_token(JSON, Some(&raw), "/v2/token", &bare), StatusCode::UNAUTHORIZED, "invalid_client");
}

#[test]
fn t17_wrong_client_and_wrong_token_are_each_refused_alone() {
    let app = confidential();
    let other = "0123456789abcdef0123456789abcde9";
    app.world.application(other, &app.organization, Some(SECRET));
    let answer = app.refresh_with(&app.refresh_token, &[("client_id", json!(other))]);
    refused(&answer, StatusCode::UNAUTHORIZED, "invalid_grant");
    let unknown = app.world.app();
    let end = Some(unknown.now().plus(std::time::Duration::from_mins(1)));
    let unknown = unknown.mint(global_accounts::oauth::envelope::Kind::Refresh, end).expect("randomness");
    refused(&app.refresh(&unknown.text), StatusCode::UNAUTHORIZED, "invalid_grant");
    assert_eq!(app.live(), (1, 1, 1));
}

#[test]
fn parameters_in_the_query_string_are_for_the_compatible_profile() {
    let app = confidential();
    let query = format!(
        "grant_type=refresh_token&client_id={}&client_secret={SECRET}&refresh_token={}",
        app.client_id, app.refresh_token
    );
    let path = format!("/v2/token?{query}");
    let strict = app.world.reconfigured(&[("PROFILE", "strict")]);
    invalid_request(&strict.ask_token(None, None, &path, ""));
    invalid_request(&strict.ask_token(FORM, None, &format!("/v2/token?client_secret={SECRET}"), &query));
    assert_eq!(strict.ask_token(FORM, None, "/v2/token", &query).status, StatusCode::OK);
    let issued = app.live();
    app.world.database.execute("UPDATE client SET strict = 1");
    refused(&app.world.ask_token(None, None, &path, ""), StatusCode::UNPROCESSABLE_ENTITY, "invalid_request");
    assert_eq!(app.live(), issued, "the client is strict by itself");
    app.world.database.execute("UPDATE client SET strict = 0");
    assert_eq!(app.world.ask_token(None, None, &path, "").status, StatusCode::OK);
}

#[test]
fn the_unversioned_paths_say_it_in_both_languages() {
    let app = confidential();
    let both = |answer: &Answer| {
        let body = answer.json();
        assert_eq!(body["oauth_exception"], body["error"], "{}", answer.text);
        assert_eq!(body["exception_description"], body["error_description"]);
        assert!(body["request_id"].is_string());
        (answer.status.as_u16(), text(answer, "error"))
    };
    let ask = |changes: &[(&str, Value)]| {
        let body = app.request(&app.refresh_token, changes).to_string();
        app.world.ask_token(JSON, None, "/token", &body)
    };
    assert_eq!(both(&ask(&[("grant_type", json!("password"))])), (403, "unsupported_grant_type".into()));
    assert_eq!(both(&ask(&[("grant_type", Value::Null)])), (422, "invalid_request".into()));
    assert_eq!(both(&ask(&[("client_secret", Value::Null)])), (401, "invalid_client".into()));
    assert_eq!(both(&ask(&[("refresh_token", json!("x"))])), (401, "invalid_grant".into()));
    assert_eq!(both(&ask(&[("scope", json!("accounts--all:rw"))])), (403, "invalid_scope".into()));
    assert_eq!(both(&app.bearer("dal:x").delete("/token")), (404, "resource_not_found".into()));
    assert_eq!(both(&app.bearer("dal:x").get("/info")), (401, "unauthorized".into()));
    assert_eq!(both(&app.world.anonymous().get("/info")), (422, "invalid_request".into()));
    assert_eq!(both(&app.world.anonymous().get("/info?code=dal:x&type=code")), (422, "invalid_request".into()));
    app.world.database.set_fault(Some(Fault::BeforeCommit));
    assert_eq!(both(&ask(&[])), (503, "temporarily_unavailable".into()));
    let v2 = app.bearer("dal:x").get("/v2/info");
    assert!(v2.json().get("oauth_exception").is_none());
}

#[test]
fn i2_a_refresh_whose_fate_is_unknown_is_503_and_can_be_repeated() {
    let app = World::default().signed_in(None, SCOPES);
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        app.world.database.set_fault(Some(fault));
        let answer = app.refresh(&app.refresh_token);
        refused(&answer, StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable");
        assert_eq!(answer.header("retry-after"), "2");
        app.world.database.set_fault(None);
    }
    assert_eq!(app.live(), (1, 2, 1), "the second one had committed");
    let (access, refresh) = tokens(&app.refresh(&app.refresh_token));
    assert_eq!(app.live(), (1, 2, 1), "the same pair");
    assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(app.refresh(&refresh).status, StatusCode::OK);
}

#[test]
fn l4_no_secret_is_in_an_error_or_in_the_log() {
    let app = confidential();
    let query =
        format!("/v2/token?grant_type=x&client_id=a&client_secret={SECRET}&refresh_token={}", app.refresh_token);
    let answers = [
        app.world.ask_token(None, None, &query, ""),
        app.refresh_with(&app.refresh_token, &[("scope", json!("secret-canary"))]),
        app.refresh_with("secret-canary", &[]),
        app.refresh_with(&app.refresh_token, &[("client_id", json!("secret-canary"))]),
    ];
    let texts = answers.iter().map(|answer| answer.text.clone()).chain(app.world.lines());
    for text in texts {
        for secret in [SECRET, &app.refresh_token, &app.access_token, "secret-canary"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
