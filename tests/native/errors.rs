//! What goes wrong, and how it is told: status, body, headers, log line, and that nothing else happened.

use axum::body::{Body, Bytes};
use futures_util::stream;
use global_accounts::app::StorageCalls;
use global_accounts::config::Config;
use global_accounts::http::router::ROUTES;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::border;
use crate::support::client::{Answer, World};
use crate::support::exercise::exercise_everything;
use crate::support::sqlite::Fault;

const LIMIT: usize = 64 * 1024;
const MEMBER_ROLE: &str = "728b99be-848c-11ea-9b91-005056a00002";

/// Status, headers and body as they travel; ids and tokens by their order of appearance.
fn wire(answer: &Answer) -> String {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "content-length");
    let mut headers: Vec<String> =
        headers.map(|(name, value)| format!("{name}: {}", value.to_str().expect("ASCII"))).collect();
    headers.sort();
    let body = serde_json::from_str::<Value>(&answer.text)
        .map_or_else(|_| answer.text.clone(), |json| serde_json::to_string_pretty(&json).expect("JSON"));
    numbered(&format!("{}\n{}\n\n{body}", answer.status, headers.join("\n")))
}

/// What is new in every run of a service (version 7 ids, token bodies), replaced by numbers.
fn numbered(text: &str) -> String {
    let (mut shown, mut seen) = (String::new(), Vec::new());
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    for piece in text.split_inclusive(|c| !is_word(c)) {
        let word = piece.trim_end_matches(|c| !is_word(c));
        let is_new = match word.len() {
            36 => word.as_bytes()[14] == b'7' && word.matches('-').count() == 4,
            length => length == 51,
        };
        if is_new && !seen.contains(&word) {
            seen.push(word);
        }
        match seen.iter().position(|known| *known == word) {
            Some(at) if is_new => shown += &piece.replace(word, &format!("[{}]", at + 1)),
            _ => shown += piece,
        }
    }
    shown
}

fn accounts(world: &World) -> i64 {
    world.database.value("SELECT count(*) FROM account")
}

/// Every kind of error that the service can answer with, and its log line.
fn every_error() -> Vec<(&'static str, Value, Answer)> {
    let mut all = Vec::new();
    let mut add = |name, world: &World, answer| all.push((name, world.last_line(), answer));

    let world = World::default();
    let nobody = world.anonymous();
    add("400_not_json", &world, nobody.send(Method::POST, "/v2/organizations", Body::from("{")));
    let world = World::default();
    let (owner, created) = world.sign_up("john@example.com");
    let twice = [("authorization", "Bearer a"), ("authorization", "Bearer b")];
    add("400_two_credentials", &world, world.with_headers(Method::GET, "/v2/accounts", &twice, ""));
    let world = World::default();
    add("401_no_credential", &world, world.anonymous().get("/v2/accounts"));
    let world = World::default();
    add("401_invalid_token", &world, world.bearer("dal:forged").get("/v2/accounts"));

    let world = owner.world.clone();
    let absent = "/v2/accounts/00000000-0000-7000-8000-000000000000";
    add("404_no_such_account", &world, owner.get(absent));
    let known = json!({"email": created["email"], "password": "BG0SaleEBL"});
    add("409_address_known", &world, world.anonymous().post("/v2/organizations", &known));
    world.database.execute("UPDATE access_token SET scopes = '[\"accounts--my:ro\"]'");
    add("403_insufficient_scope", &world, owner.get("/v2/accounts"));

    let world = World::default();
    let (_, created) = world.sign_up("owner@example.com");
    let member = world.bearer(&member_with_every_scope(&world, &created));
    add("403_rank", &world, member.get("/v2/audit_log"));

    let world = World::default();
    add("404_no_such_path", &world, world.anonymous().get("/v2/nowhere"));
    let world = World::default();
    add("405_method", &world, world.anonymous().delete("/v2/info"));
    let world = World::default();
    let large = Body::from("x".repeat(LIMIT + 1));
    add("413_body", &world, world.anonymous().send(Method::POST, "/v2/organizations", large));
    let world = World::default();
    add("422_fields", &world, world.anonymous().post("/v2/organizations", &everything_wrong()));
    let world = World::with(&[("SIGN_UPS_PER_HOUR", "1")]);
    world.sign_up("first@example.com");
    let second = json!({"email": "second@example.com"});
    add("429_throttled", &world, world.anonymous().post("/v2/organizations", &second));
    let world = World::default();
    world.database.execute("DROP TABLE throttle");
    add("500_fault", &world, world.anonymous().post("/v2/organizations", &second));
    let world = World::default();
    world.database.set_fault(Some(Fault::BeforeCommit));
    add("503_storage", &world, world.anonymous().post("/v2/organizations", &second));
    let world = World::default();
    world.database.set_fault(Some(Fault::BeforeCommit));
    add("503_health", &world, world.anonymous().get("/health"));
    all
}

