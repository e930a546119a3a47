//! A personal token on the wire (API, section 1.3; `expires_at` and `used_at` are ours).

use serde::Serialize;

use crate::domain::id::{AccountId, OrganizationId, PersonalTokenId};
use crate::domain::time::Timestamp;
use crate::usecase::personal_tokens::PersonalTokenRow;

/// Personal token, without its secret.
#[derive(Serialize)]
pub(super) struct PersonalToken {
    personal_token_id: PersonalTokenId,
    account_id: AccountId,
    organization_id: OrganizationId,
    name: String,
    scope: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    used_at: Option<Timestamp>,
}

impl From<PersonalTokenRow> for PersonalToken {
    fn from(row: PersonalTokenRow) -> Self {
        Self {
            personal_token_id: row.personal_token_id,
            account_id: row.account_id,
            organization_id: row.organization_id,
            name: row.name,
            scope: Vec::from_iter(row.scopes).join(","),
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        }
    }
}
