//! An organization on the wire (API, section 1.4).

use serde::Serialize;

use crate::domain::id::OrganizationId;
use crate::usecase::organizations::OrganizationRow;

/// Organization.
#[derive(Serialize)]
pub(in crate::http) struct Organization {
    organization_id: OrganizationId,
    name: String,
    company: Company,
}

/// How the company behind it is reached.
#[derive(Serialize)]
pub(in crate::http) struct Company {
    phone: Option<String>,
    website: Option<String>,
}

impl From<OrganizationRow> for Organization {
    fn from(row: OrganizationRow) -> Self {
        Self {
            organization_id: row.organization_id,
            name: row.name,
            company: Company { phone: row.company_phone, website: row.company_website },
        }
    }
}