/// The token of a member whose role was given, by an operator's edit, a scope of administrators.
fn member_with_every_scope(world: &World, created: &Value) -> String {
    let id = "ffffffff-0000-7000-8000-000000000002";
    let organization = created["organization"]["organization_id"].as_str().expect("an id");
    let token = world
        .app()
        .mint(
            global_accounts::oauth::envelope::Kind::Access,
            Some(world.app().now().plus(std::time::Duration::from_hours(1))),
        )
        .expect("a token");
    let digest = token.digest.as_str();
    world.database.raw().execute_batch(&format!(
        "INSERT INTO role_scope SELECT '{MEMBER_ROLE}', 'accounts--all:rw';
         INSERT INTO account (account_id, email, email_key, created_at, updated_at) VALUES ('{id}', 'm@example.com', 'm@example.com', 1, 1);
         INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES ('{organization}', '{id}', 1, 1);
         INSERT INTO membership_role VALUES ('{organization}', '{id}', '{MEMBER_ROLE}', 'Accounts', 'primary', 1);
         INSERT INTO session (session_id, account_id, account_epoch, identity_source, authenticated_at, created_at, seen_at, idle_expires_at, expires_at)
           VALUES ('{id}', '{id}', 0, 'credentials', 1, 1, 1, 1, 1);
         INSERT INTO access_token (token_digest, account_id, organization_id, session_id, scopes, account_epoch, membership_epoch, created_at, expires_at)
           VALUES ('{digest}', '{id}', '{organization}', '{id}', '[\"accounts--all:rw\"]', 0, 0, 1, 1);"
    )).expect("a member");
    token.text
}

fn everything_wrong() -> Value {
    json!({
        "email": 5,
        "password": "short",
        "organization": {
            "name": "n".repeat(128),
            "company": {"phone": ["+48"], "website": "javascript:alert(1)"},
        },
    })
}

#[test]
fn l5_every_error_tells_its_code_and_the_request_id_of_its_log_line() {
    for (name, line, answer) in every_error() {
        let body = answer.json();
        assert!(name.starts_with(answer.status.as_str()), "{name}: {}", answer.status);
        assert_eq!(answer.header("content-type"), "application/json", "{name}");
        assert_eq!(body["request_id"].as_str().map(str::len), Some(36), "{name}");
        assert_eq!(
            (&line["request_id"], line["status"].as_u64()),
            (&body["request_id"], Some(answer.status.as_u16().into())),
            "{name}"
        );
        if name != "503_health" {
            assert!(body["error"].is_string() && body["error_description"].is_string(), "{name}: {body}");
        }
    }
}

#[test]
fn the_wire_form_of_every_error() {
    for (name, _, answer) in every_error() {
        insta::assert_snapshot!(format!("error_{name}"), wire(&answer));
    }
}

/// Files that are compiled in; the suite `openapi` compares the answers with them.
const DOCUMENTS: [&str; 2] = ["/docs", "/openapi.json"];

