//! Global Accounts: people, organizations, roles per product and edge-validated tokens, as one Worker.
//!
//! The map, in the order in which a request travels:
//!
//! | module | holds |
//! |---|---|
//! | `edge` | the Worker: entry points and the platform's side of every port (wasm32 only) |
//! | [`http`] | the route table, parsing, the three error mappers; one endpoint, one file |
//! | [`usecase`] | read, decide, write once: one batch of SQL per call |
//! | [`authz`] | the policy table and the proof that it was asked |
//! | [`oauth`] | protocol rules: token envelope, keys |
//! | [`webauthn`] | passkeys: what a browser returns, verified |
//! | [`domain`] | nouns and their rules |
//! | [`store`] | all SQL text and the shapes of its rows |
//! | [`ports`] | what the core asks of the world |
//!
//! `ARCHITECTURE.md` tells why, and how to add an endpoint.

pub mod app;
pub mod authz;
pub mod config;
pub mod domain;
#[cfg(target_arch = "wasm32")]
mod edge;
pub mod http;
pub mod mail;
pub mod oauth;
pub mod ports;
pub mod store;
pub mod usecase;
pub mod webauthn;
