//! The known answers that `tests/wasm.rs` checks in wasm, natively.

use crate::support::vectors;

#[test]
fn p6_argon2id_agrees_with_another_implementation() {
    vectors::passwords().expect("hashes");
}

#[test]
fn f7_tokens_and_keyed_digests_agree_with_another_implementation() {
    vectors::tokens();
}