#[test]
fn the_wire_form_of_every_success() {
    let mut seen = std::collections::BTreeSet::new();
    for (method, template, answer) in exercise_everything(&World::default()) {
        let name = format!("{method}{}", template.replace('/', "_").replace(['{', '}'], ""));
        let page = ROUTES.iter().any(|route| route.path == template && route.is_page());
        if !page && !DOCUMENTS.contains(&template) && seen.insert(name.clone()) {
            insta::assert_snapshot!(format!("success_{name}"), wire(&answer));
        }
    }
}

#[test]
fn s7_s8_t8_every_answer_has_the_security_headers_and_errors_are_readable_across_origins() {
    let errors = every_error().into_iter().map(|(name, _, answer)| (name.to_owned(), answer));
    let successes = exercise_everything(&World::default());
    let successes = successes.into_iter().map(|(method, template, answer)| (format!("{method} {template}"), answer));
    for (name, answer) in errors.chain(successes) {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000; includeSubDomains", "S8 {name}");
        let page = ROUTES.iter().any(|route| route.is_page() && name == format!("{} {}", route.method, route.path));
        let document = DOCUMENTS.iter().any(|path| name.ends_with(path));
        let kept = match name.as_str() {
            "GET /assets/{name}" | "GET /avatars/{avatar_id}" => "public, max-age=31536000, immutable",
            _ if document => "no-cache",
            _ => "no-store",
        };
        assert_eq!(answer.header("cache-control"), kept, "T8 {name}");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"), "{name}");
        let for_tools = ["health", "/.well-known/", "/operator/"].iter().any(|part| name.contains(part));
        let open = !document && !page && !for_tools;
        assert_eq!(answer.header("access-control-allow-origin"), if open { "*" } else { "" }, "{name}");
        assert_eq!(answer.header("referrer-policy"), if open { "" } else { "strict-origin" }, "A16 {name}");
        let tells = answer.headers.contains_key("link") || answer.headers.contains_key("retry-after");
        let exposed = if open && tells { "Link, Retry-After" } else { "" };
        assert_eq!(answer.header("access-control-expose-headers"), exposed, "{name}");
    }
}

