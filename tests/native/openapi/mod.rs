//! The API's description: `docs/openapi.json` and `docs/reference.html`, made from the route table, the policy table
//! and `docs/api/*.json`. `make docs` writes them anew; the Worker serves the files as they are.

mod document;
mod json;
mod page;
mod refusal;

use std::collections::BTreeSet;
use std::fs;

use global_accounts::authz::operation::Operation;
use global_accounts::domain::{account, address, client, email, organization, password, personal_token, role, scope};
use global_accounts::http::router::{ROUTES, Route};
use http::StatusCode;

use self::document::{Sources, document};
use self::json::{Json, Object};
use crate::support::client::{Answer, World};

const DOCUMENT: &str = "docs/openapi.json";
const PAGE: &str = "docs/reference.html";

fn made() -> Object {
    document(&Sources::read()).as_object().clone()
}

/// The routes that the description is about: all but the pages.
fn api() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| !route.is_page())
}

/// Every operation with its path and method.
fn operations(document: &Object) -> Vec<(String, String, Object)> {
    let of = |(path, methods): &(String, Json)| {
        let methods = methods.as_object().0.clone();
        methods
            .into_iter()
            .map(|(method, object)| (path.clone(), method, object.as_object().clone()))
            .collect::<Vec<_>>()
    };
    document.fields("paths").iter().flat_map(of).collect()
}

/// With `UPDATE_DOCS` set, writes the files instead of comparing them.
#[test]
fn the_checked_in_description_is_fresh() {
    let document = made();
    for (path, text) in [(DOCUMENT, Json::from(document.clone()).pretty()), (PAGE, page::page(&document))] {
        match std::env::var_os("UPDATE_DOCS") {
            Some(_) => fs::write(path, &text).expect("docs can be written"),
            None => {
                let kept = fs::read_to_string(path).unwrap_or_default();
                assert!(kept == text, "{path} is stale. Write it anew: make docs");
            }
        }
    }
}

#[test]
fn every_operation_is_described_and_every_description_is_of_an_operation() {
    let sources = Sources::read();
    let described = sources.described();
    let names: BTreeSet<&str> = described.iter().copied().collect();
    assert_eq!(names.len(), described.len(), "an operation is described twice");
    let all: Vec<String> = api().map(|route| format!("{:?}", route.operation)).collect();
    assert_eq!(names, all.iter().map(String::as_str).collect(), "docs/api/*.json against src/authz/operation.rs");
}

#[test]
fn routes_and_operations_of_the_document_are_the_same() {
    let listed: BTreeSet<(String, String)> =
        operations(&made()).into_iter().map(|(path, method, _)| (path, method.to_uppercase())).collect();
    for route in api() {
        let first = document::route(route.operation).expect("a route");
        let expected = document::is_same(first, route);
        let found = listed.contains(&(route.path.to_owned(), route.method.to_string()));
        assert_eq!(found, expected, "{} {}", route.method, route.path);
    }
    let distinct: BTreeSet<Operation> = api().map(|route| route.operation).collect();
    assert_eq!(listed.len(), distinct.len());
}

