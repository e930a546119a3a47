//! Credentials, through HTTP: what does not verify is refused on every route without asking storage (rows F1-F7, T6),
//! and what introspection may tell how long (section 6 of the design: the bound S).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use global_accounts::app::StorageCalls;
use global_accounts::authz::operation::Operation;
use global_accounts::authz::policy::{self, Credentials};
use global_accounts::domain::time::Timestamp;
use global_accounts::http::router::{ROUTES, Route};
use global_accounts::oauth::envelope::Kind;
use global_accounts::ports::Cache as _;
use http::StatusCode;
use serde_json::Value;

use crate::support::client::{Answer, Client, MASTER_SECRET, World};
use crate::support::routes::path;
use crate::support::sqlite::Fault;

const OTHER_SECRET: &str = "1:b3RoZXItc2VjcmV0LW9mLXRoZS10ZXN0cy0wMDAwMDA";
const HOUR: Duration = Duration::from_hours(1);

/// Every route that looks at the Authorization header.
fn guarded() -> impl Iterator<Item = &'static Route> {
    let looks = |route: &&Route| policy::rule(route.operation).credentials != Credentials::None && !route.is_page();
    ROUTES.iter().filter(looks)
}

fn is_subject(route: &Route) -> bool {
    policy::rule(route.operation).credentials == Credentials::Subject
}

/// Sends `headers` to a route, with a body that would do.
fn call(world: &World, route: &Route, headers: &[(&str, &str)]) -> Answer {
    world.with_headers(route.method.clone(), &path(route), headers, r#"{"email":"new@example.com"}"#)
}

/// The world refuses `credential` on every guarded route, and no adapter hears of it.
fn refused_everywhere(world: &World, credential: &str, why: &str) {
    let header = format!("Bearer {credential}");
    for route in guarded() {
        if route.operation == Operation::RevokeToken && world.app().open(Kind::Refresh, credential).is_ok() {
            continue; // revocation takes refresh tokens too (API, section 2.6)
        }
        let before = world.touched();
        let answer = call(world, route, &[("authorization", &header)]);
        let place = format!("{} {}: {why}: {credential}: {}", route.method, route.path, answer.text);
        // What cannot be a token is 422 to introspection; a token that is none is 404 to revocation.
        let malformed =
            is_subject(route) && matches!(answer.status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::NOT_FOUND);
        assert!(answer.status == StatusCode::UNAUTHORIZED || malformed, "{place}");
        assert_eq!((answer.calls, world.touched()), (StorageCalls::default(), before), "{place}");
        if !malformed {
            assert_eq!(
                answer.header("www-authenticate"),
                r#"Bearer realm="accounts", error="invalid_token""#,
                "F6 {place}"
            );
        }
    }
}

fn mint(world: &World, kind: Kind, lives: Duration) -> String {
    world.app().mint(kind, Some(world.app().now().plus(lives))).expect("a token").text
}

/// A personal token of the account, with its scopes, planted.
fn personal_token(world: &World, created: &Value, scopes: &str) -> String {
    let minted = world.app().mint(Kind::Personal, None).expect("a token");
    world.database.execute(&format!(
        "INSERT INTO personal_token (personal_token_id, token_digest, account_id, organization_id, name, scopes,
           personal_token_epoch, membership_epoch, created_at)
         VALUES ('{id}', '{digest}', '{account}', '{organization}', 'ci', '{scopes}', 0, 0, 1)",
        id = minted.digest.as_str(),
        digest = minted.digest.as_str(),
        account = created["account_id"].as_str().expect("an id"),
        organization = created["organization"]["organization_id"].as_str().expect("an id"),
    ));
    minted.text
}

fn signed_up(settings: &[(&str, &str)]) -> (World, Client, Value) {
    let world = World::with(settings);
    let (owner, created) = world.sign_up("john@example.com");
    (world, owner, created)
}