#[test]
fn z10_a_body_that_is_not_one_json_object_is_malformed_and_asks_no_storage() {
    let deep = |open: &str, close: &str| format!("{{\"email\":{}1{}}}", open.repeat(20_000), close.repeat(20_000));
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"".into(), "not valid JSON"),
        (b"{".into(), "not valid JSON"),
        (b"{\"email\":}".into(), "not valid JSON"),
        (b"{\"email\":\"a@example.com\",}".into(), "not valid JSON"),
        (b"{} {}".into(), "not valid JSON"),
        (b"\xef\xbb\xbf{}".into(), "not valid JSON"),
        (b"{\"email\":\"\xff\"}".into(), "not valid JSON"),
        (b"{\"email\":\"\0\"}".into(), "not valid JSON"),
        (br#"{"email":"\ud800@example.com"}"#.into(), "not valid JSON"),
        (br#"{"email":"\udc00\ud800@example.com"}"#.into(), "not valid JSON"),
        (br#"{"email":1e999}"#.into(), "not valid JSON"),
        (br#"{"ignored":-1e999}"#.into(), "not valid JSON"),
        (br#"{"email":NaN}"#.into(), "not valid JSON"),
        (b"email=a%40example.com".into(), "not valid JSON"),
        (deep("[", "]").into(), "not valid JSON"),
        (deep("{\"a\":", "}").into_bytes().into_iter().take(LIMIT).collect(), "not valid JSON"),
        (b"[]".into(), "a JSON object"),
        (b"null".into(), "a JSON object"),
        (b"7".into(), "a JSON object"),
        (b"\"{}\"".into(), "a JSON object"),
        (br#"{"email":"a@example.com","email":"b@example.com"}"#.into(), "a key twice"),
        (br#"{"email":"a@example.com","\u0065mail":"b@example.com"}"#.into(), "a key twice"),
        (br#"{"email":"a@example.com","organization":{"name":"A","name":"B"}}"#.into(), "a key twice"),
        (br#"{"email":"a@example.com","ignored":[{"a":1,"a":2}]}"#.into(), "a key twice"),
    ];
    let world = World::default();
    for (body, told) in cases {
        let shown = String::from_utf8_lossy(&body).chars().take(80).collect::<String>();
        let answer = world.anonymous().send(Method::POST, "/v2/organizations", Body::from(body));
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{shown}: {}", answer.text);
        assert_eq!(answer.json()["error"], "bad_request", "{shown}");
        assert!(
            answer.json()["error_description"].as_str().is_some_and(|text| text.contains(told)),
            "{shown}: {}",
            answer.text
        );
        assert_eq!(answer.calls, StorageCalls::default(), "{shown}");
    }
    assert_eq!((accounts(&world), world.touched()), (0, (0, 0)));
}

#[test]
fn z3_fields_that_nobody_may_write_are_not_applied() {
    let world = World::default();
    let body = json!({
        "email": "a@example.com",
        "account_id": "00000000-0000-7000-8000-000000000000",
        "email_verified": true,
        "created_at": "1999-01-01T00:00:00.000Z",
        "roles": [],
        "organization": {"organization_id": "00000000-0000-7000-8000-000000000000", "mfa_required_at": 1},
        "deep": (0..100).fold(json!(1), |inner, _| json!([inner])),
        "large": 18_446_744_073_709_551_615_u64,
    });
    let answer = world.anonymous().post("/v2/organizations", &body);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let created = answer.json();
    assert_eq!((&created["email_verified"], &created["roles"][0]["role"]), (&false.into(), &"owner".into()));
    assert!(!answer.text.contains("00000000-0000-7000"), "{}", answer.text);
    assert!(!answer.text.contains("1999"), "{}", answer.text);
}

#[test]
fn every_bad_field_is_named_at_once_by_its_dotted_path() {
    let world = World::default();
    let answer = world.anonymous().post("/v2/organizations", &everything_wrong());
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let expected = json!({
        "email": "must be a string",
        "password": "value too short",
        "organization.name": "value too long",
        "organization.company.phone": "must be a string",
        "organization.company.website": "invalid url",
    });
    assert_eq!(answer.json()["invalid_fields"], expected);
    assert_eq!((accounts(&world), world.touched()), (0, (0, 0)), "no storage was asked");
}

#[test]
fn each_field_has_its_type_its_length_and_its_words() {
    let long = |n: usize| "\u{1f600}".repeat(n);
    let cases = [
        (json!({}), "email", "is required"),
        (json!({"email": null}), "email", "is required"),
        (json!({"email": ""}), "email", "invalid email format"),
        (json!({"email": true}), "email", "must be a string"),
        (json!({"email": ["a@example.com"]}), "email", "must be a string"),
        (json!({"email": {"a": 1}}), "email", "must be a string"),
        (json!({"email": "john"}), "email", "invalid email format"),
        (json!({"email": "john@example"}), "email", "invalid email format"),
        (json!({"email": "a@example.com\r\nBcc: b@example.com"}), "email", "invalid email format"),
        (json!({"email": "a@example.com\u{0}"}), "email", "invalid email format"),
        (json!({"email": format!("{}@example.com", "a".repeat(117))}), "email", "value too long"),
        (json!({"email": "a@b.example", "password": 12_345_678}), "password", "must be a string"),
        (json!({"email": "a@b.example", "password": long(7)}), "password", "value too short"),
        (json!({"email": "a@b.example", "password": long(256)}), "password", "value too long"),
        (json!({"email": "a@b.example", "password": "password1"}), "password", "password is too common"),
        (json!({"email": "a@b.example", "organization": "Acme"}), "organization", "must be an object"),
        (json!({"email": "a@b.example", "organization": []}), "organization", "must be an object"),
        (json!({"email": "a@b.example", "organization": {"name": 1}}), "organization.name", "must be a string"),
        (json!({"email": "a@b.example", "organization": {"name": long(128)}}), "organization.name", "value too long"),
        (
            json!({"email": "a@b.example", "organization": {"name": "a\u{202e}b"}}),
            "organization.name",
            "contains a character that is not allowed",
        ),
        (json!({"email": "a@b.example", "organization": {"company": 1}}), "organization.company", "must be an object"),
        (
            json!({"email": "a@b.example", "organization": {"company": {"phone": "1".repeat(21)}}}),
            "organization.company.phone",
            "value too long",
        ),
        (
            json!({"email": "a@b.example", "organization": {"company": {"website": "w".repeat(256)}}}),
            "organization.company.website",
            "value too long",
        ),
    ];
    let world = World::default();
    for (body, field, words) in cases {
        let answer = world.anonymous().post("/v2/organizations", &body);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", answer.text);
        assert_eq!(answer.json()["invalid_fields"], json!({field: words}), "{body}");
    }
    assert_eq!((accounts(&world), world.touched()), (0, (0, 0)));
}

#[test]
fn z10_the_longest_values_that_the_api_allows_are_stored_whole() {
    let world = World::default();
    let face = |n: usize| "\u{1f600}".repeat(n);
    let body = json!({
        "email": format!("{}@{}.example", "a".repeat(64), "b".repeat(55)),
        "password": face(255),
        "organization": {"name": face(127), "company": {"phone": "1".repeat(20), "website": format!("https://example.com/{}", "w".repeat(235))}},
    });
    let answer = world.anonymous().post("/v2/organizations", &body);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()["email"].as_str().map(str::len), Some(128));
    assert_eq!(answer.json()["organization"]["name"], body["organization"]["name"]);
    assert_eq!(answer.json()["organization"]["company"], body["organization"]["company"]);
}

#[test]
fn ids_in_a_path_are_read_before_storage_is_asked() {
    let world = World::default();
    let (owner, created) = world.sign_up("john@example.com");
    for id in [
        "x",
        "0",
        "728b99be848c11ea9b91005056a007e9",
        "%7B728b99be-848c-11ea-9b91-005056a007e9%7D",
        "%2e%2e",
        "a%2Fb",
        "%00",
        "ME",
    ] {
        let answer = owner.get(&format!("/v2/accounts/{id}"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{id}: {}", answer.text);
        assert_eq!(answer.json()["invalid_fields"], json!({"account_id": "invalid uuid"}), "{id}");
        assert_eq!(answer.calls.database, 0, "{id}");
    }
    let answer = owner.get("/v2/accounts/%ff%fe");
    assert_eq!((answer.status, answer.calls.database), (StatusCode::BAD_REQUEST, 0), "{}", answer.text);
    let shouted = created["account_id"].as_str().expect("an id").to_uppercase();
    assert_eq!(owner.get(&format!("/v2/accounts/{shouted}")).json()["account_id"], created["account_id"]);
}

#[test]
fn unknown_paths_are_404_and_never_reach_storage_or_the_log() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    let before = world.touched();
    for path in [
        "/nowhere",
        "/v2",
        "/v2/",
        "/v2/accounts/",
        "//v2/accounts",
        "/V2/accounts",
        "/v2/accounts/me/x",
        "/v2/canary-path?canary-query",
        "/.env",
    ] {
        let answer = owner.get(path);
        assert_eq!(
            (answer.status, answer.json()["error"].as_str()),
            (StatusCode::NOT_FOUND, Some("resource_not_found")),
            "{path}"
        );
        assert_eq!(world.last_line()["route"], "unmatched", "{path}");
    }
    // Who looks at it in a browser is told on a page, and led on.
    for (path, on) in
        [("/panel/", "/panel"), ("/panel/persons?x=canary", "/panel"), ("/acount", "/"), ("/account/x", "/account")]
    {
        let looking = [("sec-fetch-dest", "document"), ("accept-language", "pl")];
        let answer = world.with_headers(Method::GET, path, &looking, Body::empty());
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::NOT_FOUND, "text/html; charset=utf-8"));
        assert!(answer.text.contains("Nic tu nie ma"), "{path}: {}", answer.text);
        assert!(answer.text.contains(&format!("<a href=\"{on}\">Dalej</a>")), "{path}: {}", answer.text);
        assert_eq!(world.last_line()["route"], "unmatched", "{path}");
    }
    assert_eq!(world.touched(), before);
    assert!(!world.lines().concat().contains("canary"));
}

#[test]
fn z1_another_organizations_account_is_told_like_an_absent_one() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    let (_, stranger) = world.sign_up("jane@example.com");
    let foreign = stranger["account_id"].as_str().expect("an id");
    let absent = foreign.replace(|c: char| c.is_ascii_digit(), "0");
    let told = |id: &str| {
        let answer = owner.get(&format!("/v2/accounts/{id}"));
        let mut body = answer.json();
        assert_eq!((answer.status, body["resource_id"].take().as_str()), (StatusCode::NOT_FOUND, Some(id)));
        body["request_id"] = Value::Null;
        (body, answer.headers, answer.calls)
    };
    assert_eq!(told(foreign), told(&absent));
}

/// A body of `chunks` chunks of 1 KiB whose length nobody announces.
fn unannounced(chunks: usize) -> Body {
    let chunk = Bytes::from(vec![b' '; 1024]);
    Body::from_stream(stream::iter((0..chunks).map(move |_| Ok::<_, std::io::Error>(chunk.clone()))))
}

#[test]
fn p9_the_edge_reads_ahead_no_more_than_the_service_takes() {
    assert_eq!(border::constant("MAX_BODY_BYTES"), "64 * 1024");
    assert_eq!(global_accounts::http::MAX_BODY_BYTES, LIMIT);
}

#[test]
fn p9_a_body_over_64_kib_is_refused_announced_or_not() {
    let world = World::default();
    let post =
        |headers: &[(&str, &str)], body: Body| world.with_headers(Method::POST, "/v2/organizations", headers, body);
    let too_large = [
        post(&[("content-length", "65537")], Body::from("{}")),
        post(&[("content-length", "99999999999999")], Body::empty()),
        post(&[], Body::from("x".repeat(LIMIT + 1))),
        post(&[], unannounced(65)),
        post(&[("content-length", "10")], unannounced(65)),
        post(&[("content-length", "nonsense")], unannounced(1_000_000)),
    ];
    for answer in too_large {
        assert_eq!(
            (answer.status, answer.calls),
            (StatusCode::PAYLOAD_TOO_LARGE, StorageCalls::default()),
            "{}",
            answer.text
        );
        assert_eq!(answer.json()["error"], "bad_request");
    }
    let body = json!({"email": "a@example.com"}).to_string();
    let whole = " ".repeat(LIMIT - body.len()) + &body;
    assert_eq!(post(&[], Body::from(whole)).status, StatusCode::OK, "64 KiB exactly");
    assert_eq!(post(&[], unannounced(64)).status, StatusCode::BAD_REQUEST, "64 KiB of white space are no JSON");
}

/// Every route, called by the owner, over a database that fails.
fn under(fault: Fault) -> Vec<(String, World, Answer)> {
    let paths = ["/v2/accounts", "/v2/accounts/me", "/v2/audit_log", "/v2/info"];
    let mut answers = Vec::new();
    for path in paths {
        let world = World::default();
        let (owner, _) = world.sign_up("john@example.com");
        world.database.set_fault(Some(fault));
        answers.push((path.to_owned(), world, owner.get(path)));
    }
    let world = World::default();
    world.database.set_fault(Some(fault));
    let answer = world.anonymous().post("/v2/organizations", &json!({"email": "a@example.com"}));
    answers.push(("/v2/organizations".to_owned(), world, answer));
    answers
}

#[test]
fn a_storage_failure_is_503_with_retry_after_and_tells_nothing() {
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        for (path, world, answer) in under(fault) {
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path} {fault:?}: {}", answer.text);
            assert_eq!(answer.header("retry-after"), "2", "{path}");
            assert_eq!(answer.json()["error"], "temporarily_unavailable", "{path}");
            assert!(!answer.text.contains("injected"), "{path}: {}", answer.text);
            let line = world.last_line();
            assert_eq!(line["level"], "error", "{path}");
            assert!(
                line["error"].as_str().is_some_and(|error| error.contains("injected")),
                "the operator is told: {line}"
            );
        }
    }
}

#[test]
fn r13_a_sign_up_whose_answer_was_lost_is_never_answered_200_and_is_not_done_twice() {
    let world = World::default();
    world.database.set_fault(Some(Fault::LostLater(1)));
    let body = json!({"email": "a@example.com", "password": "BG0SaleEBL"});
    let answer = world.anonymous().post("/v2/organizations", &body);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::SERVICE_UNAVAILABLE, 2));
    assert!(!answer.text.contains("dal:") && !answer.text.contains("a@example.com"), "{}", answer.text);
    let stored = |world: &World| -> Vec<i64> {
        let tables = [
            "account",
            "organization",
            "membership",
            "membership_role",
            "session",
            "access_token",
            "password",
            "audit_log",
        ];
        tables.iter().map(|table| world.database.value(&format!("SELECT count(*) FROM {table}"))).collect()
    };
    assert_eq!(stored(&world), [1; 8], "it did commit, which nobody could know");
    world.database.set_fault(None);
    let again = world.anonymous().post("/v2/organizations", &body);
    assert_eq!(again.status, StatusCode::CONFLICT, "the retry is told so");
    assert_eq!(stored(&world), [1; 8]);
}

