//! `/v2/info`: token details.

pub(super) mod get;