#[test]
fn f1_forged_tokens_cost_nothing_on_any_route() {
    let (world, owner, _) = signed_up(&[]);
    let token = owner.token();
    let body = token.trim_start_matches("dal:");
    let raw = URL_SAFE_NO_PAD.decode(body).expect("base64url");
    for byte in 0..raw.len() {
        let mut flipped = raw.clone();
        flipped[byte] ^= 1 << (byte % 8);
        refused_everywhere(&world, &format!("dal:{}", URL_SAFE_NO_PAD.encode(&flipped)), "a bit is flipped");
    }
    for length in 0..token.len() {
        refused_everywhere(&world, &token[..length], "truncated");
    }
    let forged = [
        format!("{token}A"),
        format!("{token}:"),
        format!("{token}:{token}"),
        format!("{token},{token}"),
        format!("{token} {token}"),
        body.to_owned(),
        format!("dal:{}", URL_SAFE_NO_PAD.encode([0; 38])),
        format!("dal:{}", URL_SAFE_NO_PAD.encode([0xff; 38])),
        "dal:".to_owned() + &"A".repeat(60_000),
        "null".to_owned(),
        "' OR 1=1 --".to_owned(),
    ];
    for forged in forged {
        refused_everywhere(&world, &forged, "forged");
    }
}

#[test]
fn f1_a_token_of_another_region_is_refused() {
    let (world, owner, _) = signed_up(&[]);
    let elsewhere = world.reconfigured(&[("REGION", "fra")]);
    refused_everywhere(&elsewhere, owner.token(), "its own text");
    refused_everywhere(&elsewhere, &owner.token().replace("dal:", "fra:"), "renamed");
    refused_everywhere(&world, &owner.token().replace("dal:", "DAL:"), "shouted");
}

#[test]
fn f2_an_expired_token_is_refused_at_the_very_millisecond() {
    let (world, owner, _) = signed_up(&[]);
    world.clock.advance(8 * HOUR - Duration::from_millis(1));
    assert_eq!(owner.get("/v2/accounts/me").status, StatusCode::OK);
    world.clock.advance(Duration::from_millis(1));
    refused_everywhere(&world, owner.token(), "expired");
}

#[test]
fn f3_a_retired_key_is_refused_after_the_overlap() {
    let (world, owner, _) = signed_up(&[]);
    let overlap = world.reconfigured(&[("MASTER_SECRET", OTHER_SECRET), ("MASTER_SECRET_PREVIOUS", MASTER_SECRET)]);
    assert_eq!(overlap.bearer(owner.token()).get("/v2/accounts/me").status, StatusCode::OK);
    let (newer, _) = overlap.sign_up("jane@example.com");
    assert_eq!(newer.get("/v2/accounts/me").status, StatusCode::OK);
    let after = world.reconfigured(&[("MASTER_SECRET", OTHER_SECRET)]);
    refused_everywhere(&after, owner.token(), "retired");
    assert_eq!(after.bearer(newer.token()).get("/v2/accounts/me").status, StatusCode::OK);
    let same_id = OTHER_SECRET.replace("1:", "0:");
    refused_everywhere(&world.reconfigured(&[("MASTER_SECRET", &same_id)]), owner.token(), "same id, other secret");
}

