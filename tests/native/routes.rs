//! Every line of the route table, by enumeration: what is added later is asked the same questions.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use global_accounts::app::StorageCalls;
use global_accounts::authz::operation::Operation;
use global_accounts::authz::policy::{self, Credentials};
use global_accounts::http::router::{ROUTES, Route};
use http::{Method, StatusCode};

use crate::support::client::World;
use crate::support::exercise::exercise_everything;
use crate::support::routes::path;
use crate::support::source;

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// The unversioned aliases of old clients do what the versioned path does.
fn without_version(path: &str) -> &str {
    path.strip_prefix("/v2").unwrap_or(path)
}

/// A page's form that does what an operation of the API does.
fn is_form_of_the_api(route: &Route) -> bool {
    route.is_page() && ROUTES.iter().any(|other| other.operation == route.operation && !other.is_page())
}

/// Further lines of an operation of pages.
const FURTHER: &[(&str, &str)] =
    &[("GET", "/signin"), ("GET", "/signin/signup"), ("GET", "/signup"), ("GET", "/signout")];

fn is_further(route: &Route) -> bool {
    FURTHER.contains(&(route.method.as_str(), route.path))
}

#[test]
fn an_operation_is_one_method_of_one_path() {
    let mut places: BTreeMap<Operation, BTreeSet<(&str, &str)>> = BTreeMap::new();
    let mut lines = BTreeSet::new();
    for route in ROUTES {
        assert!(lines.insert((route.method.as_str(), route.path)), "{} {} stands twice", route.method, route.path);
        if !is_form_of_the_api(route) && !is_further(route) {
            places.entry(route.operation).or_default().insert((route.method.as_str(), without_version(route.path)));
        }
    }
    for (operation, places) in places {
        assert_eq!(places.len(), 1, "{operation:?}: {places:?}");
    }
}

#[test]
fn the_router_takes_each_method_of_the_table_and_answers_405_to_every_other() {
    let world = World::default();
    let templates: BTreeSet<&str> = ROUTES.iter().map(|route| route.path).collect();
    for template in templates {
        let lines: Vec<_> = ROUTES.iter().filter(|route| route.path == template).collect();
        let mut allowed: BTreeSet<&str> = lines.iter().map(|route| route.method.as_str()).collect();
        if allowed.contains("GET") {
            allowed.insert("HEAD");
        }
        let others = ["TRACE", "OPTIONS", "CONNECT", "PROPFIND", "get"]
            .map(|name| Method::from_bytes(name.as_bytes()).expect("a method"));
        for method in METHODS.into_iter().chain([Method::HEAD]).chain(others) {
            let answer = world.anonymous().send(method.clone(), &path(lines[0]), Body::empty());
            let line = world.last_line();
            if allowed.contains(method.as_str()) {
                assert_ne!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {template}");
                assert_eq!(line["route"], template, "{method}: the log has the template");
            } else {
                assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {template}: {}", answer.text);
                assert_eq!(answer.calls, StorageCalls::default(), "{method} {template}");
                let told: BTreeSet<&str> = answer.header("allow").split(',').map(str::trim).collect();
                assert_eq!(told, allowed, "{method} {template}");
            }
        }
    }
}

