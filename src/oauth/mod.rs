//! Protocol decisions: one rule, one function; one grant, one file. Pure.

pub mod digest;
pub mod envelope;
pub mod keys;
