//! The layers hold: imports that must never exist do not exist.
//!
//! Two more rules are held elsewhere: the platform's crates are dependencies of the wasm32 target only, so the native
//! build fails on them; and `clippy.toml` and the lints of `Cargo.toml` forbid clocks, random ids and panics.

use std::fs;
use std::path::{Path, PathBuf};

/// Words that must not stand in files below `inside` (all of `src` when empty), except in those below `outside`.
struct Rule {
    name: &'static str,
    inside: &'static [&'static str],
    outside: &'static [&'static str],
    words: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule {
        name: "the platform is known at the edge only",
        inside: &[],
        outside: &["edge/", "lib.rs"],
        words: &["worker::", "wasm_bindgen", "js_sys", "web_sys", "getrandom", "target_arch"],
    },
    Rule {
        name: "axum stays in http and edge",
        inside: &[],
        outside: &["http/", "http.rs", "edge/"],
        words: &[
            "axum::",
            "http::header",
            "http::Method",
            "http::Status",
            "http::Request",
            "http::Response",
            "http_body",
        ],
    },
    Rule {
        name: "the core of rules does no I/O",
        inside: &["domain/", "authz/", "oauth/"],
        outside: &[],
        words: &["crate::ports", "crate::store", "crate::app", "crate::usecase", "serde_json"],
    },
    Rule {
        name: "the store is reached through use cases",
        inside: &["http/", "edge/", "domain/", "authz/", "oauth/", "ports", "config.rs", "app.rs"],
        outside: &["edge/contract.rs"],
        words: &["crate::store", "store::"],
    },
    Rule {
        name: "use cases are reached from http and the scheduled entry",
        inside: &["domain/", "authz/", "oauth/", "store/", "ports", "config.rs", "app.rs"],
        outside: &[],
        words: &["crate::usecase", "usecase::"],
    },
    Rule {
        name: "the wire is known in http only",
        inside: &["domain/", "authz/", "oauth/", "store/", "usecase/", "ports"],
        outside: &[],
        words: &["crate::http"],
    },
];

/// What a line of SQL looks like, inside a string.
const SQL: &[&str] = &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "];

fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let uncommented = |line: &'_ str| !line.trim_start().starts_with("//");
    text.lines().enumerate().filter(move |(_, line)| uncommented(line)).map(|(number, line)| (number + 1, line))
}

fn breaches(rule: &Rule, path: &str, text: &str) -> Vec<String> {
    let within = |places: &[&str]| places.iter().any(|place| path.starts_with(place));
    if within(rule.outside) || !(rule.inside.is_empty() || within(rule.inside)) {
        return Vec::new();
    }
    code(text)
        .filter(|(_, line)| rule.words.iter().any(|word| has_word(line, word)))
        .map(|(number, line)| format!("src/{path}:{number}: {}: {}", rule.name, line.trim()))
        .collect()
}

/// `store::` is a word in `use crate::store::x`, not in `restore::x`.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

fn sql_breaches(path: &str, text: &str) -> Vec<String> {
    if path.starts_with("store/") {
        return Vec::new();
    }
    code(text)
        .filter(|(_, line)| line.contains('"') && SQL.iter().any(|word| line.contains(word)))
        .map(|(number, line)| format!("src/{path}:{number}: SQL outside the store: {}", line.trim()))
        .collect()
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open: Vec<PathBuf> = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let name = path.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
                    found.push((name, fs::read_to_string(&path).expect("UTF-8")));
                }
            }
        }
    }
    found
}

#[test]
fn imports_that_must_never_exist_do_not_exist() {
    let sources = sources();
    assert!(sources.len() > 50, "{} files", sources.len());
    let all: Vec<String> = sources
        .iter()
        .flat_map(|(path, text)| {
            RULES.iter().flat_map(|rule| breaches(rule, path, text)).chain(sql_breaches(path, text)).collect::<Vec<_>>()
        })
        .collect();
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

/// Each rule fires on a line that breaks it, and only where it should.
#[test]
fn each_rule_is_seen_to_fail() {
    let broken = [
        (0, "domain/x.rs", "use worker::Env;"),
        (0, "usecase/x.rs", "    js_sys::Date::now();"),
        (1, "usecase/x.rs", "use axum::body::Body;"),
        (1, "domain/x.rs", "use http::StatusCode;"),
        (2, "oauth/x.rs", "use crate::ports::Clock;"),
        (2, "domain/x.rs", "use serde_json::Value;"),
        (3, "http/accounts/x.rs", "use crate::store::accounts;"),
        (3, "edge/x.rs", "crate::store::catalogue::schema_version()"),
        (4, "store/x.rs", "use crate::usecase::Failure;"),
        (5, "usecase/x.rs", "use crate::http::fields::Fields;"),
    ];
    for (rule, path, line) in broken {
        assert_eq!(breaches(&RULES[rule], path, line).len(), 1, "{path}: {line}");
        assert!(breaches(&RULES[rule], path, &format!("// {line}")).is_empty(), "a comment is no import");
    }
    assert_eq!(sql_breaches("usecase/x.rs", r#"Statement::new("SELECT 1")"#).len(), 1);
    assert!(sql_breaches("store/x.rs", r#"Statement::new("SELECT 1")"#).is_empty());
    assert!(breaches(&RULES[0], "edge/d1.rs", "use worker::Env;").is_empty());
}