#[test]
fn f4_one_token_has_one_spelling() {
    let (world, owner, _) = signed_up(&[]);
    let token = owner.token();
    let (stem, last) = token.split_at(token.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for other in alphabet.chars().filter(|c| *c != last.chars().next().expect("a character")) {
        refused_everywhere(&world, &format!("{stem}{other}"), "other trailing bits");
    }
    let standard = STANDARD.encode(URL_SAFE_NO_PAD.decode(token.trim_start_matches("dal:")).expect("base64url"));
    for other in [
        format!("{token}="),
        format!("{token}=="),
        format!("dal:{standard}"),
        token.replace(':', "%3A"),
        token.replace(':', "::"),
    ] {
        refused_everywhere(&world, &other, "another spelling");
    }
}

#[test]
fn t6_no_other_type_is_an_access_token_and_no_other_type_a_personal_one() {
    let (world, owner, created) = signed_up(&[]);
    let account = created["account_id"].as_str().expect("an id");
    for kind in Kind::ALL {
        let token = mint(&world, kind, HOUR);
        if kind != Kind::Access {
            refused_everywhere(&world, &token, kind.name());
            refused_everywhere(&world, &format!("dal:{}", token.trim_start_matches("dal:")), kind.name());
        }
        if kind != Kind::Personal {
            let before = world.touched();
            let answer = world.basic(account, &token).get("/v2/accounts/me");
            assert_eq!(
                (answer.status, answer.calls, world.touched()),
                (StatusCode::UNAUTHORIZED, Default::default(), before),
                "{kind:?}"
            );
        }
    }
    assert_eq!(world.basic(account, owner.token()).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    let unknown = world.bearer(&mint(&world, Kind::Access, HOUR)).get("/v2/accounts/me");
    assert_eq!((unknown.status, unknown.calls.database), (StatusCode::UNAUTHORIZED, 1), "genuine, but of no row");
}

#[test]
fn f5_two_credentials_in_one_request_are_400() {
    let (world, owner, _) = signed_up(&[]);
    let header = format!("Bearer {}", owner.token());
    let before = world.touched();
    for route in guarded() {
        for second in [header.as_str(), "Bearer x", "Basic x", ""] {
            let answer = call(&world, route, &[("authorization", &header), ("authorization", second)]);
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{} {}: {}", route.method, route.path, answer.text);
            assert_eq!(answer.calls, StorageCalls::default());
        }
    }
    let token = owner.token().replace(':', "%3A");
    for (headers, path) in [
        (vec![("authorization", header.as_str())], format!("/v2/info?code={token}")),
        (vec![("authorization", header.as_str())], "/v2/info?code=".to_owned()),
        (vec![("authorization", header.as_str())], "/v2/info?code=x&code=y".to_owned()),
        (vec![], format!("/v2/info?code={token}&code={token}")),
        (vec![], format!("/v2/info?code={token}&%63ode=x")),
    ] {
        let answer = world.with_headers(http::Method::GET, &path, &headers, "");
        assert_eq!(
            (answer.status, answer.calls),
            (StatusCode::BAD_REQUEST, Default::default()),
            "{path}: {}",
            answer.text
        );
    }
    assert_eq!(world.touched(), before);
}

#[test]
fn f6_the_challenge_says_what_is_missing() {
    let (world, owner, _) = signed_up(&[]);
    let challenge = |answer: Answer| (answer.status, answer.header("www-authenticate").to_owned());
    let nothing = r#"Bearer realm="accounts", Basic realm="accounts""#;
    assert_eq!(
        challenge(world.anonymous().get("/v2/accounts")),
        (StatusCode::UNAUTHORIZED, nothing.to_owned()),
        "no error attribute"
    );
    let invalid = r#"Bearer realm="accounts", error="invalid_token""#;
    assert_eq!(challenge(world.bearer("dal:x").get("/v2/accounts")), (StatusCode::UNAUTHORIZED, invalid.to_owned()));
    assert_eq!(
        challenge(world.bearer(&mint(&world, Kind::Access, HOUR)).get("/v2/accounts")),
        (StatusCode::UNAUTHORIZED, invalid.to_owned())
    );
    assert_eq!(
        challenge(world.bearer(&mint(&world, Kind::Access, HOUR)).get("/v2/info")),
        (StatusCode::UNAUTHORIZED, invalid.to_owned())
    );
    world.database.execute("UPDATE access_token SET scopes = '[\"accounts--my:ro\"]'");
    let scope = r#"Bearer realm="accounts", error="insufficient_scope", scope="accounts--all:ro""#;
    assert_eq!(challenge(owner.get("/v2/accounts")), (StatusCode::FORBIDDEN, scope.to_owned()));
    assert_eq!(challenge(owner.get("/v2/accounts/me")).0, StatusCode::OK);
}

#[test]
fn an_authorization_header_that_cannot_be_read_is_401_and_never_anonymous() {
    let (world, owner, created) = signed_up(&[]);
    let account = created["account_id"].as_str().expect("an id");
    let pat = personal_token(&world, &created, "[\"accounts--all:rw\"]");
    let pair = |text: String| STANDARD.encode(text);
    let right = pair(format!("{account}:{pat}"));
    let headers = [
        String::new(),
        " ".into(),
        "Bearer".into(),
        "Bearer ".into(),
        "Basic".into(),
        "Basic ".into(),
        "Basic !!!".into(),
        "Basic =".into(),
        owner.token().to_owned(),
        format!("Digest {}", owner.token()),
        format!("Bearer{}", owner.token()),
        format!("Bearer\t{}", owner.token()),
        format!("Basic {}", owner.token()),
        format!("Bearer {right}"),
        format!("Basic {}", pair(account.to_owned())),
        format!("Basic {}", pair(pat.clone())),
        format!("Basic {}", pair(format!(":{pat}"))),
        format!("Basic {}", pair(format!("{account}:"))),
        format!("Basic {}", pair(format!("{pat}:{account}"))),
        format!("Basic {}", pair(format!("{account}:{pat}:"))),
        format!("Basic {}", pair(format!("{account}: {pat}"))),
        format!("Basic {}", pair(format!("{account}:{}", owner.token()))),
        format!("Basic {}", pair(format!("john@example.com:{pat}"))),
        format!("Basic {}", right.trim_end_matches('=')).chars().chain("=".chars().cycle().take(3)).collect(),
        format!("Basic {right}{right}"),
        format!("Basic {}", STANDARD.encode(b"\xff\xfe:\xff")),
    ];
    let before = world.touched();
    for header in &headers {
        for route in guarded() {
            let answer = call(&world, route, &[("authorization", header)]);
            let place = format!("{} {} {header:?}: {}", route.method, route.path, answer.text);
            // What cannot be a token is 422 to introspection; a token that is none is 404 to revocation.
            let malformed =
                is_subject(route) && matches!(answer.status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::NOT_FOUND);
            assert!(answer.status == StatusCode::UNAUTHORIZED || malformed, "{place}");
            assert_eq!(answer.calls, StorageCalls::default(), "{place}");
        }
    }
    let bytes = http::HeaderValue::from_bytes(b"Bearer \xff\xfe").expect("opaque bytes");
    let request = http::Request::builder().uri("/v2/accounts").header("authorization", bytes);
    assert_eq!(
        world.send(request.body(axum::body::Body::empty()).expect("a request")).status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(world.touched(), before);
    assert_eq!(world.database.value::<i64>("SELECT count(*) FROM account"), 1, "no sign-up came of it");
}

#[test]
fn schemes_are_read_in_any_case_and_both_kinds_work() {
    let (world, owner, created) = signed_up(&[]);
    let account = created["account_id"].as_str().expect("an id");
    let pat = personal_token(&world, &created, "[\"accounts--all:rw\"]");
    let pair = STANDARD.encode(format!("{account}:{pat}"));
    for header in [
        format!("bearer {}", owner.token()),
        format!("BEARER {}", owner.token()),
        format!("basic {pair}"),
        format!("Basic {pair}"),
    ] {
        let answer = world.with_headers(http::Method::GET, "/v2/accounts/me", &[("authorization", &header)], "");
        assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{header}: {}", answer.text);
    }
}

#[test]
fn z14_a_personal_token_works_only_under_its_owners_id() {
    let (world, _, created) = signed_up(&[]);
    let (_, stranger) = world.sign_up("jane@example.com");
    let pat = personal_token(&world, &created, "[\"accounts--all:rw\"]");
    let answer = world.basic(stranger["account_id"].as_str().expect("an id"), &pat).get("/v2/accounts/me");
    assert_eq!((answer.status, answer.calls.database), (StatusCode::UNAUTHORIZED, 1), "{}", answer.text);
}

// ---------------------------------------------------------------- GET /v2/info

#[test]
fn info_takes_one_token_by_header_or_in_the_compatible_profile_by_query() {
    let (world, owner, created) = signed_up(&[]);
    let query = format!("/v2/info?code={}", owner.token().replace(':', "%3A"));
    let by_header = owner.get("/v2/info");
    let by_query = world.anonymous().get(&query);
    assert_eq!((by_query.status, by_query.json()), (StatusCode::OK, by_header.json()));
    assert_eq!(by_query.json()["account_id"], created["account_id"]);
    assert_eq!(by_query.header("cache-control"), "no-store");
    assert!(!world.lines().concat().contains(owner.token().trim_start_matches("dal:")), "L4: the template only");

    let strict = world.reconfigured(&[("PROFILE", "strict")]);
    let answer = strict.anonymous().get(&query);
    assert_eq!(
        (answer.status, answer.calls),
        (StatusCode::UNPROCESSABLE_ENTITY, Default::default()),
        "{}",
        answer.text
    );
    assert_eq!(strict.bearer(owner.token()).get("/v2/info").status, StatusCode::OK);
}

#[test]
fn info_without_a_token_or_with_a_text_that_is_none_is_422() {
    let (world, owner, _) = signed_up(&[]);
    let before = world.touched();
    let token = owner.token().replace(':', "%3A");
    let answer = world.anonymous().get("/v2/info");
    assert_eq!(
        (answer.status, &answer.json()["invalid_fields"]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &"is required".into())
    );
    for query in [
        "code=",
        "code=x",
        "code=dal",
        "code=dal:",
        "code=:abc",
        "code=dal:a%20b",
        "code=a:b:c",
        "code=dal:abc%3D",
        &format!("code={token}&type=code"),
        "type=code",
    ] {
        let answer = world.anonymous().get(&format!("/v2/info?{query}"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", answer.text);
        assert!(answer.json()["invalid_fields"]["code"].is_string(), "{query}");
        assert_eq!(answer.calls, StorageCalls::default(), "{query}");
    }
    let typed = owner.get("/v2/info?type=code");
    assert_eq!(typed.status, StatusCode::UNPROCESSABLE_ENTITY, "an authorization code is not looked up");
    assert_eq!(world.basic("x", "y").get("/v2/info").status, StatusCode::UNAUTHORIZED, "Basic is no subject");
    assert_eq!(world.touched(), before);
}

#[test]
fn info_counts_down_and_tells_what_the_token_may_do_now() {
    let (world, owner, _) = signed_up(&[("INTROSPECTION_MAX_STALENESS", "0")]);
    world.clock.advance(Duration::from_millis(1_999));
    assert_eq!(owner.get("/v2/info").json()["expires_in"], 28_798);
    world
        .database
        .execute("UPDATE access_token SET scopes = '[\"accounts--all:ro\",\"reports_read\",\"sessions--my:rw\"]'");
    assert_eq!(
        owner.get("/v2/info").json()["scope"],
        "accounts--all:ro,sessions--my:rw",
        "sorted, without what no role gives"
    );
}

#[test]
fn i4_a_revoked_token_is_told_alive_for_at_most_s_and_not_a_millisecond_longer() {
    let revocations = [
        "UPDATE account SET token_epoch = token_epoch + 1",
        "UPDATE membership SET token_epoch = token_epoch + 1",
        "UPDATE membership SET suspended = 1",
        "UPDATE session SET ended_at = 1",
        "DELETE FROM access_token",
    ];
    for revocation in revocations {
        for (s, seconds) in [("60", 60), ("10", 10)] {
            let (world, owner, _) = signed_up(&[("INTROSPECTION_MAX_STALENESS", s)]);
            assert_eq!(owner.get("/v2/info").status, StatusCode::OK);
            world.database.execute(revocation);
            assert_eq!(
                owner.get("/v2/accounts/me").status,
                StatusCode::UNAUTHORIZED,
                "management calls at once: {revocation}"
            );
            world.clock.advance(Duration::from_secs(seconds - 1));
            assert_eq!(owner.get("/v2/info").status, StatusCode::OK, "S-1: {revocation}");
            world.clock.advance(Duration::from_secs(1));
            assert_eq!(owner.get("/v2/info").status, StatusCode::OK, "S: {revocation}");
            world.clock.advance(Duration::from_millis(1));
            let answer = owner.get("/v2/info");
            assert_eq!((answer.status, answer.calls.database), (StatusCode::UNAUTHORIZED, 1), "beyond S: {revocation}");
            world.clock.advance(Duration::from_secs(1));
            assert_eq!(owner.get("/v2/info").status, StatusCode::UNAUTHORIZED, "S+1: {revocation}");
        }
    }
}

#[test]
fn looking_does_not_stretch_the_bound() {
    let (world, owner, _) = signed_up(&[]);
    assert_eq!(owner.get("/v2/info").calls.database, 1);
    world.database.execute("UPDATE session SET ended_at = 1");
    for _ in 0..6 {
        world.clock.advance(Duration::from_secs(10));
        assert_eq!(owner.get("/v2/info").status, StatusCode::OK);
    }
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(owner.get("/v2/info").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_bound_of_zero_asks_the_database_always_and_keeps_nothing() {
    let (world, owner, _) = signed_up(&[("INTROSPECTION_MAX_STALENESS", "0")]);
    for _ in 0..3 {
        let answer = owner.get("/v2/info");
        assert_eq!((answer.calls.cache, answer.calls.database), (0, 1));
    }
    assert!(world.cache.values().is_empty());
    world.database.execute("UPDATE session SET ended_at = 1");
    assert_eq!(owner.get("/v2/info").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_cache_that_fails_or_lies_is_asked_in_vain() {
    let (world, owner, _) = signed_up(&[]);
    world.cache.set_down(true);
    let answer = owner.get("/v2/info");
    assert_eq!((answer.status, answer.calls.cache, answer.calls.database), (StatusCode::OK, 1, 1));
    world.cache.set_down(false);

    let told = world.reconfigured(&[]).bearer(owner.token()).get("/v2/info").text;
    let (key, value) = world.cache.values().into_iter().next().expect("one value");
    let honest: Value = serde_json::from_str(&value).expect("JSON");
    let now = Timestamp::millis(world.app().now());
    assert_eq!(honest["verified_at_ms"], now);
    let changed = |name: &str, to: Value| {
        let mut value = honest.clone();
        value[name] = to;
        value.to_string()
    };
    let lies = [
        String::new(),
        "null".into(),
        "{}".into(),
        "[".into(),
        "\u{0}".into(),
        changed("verified_at_ms", (now + 1).into()),
        changed("verified_at_ms", (now + 3_600_000).into()),
        changed("verified_at_ms", (now - 60_001).into()),
        changed("verified_at_ms", i64::MIN.into()),
        changed("account", "x".into()),
        changed("scope", Value::Null),
        changed("scope", serde_json::json!(["accounts--my:ro"])),
    ];
    for lie in lies {
        futures_executor::block_on(world.cache.put(&key, lie.clone(), 60)).expect("put");
        let answer = world.reconfigured(&[]).bearer(owner.token()).get("/v2/info");
        assert_eq!((answer.calls.cache, answer.calls.database, &answer.text), (1, 1, &told), "{lie}");
    }
}

#[test]
fn a_failing_database_is_503_unless_the_cache_still_knows() {
    let (world, owner, _) = signed_up(&[]);
    let (other, _) = world.sign_up("jane@example.com");
    assert_eq!(owner.get("/v2/info").status, StatusCode::OK);
    world.database.set_fault(Some(Fault::BeforeCommit));
    assert_eq!(other.get("/v2/info").status, StatusCode::SERVICE_UNAVAILABLE, "I2: never a guess");
    assert_eq!(owner.get("/v2/info").status, StatusCode::OK, "known within S");
    world.clock.advance(Duration::from_secs(61));
    let answer = owner.get("/v2/info");
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
}

#[test]
fn s2_what_the_cache_holds_is_no_credential() {
    let (world, owner, _) = signed_up(&[]);
    owner.get("/v2/info");
    let values = world.cache.values();
    assert_eq!(values.len(), 1);
    let body = owner.token().trim_start_matches("dal:");
    for (key, value) in values {
        assert!(!key.contains(body) && !value.contains(body) && !value.contains("access_token"), "{key}: {value}");
    }
}
