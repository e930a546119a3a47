//! A role on the wire (API, section 1.4).

use serde::Serialize;

use crate::http::accounts::body::Role;
use crate::usecase::roles::RoleWithScopes;

/// Role with `scope`, joined by commas.
#[derive(Serialize)]
pub(in crate::http) struct RoleWithScope {
    #[serde(flatten)]
    role: Role,
    scope: String,
}

impl From<RoleWithScopes> for RoleWithScope {
    fn from(row: RoleWithScopes) -> Self {
        Self { role: row.role.into(), scope: row.scopes.join(",") }
    }
}
