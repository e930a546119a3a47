//! Products of an organization.

pub mod disable;
pub mod enable;
pub mod list;

pub use crate::store::products::ProductRow;