#[test]
fn a_sign_up_that_fails_at_any_of_its_batches_leaves_nothing() {
    for works in 0..2 {
        let world = World::default();
        world.database.set_fault(Some(Fault::Later(works)));
        let answer = world.anonymous().post("/v2/organizations", &json!({"email": "a@example.com"}));
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{works}");
        assert_eq!(accounts(&world), 0, "{works}");
        world.database.set_fault(None);
        let retried = world.anonymous().post("/v2/organizations", &json!({"email": "a@example.com"}));
        assert_eq!(retried.status, StatusCode::OK, "{works}: {}", retried.text);
    }
}

#[test]
fn l5_an_unexpected_fault_is_500_tells_nothing_and_undoes_everything() {
    let broken = [
        "DROP TABLE password",
        "DROP TABLE throttle",
        "DROP VIEW held_scope",
        "DELETE FROM role_scope",
        "DROP TABLE audit_detail",
    ];
    for damage in broken {
        let world = World::default();
        world.database.raw().pragma_update(None, "foreign_keys", false).expect("off");
        world.database.execute(damage);
        let body = json!({"email": "canary@example.com", "password": "BG0SaleEBL"});
        let answer = world.anonymous().post("/v2/organizations", &body);
        if damage.starts_with("DELETE") {
            assert_eq!(answer.status, StatusCode::OK, "a role without scopes is an operator's choice");
            continue;
        }
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{damage}: {}", answer.text);
        assert_eq!(answer.json()["error"], "server_error", "{damage}");
        for detail in ["no such", "SQL", "sql", "table", "password", "throttle", "scope", "src/", "canary"] {
            assert!(!answer.text.contains(detail), "{damage}: {}", answer.text);
        }
        assert_eq!(accounts(&world), 0, "{damage}");
        let line = world.last_line();
        assert!(line["error"].as_str().is_some_and(|error| error.contains("no such table")), "{damage}: {line}");
    }
}

