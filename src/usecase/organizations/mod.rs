//! Organizations.

pub mod create;

pub use crate::store::organizations::OrganizationRow;
