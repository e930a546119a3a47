//! The API's description, for programs (`/openapi.json`) and for people (`/docs`).
//!
//! Both files are made and checked in by a native test from the route table, the policy table and `docs/api/*.json`;
//! the Worker only holds them.

pub(super) mod describe;
mod document;
pub(super) mod read;
