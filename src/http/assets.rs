//! Files of the pages.

pub(super) mod read;