#[test]
fn l4_a_row_that_cannot_be_read_is_500_and_its_values_stay_out_of_answer_and_log() {
    let rows = [
        ("UPDATE access_token SET scopes = '\"canary-value\"'", "/v2/info"),
        ("UPDATE access_token SET scopes = '[{\"canary-value\":1}]'", "/v2/info"),
        ("UPDATE access_token SET scopes = '[7]'", "/v2/info"),
    ];
    for (damage, path) in rows {
        let world = World::default();
        let (owner, _) = world.sign_up("john@example.com");
        world.database.execute(damage);
        let answer = owner.get(path);
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{damage}: {}", answer.text);
        assert!(!answer.text.contains("canary"), "{damage}: {}", answer.text);
        let line = world.last_line().to_string();
        assert!(line.contains("LiveToken"), "the operator is told what cannot be read: {line}");
        assert!(!line.contains("canary"), "{line}");
    }
}

#[test]
fn without_its_secrets_the_service_answers_503_and_the_log_says_what_to_set() {
    let world = World::default();
    let problems =
        Config::read(|name| (name == "PASSWORD_PEPPER").then(|| "canary".to_owned())).err().expect("problems");
    let response = global_accounts::http::unconfigured(&problems, "a-request-id", &world.log);
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    for (name, value) in
        [("retry-after", "2"), ("access-control-allow-origin", "*"), ("x-content-type-options", "nosniff")]
    {
        assert_eq!(response.headers()[name], value);
    }
    let body = futures_executor::block_on(axum::body::to_bytes(response.into_body(), LIMIT)).expect("a body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!((&body["error"], &body["request_id"]), (&"temporarily_unavailable".into(), &"a-request-id".into()));
    let line = world.last_line();
    assert_eq!((&line["level"], &line["request_id"]), (&"error".into(), &"a-request-id".into()));
    for variable in ["MASTER_SECRET", "PASSWORD_PEPPER"] {
        assert!(line["problems"].to_string().contains(variable), "{line}");
        assert!(!body.to_string().contains(variable), "a caller learns nothing: {body}");
    }
    assert!(!line.to_string().contains("canary"), "no value is repeated: {line}");
}

#[test]
fn head_answers_like_get_without_a_body() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    let forged = world.bearer("dal:forged");
    for (client, path) in [
        (&owner, "/v2/accounts/me"),
        (&owner, "/v2/accounts"),
        (&owner, "/health"),
        (&forged, "/v2/accounts"),
        (&owner, "/v2/nowhere"),
    ] {
        let (get, head) = (client.get(path), client.send(Method::HEAD, path, Body::empty()));
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert_eq!(world.last_line()["method"], "HEAD", "{path}");
    }
    let head = owner.send(Method::HEAD, "/v2/accounts/me/roles", Body::empty());
    assert_eq!((head.status, head.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "PUT"));
}

