//! An invitation on the wire (API, section 1.4; `kind`, `state`, `role_id` and `expires_at` are this service's own).

use serde::Serialize;

use crate::domain::id::{AccountId, InvitationId, OrganizationId, RoleId};
use crate::domain::time::Timestamp;
use crate::usecase::invitations::InvitationRow;

/// Invitation, or request for access.
#[derive(Serialize)]
pub(in crate::http) struct Invitation {
    invitation_id: InvitationId,
    name: String,
    email: String,
    product: String,
    kind: &'static str,
    state: &'static str,
    role_id: Option<RoleId>,
    creator_id: Option<AccountId>,
    organization_id: OrganizationId,
    created_at: Timestamp,
    updated_at: Timestamp,
    expires_at: Timestamp,
}

impl From<InvitationRow> for Invitation {
    fn from(row: InvitationRow) -> Self {
        Self {
            invitation_id: row.invitation_id,
            name: row.name,
            email: row.email,
            product: row.product,
            kind: row.kind.name(),
            state: row.state.name(),
            role_id: row.role_id,
            creator_id: row.creator_id,
            organization_id: row.organization_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
            expires_at: row.expires_at,
        }
    }
}
