//! The audit log of the caller's organization.

pub mod list;

pub use crate::store::audit::{AuditRow, Filter};
