//! What is too long for every change.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test may stop where it fails"
)]

#[path = "../support/mod.rs"]
mod support;

mod growth;
mod memory;
#[path = "../native/model/mod.rs"]
mod model;
