//! `/.well-known/`: what programs look for at a fixed place.

pub(super) mod change_password;
pub(super) mod security;