#[test]
fn s7_a_preflight_says_yes_without_storage_and_leaves_its_log_line() {
    let world = World::default();
    let ask = |path: &str, method: &str| {
        let headers = [
            ("origin", "https://product.example"),
            ("access-control-request-method", method),
            ("access-control-request-headers", "authorization,content-type"),
        ];
        world.with_headers(Method::OPTIONS, path, &headers, "")
    };
    for (at, path) in ["/v2/accounts/me", "/v2/organizations", "/v2/nowhere", "/token", "/info"].into_iter().enumerate()
    {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let answer = ask(path, method);
            assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""), "{method} {path}");
            assert!(answer.header("access-control-allow-methods").contains(method), "{method} {path}");
        }
        let answer = ask(path, "DELETE");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "the asking origin is never reflected");
        assert_eq!(answer.header("access-control-allow-headers"), "Authorization, Content-Type");
        assert_eq!(answer.header("access-control-max-age"), "86400");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        assert_eq!(world.lines().len(), (at + 1) * 6, "one line a request");
        let line = world.last_line();
        assert_eq!((&line["method"], &line["status"]), (&"OPTIONS".into(), &204.into()));
    }
    assert_eq!(world.touched(), (0, 0));
    let page = ask("/health", "GET");
    assert_eq!(
        (page.status, page.header("access-control-allow-origin")),
        (StatusCode::METHOD_NOT_ALLOWED, ""),
        "not for browsers"
    );
    let plain = world.with_headers(Method::OPTIONS, "/v2/info", &[("origin", "https://product.example")], "");
    assert_eq!((plain.status, plain.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"), "no preflight");
}