#[test]
fn z1_whoever_must_show_a_credential_is_refused_without_one_and_with_a_forged_one() {
    let world = World::default();
    let mut demanding = 0;
    for route in ROUTES {
        let credentials = policy::rule(route.operation).credentials;
        if matches!(credentials, Credentials::None) {
            continue;
        }
        let place = format!("{} {}", route.method, route.path);
        let send = |headers: &[(&str, &str)]| {
            world.with_headers(route.method.clone(), &path(route), headers, "{ this body is never read")
        };
        let forged = send(&[("authorization", "Bearer dal:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]);
        let refusal = match route.operation {
            // Who comes from no page of ours is told so; who follows a link is asked to sign in.
            _ if route.is_page() && route.method == Method::POST => StatusCode::FORBIDDEN,
            _ if route.is_page() => StatusCode::SEE_OTHER,
            Operation::RevokeToken => StatusCode::NOT_FOUND,
            _ => StatusCode::UNAUTHORIZED,
        };
        assert_eq!(forged.status, refusal, "{place}: {}", forged.text);
        assert_eq!(forged.calls, StorageCalls::default(), "{place}");
        let without = send(&[]);
        assert_eq!(without.calls, StorageCalls::default(), "{place}");
        if matches!(credentials, Credentials::Any | Credentials::Bearer | Credentials::Page) {
            demanding += 1;
            assert_eq!(without.status, refusal, "{place}: {}", without.text);
            assert!(!without.header("www-authenticate").contains("error="), "F6 {place}");
        }
    }
    assert!(demanding >= 3, "{demanding} routes demand a credential");
    assert_eq!(world.touched(), (0, 0), "no adapter heard of any of it");
}

#[test]
fn whoever_needs_no_credential_is_not_asked_for_one() {
    let world = World::default();
    for route in ROUTES.iter().filter(|route| policy::rule(route.operation).credentials == Credentials::None) {
        for headers in [&[][..], &[("authorization", "Bearer forged")], &[("authorization", "")]] {
            let answer = world.with_headers(route.method.clone(), &path(route), headers, "");
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{} {}: {}", route.method, route.path, answer.text);
        }
    }
}

#[test]
fn every_route_is_exercised() {
    let world = World::default();
    let answered: BTreeSet<(String, &str)> =
        exercise_everything(&world).into_iter().map(|(method, template, _)| (method.to_string(), template)).collect();
    let table: BTreeSet<(String, &str)> = ROUTES.iter().map(|route| (route.method.to_string(), route.path)).collect();
    assert_eq!(
        table.difference(&answered).collect::<Vec<_>>(),
        Vec::<&(String, &str)>::new(),
        "extend support::exercise"
    );
    assert_eq!(
        answered.difference(&table).collect::<Vec<_>>(),
        Vec::<&(String, &str)>::new(),
        "no such line in the table"
    );
}

/// An operation's comment and its endpoint's file both begin with the method and the template.
#[test]
fn every_route_is_documented_where_a_reader_looks() {
    let operations = source::read("src/authz/operation.rs");
    let endpoints = source::files("src/http");
    for route in
        ROUTES.iter().filter(|route| route.path == "/health" || route.is_page() || route.path.starts_with("/v2/"))
    {
        if is_further(route) {
            continue;
        }
        let (line, operation) = (format!("{} {}", route.method, route.path), format!("{:?}", route.operation));
        let documented = format!("/// `{line}`\n    {operation},");
        assert!(
            is_form_of_the_api(route) || operations.contains(&documented),
            "src/authz/operation.rs lacks {documented}"
        );
        let heading = format!("//! `{line}`");
        let files: Vec<&str> =
            endpoints.iter().filter(|(_, text)| text.starts_with(&heading)).map(|(path, _)| path.as_str()).collect();
        assert_eq!(files.len(), 1, "one file below src/http begins with {heading}: {files:?}");
    }
}

#[test]
fn one_endpoint_is_one_file_and_every_endpoint_file_is_in_the_table() {
    let handlers: Vec<(String, usize)> = source::files("src/http")
        .into_iter()
        .map(|(path, text)| (path, text.matches("async fn handler(").count()))
        .filter(|(_, handlers)| *handlers > 0)
        .collect();
    assert!(handlers.iter().all(|(_, handlers)| *handlers == 1), "{handlers:?}");
    let lines: BTreeSet<String> = ROUTES.iter().map(|route| format!("//! `{} {}`", route.method, route.path)).collect();
    for (path, _) in &handlers {
        let text = source::read(&format!("src/http/{path}"));
        assert!(lines.iter().any(|line| text.starts_with(line)), "{path} is no line of the table");
    }
}