#[test]
fn names_are_unique_and_references_lead_somewhere() {
    let document = made();
    let ids: Vec<String> =
        operations(&document).iter().map(|(.., object)| object.text("operationId").to_owned()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let mut references = 0;
    Json::from(document.clone()).walk("", &mut |pointer, value| {
        if let Json::Object(object) = value
            && object.get("$ref").is_some()
        {
            assert!(!pointer.contains("/example"), "{pointer}");
            page::resolve(&document, value);
            references += 1;
        }
    });
    assert!(references > 20, "{references}");
}

/// Each path parameter is described, and each described one is in the path.
#[test]
fn path_parameters_are_those_of_the_path() {
    let document = made();
    for (path, method, object) in operations(&document) {
        let described: BTreeSet<String> = object
            .items("parameters")
            .iter()
            .map(|parameter| page::resolve(&document, parameter))
            .filter(|parameter| parameter.text("in") == "path")
            .map(|parameter| parameter.text("name").to_owned())
            .collect();
        let written: BTreeSet<String> =
            path.split('/').filter_map(|part| Some(part.strip_prefix('{')?.strip_suffix('}')?.to_owned())).collect();
        assert_eq!(described, written, "{method} {path}");
    }
}

/// Which constant holds for a field of a schema.
fn limit_of(schema: &str, field: &str, limit: &str) -> Option<usize> {
    Some(match (schema, field, limit) {
        (_, "email", "maxLength") => email::MAX_LENGTH,
        (_, "password", "minLength") => password::MIN_LENGTH,
        (_, "password", "maxLength") => password::MAX_LENGTH,
        (_, "phone", "maxLength") => organization::MAX_PHONE,
        (_, "website" | "avatar_url", "maxLength") => address::MAX_LENGTH,
        (_, "product" | "default_product", "maxLength") => account::MAX_PRODUCT,
        (_, "role", "maxLength") => role::MAX_NAME,
        (_, "roles" | "set_roles" | "delete_roles", "maxItems") => role::MAX_CHANGES,
        (_, "scopes", "maxItems") => scope::MAX_LIST,
        ("Account" | "NewAccount" | "AccountChanges" | "Invitation" | "NewInvitation", "name", "maxLength") => {
            account::MAX_NAME
        }
        ("Organization" | "OrganizationChanges", "name", "maxLength") => organization::MAX_NAME,
        ("NewClient" | "ClientChanges", "name", "maxLength") => client::MAX_NAME,
        ("NewPersonalToken", "name", "maxLength") => personal_token::MAX_NAME,
        ("NewPersonalToken", "expires_in", "maximum") => usize::try_from(personal_token::MAX_LIFETIME_SECONDS).ok()?,
        _ => return None,
    })
}

#[test]
fn limits_are_those_of_the_code() {
    let mut checked = 0;
    for part in Sources::read().parts {
        Json::from(part).walk("", &mut |pointer, value| {
            let steps: Vec<&str> = pointer.split('/').collect();
            let &["", section, schema, .., field, limit] = steps.as_slice() else { return };
            let schema = if section == "schemas" { schema } else { "" };
            let Some(expected) = limit_of(schema, field, limit) else { return };
            assert_eq!(value, &Json::Number(expected.into()), "{pointer}");
            checked += 1;
        });
    }
    assert!(checked >= 30, "{checked}");
}

/// The words of the error examples are those that the service says.
#[test]
fn error_examples_are_what_the_service_says() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    let document = made();
    let absent = "00000000-0000-7000-8000-000000000000";
    let said: [(&str, &str, StatusCode, Answer); 4] = [
        ("/v2/accounts", "get", StatusCode::UNAUTHORIZED, world.anonymous().get("/v2/accounts")),
        ("/v2/accounts", "get", StatusCode::UNPROCESSABLE_ENTITY, owner.get("/v2/accounts?limit=0")),
        ("/v2/accounts/{account_id}", "get", StatusCode::NOT_FOUND, owner.get(&format!("/v2/accounts/{absent}"))),
        ("/v2/accounts/{account_id}", "get", StatusCode::UNPROCESSABLE_ENTITY, owner.get("/v2/accounts/x")),
    ];
    for (path, method, status, answer) in said {
        assert_eq!(answer.status, status);
        let operation =
            operations(&document).into_iter().find(|(at, by, _)| at == path && by == method).expect("described").2;
        let response =
            operation.get("responses").expect("responses").as_object().get(status.as_str()).expect("a status");
        let content = page::resolve(&document, response).fields("content");
        let example = content[0].1.as_object().get("example").expect("an example").as_object();
        for (name, value) in &example.0 {
            if !matches!(name.as_str(), "request_id" | "resource_id") {
                assert_eq!(&Json::parse(&answer.json()[name].to_string()), value, "{method} {path} {status} {name}");
            }
        }
    }
}

