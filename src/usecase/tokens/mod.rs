//! Tokens.

pub mod introspect;
