//! Protocol decisions: one rule, one function; one grant, one file. Pure.

pub mod client;
pub mod client_secret;
pub mod digest;
pub mod envelope;
pub mod grants;
pub mod keys;
pub mod redirect_uri;
pub mod refusal;
pub mod seal;
pub mod verified;
