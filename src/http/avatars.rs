//! `/avatars`.

pub(super) mod read;
