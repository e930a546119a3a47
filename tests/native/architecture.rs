//! The layers hold: imports that must never exist do not exist.
//!
//! Two more rules are held elsewhere, and that they still are is asked here: the platform's crates are dependencies of
//! the wasm32 target only, so the native build fails on them; and `clippy.toml` and the lints of `Cargo.toml` forbid
//! clocks, random ids and panics.

use crate::support::source;

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
        outside: &["http/", "edge/"],
        words: &["axum::", "http::", "http_body"],
    },
    Rule {
        name: "the core of rules does no I/O",
        inside: &["domain/", "authz/", "oauth/", "mail/"],
        outside: &[],
        words: &["crate::ports", "crate::store", "crate::app", "crate::config", "crate::usecase", "serde_json"],
    },
    Rule {
        name: "the verifier of passkeys is given bytes",
        inside: &["webauthn/"],
        outside: &[],
        words: &[
            "crate::ports",
            "crate::store",
            "crate::app",
            "crate::config",
            "crate::usecase",
            "crate::http",
            "crate::domain",
            "crate::oauth",
            "SystemTime",
        ],
    },
    Rule {
        name: "the store is reached through use cases",
        inside: &["http/", "edge/", "domain/", "authz/", "oauth/", "ports", "config", "app"],
        outside: &["edge/contract.rs"],
        words: &["crate::store", "store::"],
    },
    Rule {
        name: "use cases are reached from http and the scheduled entry",
        inside: &["domain/", "authz/", "oauth/", "store/", "ports", "config", "app"],
        outside: &[],
        words: &["crate::usecase", "usecase::"],
    },
    Rule {
        name: "the wire is known in http only",
        inside: &["domain/", "authz/", "oauth/", "store/", "usecase/", "ports"],
        outside: &[],
        words: &["crate::http"],
    },
    Rule {
        name: "an endpoint's operation is chosen by the route table",
        inside: &["http/", "usecase/", "edge/"],
        outside: &["http/router.rs"],
        words: &["Operation::"],
    },
    Rule {
        name: "statements are made in the store",
        inside: &[],
        outside: &["store/", "ports/database.rs"],
        words: &["Statement::new"],
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

/// Looks at whole literals, so that SQL which begins on its second line is seen too.
fn sql_breaches(path: &str, text: &str) -> Vec<String> {
    if path.starts_with("store/") {
        return Vec::new();
    }
    let is_sql = |literal: &String| SQL.iter().any(|word| literal.contains(word));
    let found = source::literals(text).into_iter().filter(|(_, literal)| is_sql(literal));
    found.map(|(line, literal)| format!("src/{path}:{line}: SQL outside the store: {}", literal.trim())).collect()
}

#[test]
fn imports_that_must_never_exist_do_not_exist() {
    let sources = source::files("src");
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
        (3, "webauthn/x.rs", "use crate::store::passkeys;"),
        (3, "webauthn/x.rs", "use crate::app::App;"),
        (4, "http/accounts/x.rs", "use crate::store::accounts;"),
        (4, "edge/x.rs", "crate::store::catalogue::schema_version()"),
        (4, "config/x.rs", "use crate::store::catalogue;"),
        (4, "app/x.rs", "use crate::store::accounts;"),
        (5, "store/x.rs", "use crate::usecase::Failure;"),
        (5, "config/x.rs", "use crate::usecase::Failure;"),
        (5, "app/x.rs", "use crate::usecase::Failure;"),
        (6, "usecase/x.rs", "use crate::http::fields::Fields;"),
        (1, "usecase/x.rs", "use http::{HeaderMap, Uri};"),
        (2, "domain/x.rs", "use crate::config::Config;"),
        (7, "http/accounts/x.rs", "let caller = Caller { operation: Operation::GetAccount, credential };"),
        (8, "usecase/x.rs", "batch.push(Statement::new(text));"),
    ];
    for (rule, path, line) in broken {
        assert_eq!(breaches(&RULES[rule], path, line).len(), 1, "{path}: {line}");
        assert!(breaches(&RULES[rule], path, &format!("// {line}")).is_empty(), "a comment is no import");
    }
    assert_eq!(sql_breaches("usecase/x.rs", r#"Statement::new("SELECT 1")"#).len(), 1);
    assert_eq!(sql_breaches("usecase/x.rs", "const TEXT: &str = \"\nWITH a AS (\n  SELECT 1)\";").len(), 1);
    assert_eq!(sql_breaches("usecase/x.rs", "let a = '\"'; let b = r#\"DELETE FROM account\"#;").len(), 1);
    assert!(sql_breaches("usecase/x.rs", "// \"SELECT 1\"\nfn a<'a>(b: &'a str) {}").is_empty());
    assert!(sql_breaches("store/x.rs", r#"Statement::new("SELECT 1")"#).is_empty());
    assert!(breaches(&RULES[0], "edge/d1.rs", "use worker::Env;").is_empty());
}

/// What clippy refuses outside tests, asked of the files that tell it so.
#[test]
fn clippy_forbids_clocks_random_ids_and_panics() {
    let clippy = source::read("clippy.toml");
    for path in [
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "chrono::Utc::now",
        "uuid::Uuid::new_v4",
        "uuid::Uuid::now_v7",
    ] {
        let line = clippy.lines().find(|line| line.contains(&format!("path = \"{path}\"")));
        assert!(line.is_some_and(|line| line.contains("reason = \"")), "{path}: {line:?}");
    }
    let manifest = source::read("Cargo.toml");
    for lint in [
        "unwrap_used",
        "expect_used",
        "panic",
        "indexing_slicing",
        "string_slice",
        "todo",
        "unimplemented",
        "unreachable",
        "print_stdout",
        "dbg_macro",
    ] {
        assert!(manifest.contains(&format!("\n{lint} = \"deny\"\n")), "{lint}");
    }
    for lint in ["missing_docs = \"warn\"", "unsafe_code = \"deny\"", "allow_attributes_without_reason = \"warn\""] {
        assert!(manifest.contains(lint), "{lint}");
    }
}

/// A lint that guards against panics is lifted nowhere but where a panic is the point.
#[test]
fn no_file_lifts_the_panic_lints() {
    for (path, text) in source::files("src") {
        for (number, line) in code(&text) {
            let lifts = line.contains("allow(") || line.contains("expect(clippy");
            let guarded =
                ["unwrap_used", "expect_used", "clippy::panic", "indexing_slicing", "string_slice", "unreachable"];
            let lifted = lifts && guarded.iter().any(|lint| line.contains(lint));
            assert!(!lifted || path == "edge/contract.rs", "src/{path}:{number}: {line}");
        }
    }
}

#[test]
fn the_core_knows_of_wasm_in_one_line() {
    let lines: Vec<String> = source::files("src")
        .into_iter()
        .filter(|(path, _)| !path.starts_with("edge/"))
        .flat_map(|(path, text)| {
            let found = code(&text).filter(|(_, line)| line.contains("target_arch"));
            found.map(|(_, line)| format!("{path}: {line}")).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(lines, ["lib.rs: #[cfg(target_arch = \"wasm32\")]"]);
}

/// Crates that the design does not name carry the reason for which they were chosen.
#[test]
fn every_further_dependency_is_explained() {
    const NAMED: &[&str] = &[
        "worker",
        "serde",
        "serde_json",
        "uuid",
        "getrandom",
        "hmac",
        "sha2",
        "base64",
        "chrono",
        "wasm-bindgen-test",
        "axum",
        "argon2",
        "hkdf",
        "thiserror",
        "askama",
        "rusqlite",
        "insta",
        "proptest",
        "criterion",
    ];
    let manifest = source::read("Cargo.toml");
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let runtime = section.ends_with("dependencies]") && !section.ends_with("dev-dependencies]");
        let Some((name, _)) = line.split_once('=').filter(|_| runtime && !line.starts_with(['[', '#'])) else {
            continue;
        };
        let name = name.trim();
        assert!(NAMED.contains(&name) || line.contains(" # "), "Cargo.toml: {name} without a reason");
    }
}
