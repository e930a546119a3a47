//! Products, roles and scopes: rows that an operator edits.

use serde::Deserialize;

use crate::ports::Statement;

/// Accounts/owner. Its id is fixed because the schema's "one owner" index names it.
pub const OWNER_ROLE: &str = "728b99be-848c-11ea-9b91-005056a00001";

/// Accounts/administrator. Its id is the one that the API publishes.
pub const ADMINISTRATOR_ROLE: &str = "728b99be-848c-11ea-9b91-005056a007e9";

/// Accounts/member, which everybody begins with.
pub const MEMBER_ROLE: &str = "728b99be-848c-11ea-9b91-005056a00002";

/// The version that the migrations have reached.
#[derive(Debug, Deserialize)]
pub struct SchemaVersion {
    /// Number of migrations applied.
    pub version: u32,
}

/// Reads [`SchemaVersion`]; also the cheapest proof that the database answers.
pub fn schema_version() -> Statement {
    Statement::new("SELECT version FROM schema_meta")
}
