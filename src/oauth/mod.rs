//! Protocol decisions: one rule, one function; one grant, one file. Pure.

pub mod client;
pub mod digest;
pub mod envelope;
pub mod grants;
pub mod keys;
pub mod refusal;
pub mod seal;