#[test]
fn both_are_served_as_they_are_kept() {
    let world = World::default();
    for (path, kept, media_type) in
        [("/openapi.json", DOCUMENT, "application/json"), ("/docs", PAGE, "text/html; charset=utf-8")]
    {
        let answer = world.anonymous().get(path);
        assert_eq!((answer.status, answer.calls.database, answer.calls.cache), (StatusCode::OK, 0, 0));
        assert_eq!(answer.header("content-type"), media_type);
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.text, fs::read_to_string(kept).expect("a file"));
        let tag = answer.header("etag").to_owned();
        for (given, expected) in [
            (tag.as_str(), StatusCode::NOT_MODIFIED),
            (tag.trim_start_matches("W/"), StatusCode::NOT_MODIFIED),
            (&format!("\"other\", {tag}"), StatusCode::NOT_MODIFIED),
            ("*", StatusCode::NOT_MODIFIED),
            ("\"other\"", StatusCode::OK),
        ] {
            let request = http::Request::builder().uri(path).header("if-none-match", given);
            let again = world.send(request.body(axum::body::Body::empty()).expect("a request"));
            assert_eq!((again.status, again.header("etag")), (expected, tag.as_str()), "{given}");
            assert_eq!(again.text.is_empty(), expected == StatusCode::NOT_MODIFIED);
        }
    }
}

/// A gzip member is bytes that no text is, so it is looked at below the client of the other tests.
#[test]
fn both_are_sent_compressed_to_whoever_takes_that() {
    let world = World::default();
    for (path, kept) in [("/openapi.json", DOCUMENT), ("/docs", PAGE)] {
        let plain = world.anonymous().get(path);
        assert_eq!((plain.header("vary"), plain.header("content-encoding")), ("Accept-Encoding", ""));
        let request = http::Request::builder().uri(path).header("accept-encoding", "br, gzip");
        let (headers, member) = world.send_for_bytes(request.body(axum::body::Body::empty()).expect("a request"));
        let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().expect("ASCII")).to_owned();
        assert_eq!((header("content-encoding"), header("vary")), ("gzip".into(), "Accept-Encoding".into()));
        assert_eq!(
            (header("etag"), header("content-type")),
            (plain.header("etag").into(), plain.header("content-type").into())
        );
        assert!(member.len() < 42_000, "{} bytes", member.len());
        let gunzip =
            std::process::Command::new("gzip").args(["-dc"]).stdin(file_with(&member)).output().expect("gzip runs");
        assert!(gunzip.status.success(), "{}", String::from_utf8_lossy(&gunzip.stderr));
        assert!(gunzip.stdout == fs::read(kept).expect("a file"), "{path}");
    }
}

/// The bytes as a standard input.
fn file_with(bytes: &[u8]) -> fs::File {
    let path = std::env::temp_dir().join(format!("global-accounts-{}-{}.gz", std::process::id(), bytes.len()));
    fs::write(&path, bytes).expect("a temporary file");
    let file = fs::File::open(&path).expect("the file");
    fs::remove_file(&path).expect("the file");
    file
}

/// The page needs nothing but itself, and its policy allows nothing else.
#[test]
fn a16_the_page_loads_nothing_and_runs_nothing() {
    let answer = World::default().anonymous().get("/docs");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"));
    for forbidden in ["<script", "<link", "<img", "<iframe", "style=\"", "url(", "@import", "http://", "javascript:"] {
        assert!(!answer.text.contains(forbidden), "{forbidden}");
    }
    let outside: Vec<&str> =
        answer.text.split("href=\"").skip(1).filter(|link| !link.starts_with(['#', '/'])).collect();
    assert!(outside.is_empty(), "{outside:?}");
    let ids: BTreeSet<&str> = answer.text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.len(), answer.text.matches(" id=\"").count(), "an id is there twice");
    for link in answer.text.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(link), "#{link} leads nowhere");
    }
}
