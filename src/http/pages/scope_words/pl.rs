//! Polish.

pub(super) const WORDS: &[(&str, &str)] = &[];
