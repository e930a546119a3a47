//! What people have allowed applications.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{json, refuse_unless};
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Adds to what a member has allowed a client; what was allowed before stays allowed.
pub fn allow(
    organization: OrganizationId,
    account: AccountId,
    client: &str,
    scopes: &BTreeSet<String>,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO consent (organization_id, account_id, client_id, scopes, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?5)
ON CONFLICT (organization_id, account_id, client_id) DO UPDATE SET updated_at = excluded.updated_at,
  scopes = (SELECT json_group_array(scope) FROM (
    SELECT value AS scope FROM json_each(consent.scopes) UNION SELECT value FROM json_each(excluded.scopes)))",
    )
    .bind(organization)
    .bind(account)
    .bind(client)
    .bind(serde_json::json!(scopes).to_string())
    .bind(now)
}

/// One application that the caller has allowed something.
#[derive(Debug, Deserialize)]
pub struct ConsentRow {
    /// The application.
    pub client_id: String,
    /// As its owner named it.
    pub name: String,
    /// In which organization.
    pub organization_id: OrganizationId,
    /// May be empty.
    pub organization: String,
    /// What was allowed.
    #[serde(deserialize_with = "json")]
    pub scopes: BTreeSet<String>,
    /// Since when.
    pub created_at: Timestamp,
}

/// What the caller's account has allowed, in every organization.
pub fn list_for_caller(caller: &Digest) -> Statement {
    Statement::new(
        "SELECT consent.client_id, client.name, consent.organization_id, organization.name AS organization, consent.scopes,
  consent.created_at
FROM live_caller AS caller CROSS JOIN consent ON consent.account_id = caller.account_id
JOIN client ON client.client_id = consent.client_id
JOIN organization ON organization.organization_id = consent.organization_id
WHERE caller.token_digest = ?1 ORDER BY client.name, consent.client_id, consent.organization_id",
    )
    .bind(caller)
}

/// Stops the batch as `name` unless the caller's account has allowed this client something in this organization.
pub fn refuse_unknown(caller: &Digest, organization: OrganizationId, client: &str, name: &str) -> Statement {
    refuse_unless(
        name,
        "EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN consent ON consent.account_id = caller.account_id
  WHERE caller.token_digest = ?1 AND consent.organization_id = ?2 AND consent.client_id = ?3)",
    )
    .bind(caller)
    .bind(organization)
    .bind(client)
}

/// Takes it back. What the client holds ends by `delete_of_member_and_client` of its codes and access tokens and
/// `refresh_families::revoke_of_member_and_client`.
pub fn withdraw(caller: &Digest, organization: OrganizationId, client: &str) -> Statement {
    Statement::new(
        "DELETE FROM consent WHERE organization_id = ?2 AND client_id = ?3
  AND account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(organization)
    .bind(client)
}
