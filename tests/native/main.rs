//! The native suites: through the real router, on in-memory SQLite with the real schema.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod architecture;
mod audit_log;
mod contract;
mod errors;
mod lists;
mod oauth_errors;
mod plans;
mod sessions;
mod sweep;
mod token_info;
mod token_refresh;
mod token_revoke;
mod tour;
