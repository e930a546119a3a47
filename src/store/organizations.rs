//! Organizations.

use serde::Deserialize;

use crate::domain::id::OrganizationId;
use crate::domain::organization::Details;
use crate::domain::time::Timestamp;
use crate::ports::Statement;

/// An organization's own row.
#[derive(Debug, Deserialize)]
pub struct OrganizationRow {
    /// Key.
    pub organization_id: OrganizationId,
    /// May be empty; pages then show the id.
    pub name: String,
    /// As written.
    pub company_phone: Option<String>,
    /// As written.
    pub company_website: Option<String>,
}

/// A new organization.
pub fn insert(organization: OrganizationId, details: &Details, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO organization (organization_id, name, company_phone, company_website, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
    )
    .bind(organization)
    .bind(details.name.as_str())
    .bind(details.phone.clone())
    .bind(details.website.clone())
    .bind(now)
}

/// One organization.
pub fn get(organization: OrganizationId) -> Statement {
    Statement::new(
        "SELECT organization_id, name, company_phone, company_website FROM organization WHERE organization_id = ?1",
    )
    .bind(organization)
}
