//! Protocol decisions: one rule, one function; one grant, one file. Pure.

pub mod at_rest;
pub mod authorization_response;
pub mod authorize;
pub mod client;
pub mod client_secret;
pub mod digest;
pub mod envelope;
pub mod grants;
pub mod interaction;
pub mod keys;
pub mod mail_link;
pub mod pkce;
pub mod redirect_uri;
pub mod refusal;
pub mod seal;
pub mod verified;
