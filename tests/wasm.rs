//! What only wasm shows, in Node: cryptography at its real cost, whole numbers, and parsers on the small stack.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "support/vectors.rs"]
mod vectors;

use global_accounts::domain::address::web_address;
use global_accounts::domain::email::Email;
use global_accounts::domain::id::AccountId;
use global_accounts::domain::password::{MIN_LENGTH, Password};
use global_accounts::domain::scope;
use global_accounts::domain::text::bounded;
use global_accounts::domain::time::Timestamp;
use global_accounts::http::fields::Fields;
use global_accounts::ports::{DatabaseError, MAX_SAFE_INTEGER, Rows, Statement};
use serde::Deserialize;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn p6_argon2id_at_its_real_cost_gives_the_known_hashes() {
    vectors::passwords().expect("hashes");
}

/// 19 MiB are taken and given back each time: ten in a row fit into the memory of one isolate.
#[wasm_bindgen_test]
fn p9_hashing_again_and_again_does_not_grow_the_memory() {
    let pages = || std::arch::wasm32::memory_size::<0>();
    vectors::passwords().expect("hashes");
    let after_the_first = pages();
    for _ in 0..2 {
        vectors::passwords().expect("hashes");
    }
    assert!(pages() <= after_the_first + 16, "{after_the_first} pages, then {}", pages());
    assert!(pages() * 65_536 < 64 << 20, "{} pages", pages());
}

#[wasm_bindgen_test]
fn f7_tokens_and_keyed_digests_are_the_known_ones() {
    vectors::tokens();
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Number {
    n: i64,
}

#[wasm_bindgen_test]
fn whole_numbers_up_to_2_to_the_53rd_are_exact() {
    assert_eq!(MAX_SAFE_INTEGER, 9_007_199_254_740_991);
    for n in [0, 1, -1, MAX_SAFE_INTEGER - 1, MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER] {
        let rows = Rows::new(format!("[{{\"n\":{n}}}]"), 0, 0);
        assert_eq!(rows.first::<Number>(), Ok(Some(Number { n })));
        assert_eq!(Statement::new("SELECT ?1").bind(n).check(), Ok(()));
    }
    for n in ["1.5", "1e3", "9007199254740993.0", "\"1\"", "null", "true", "1e999"] {
        let rows = Rows::new(format!("[{{\"n\":{n}}}]"), 0, 0);
        assert!(matches!(rows.first::<Number>(), Err(DatabaseError::Rejected(_))), "{n}");
    }
    for n in [MAX_SAFE_INTEGER + 1, -MAX_SAFE_INTEGER - 1, i64::MAX, i64::MIN] {
        assert!(Statement::new("SELECT ?1").bind(n).check().is_err(), "{n}");
    }
    assert_eq!(usize::BITS, 32, "a length is checked before it is cast");
}

#[wasm_bindgen_test]
fn z10_no_input_panics_or_overflows_the_stack() {
    let deep = ["[".repeat(64 * 1024), "{\"a\":".repeat(13_000), format!("{}1{}", "[".repeat(127), "]".repeat(127))];
    let odd =
        ["", "\0", "\u{feff}", "\u{1f600}", "\u{202e}x", "e\u{301}", "a@b", "@", ":", "::", "--:", "%", "\u{10ffff}"];
    let long = "\u{1f600}".repeat(16 * 1024);
    for text in deep.iter().map(String::as_str).chain(odd).chain([long.as_str()]) {
        let object = format!("{{\"email\":{text}}}");
        for body in [text.as_bytes(), object.as_bytes()] {
            if let Ok(mut fields) = Fields::parse(body) {
                let _absent: Option<String> = fields.text("email", |text| Ok::<_, String>(text.to_owned()));
            }
        }
        let _email = Email::parse(text);
        let _address = web_address(text);
        let _text = bounded(text, 191);
        let _password = Password::choose(text, MIN_LENGTH);
        let _id = text.parse::<AccountId>();
        let _wider = scope::satisfying(text);
    }
    assert!(Fields::parse(b"{\"a\":1,\"a\":1}").is_err());
    assert!(Fields::parse(b"{\"a\":{\"b\":[1,2,3]}}").is_ok());
}

#[wasm_bindgen_test]
fn times_at_the_edges_are_printed() {
    assert_eq!(Timestamp::from_millis(1_567_507_984_000).rfc3339(), "2019-09-03T10:53:04.000Z");
    for millis in [0, -1, MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER, i64::MAX, i64::MIN] {
        assert!(Timestamp::from_millis(millis).rfc3339().ends_with('Z'), "{millis}");
    }
}

#[wasm_bindgen_test]
fn ids_are_version_7_and_carry_their_time() {
    let id = AccountId::new(Timestamp::from_millis(1_700_000_000_000), &[0xab; 10]).to_string();
    assert_eq!(id.get(..15), Some("018bcfe5-6800-7"));
    assert_eq!(id.parse::<AccountId>().map(|id| id.to_string()), Ok(id));
}
