//! `/operator`: what the operator asks for with a signature, not with a token.

pub(super) mod present;
