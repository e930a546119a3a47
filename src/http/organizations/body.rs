//! An organization on the wire (API, section 1.4).

use serde::Serialize;

use crate::domain::address::{InvalidAddress, web_address};
use crate::domain::id::OrganizationId;
use crate::domain::organization::{Details, MAX_NAME, MAX_PHONE};
use crate::domain::text::bounded;
use crate::http::fields::Fields;
use crate::usecase::organizations::OrganizationRow;

/// Organization.
#[derive(Serialize)]
pub(in crate::http) struct Organization {
    organization_id: OrganizationId,
    name: String,
    company: Company,
    invitation_mode: &'static str,
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
            invitation_mode: row.invitation_mode.name(),
        }
    }
}

/// The writable fields. `null` and an empty text take a value away.
pub(in crate::http) fn details(fields: &mut Fields) -> Details {
    let name = fields.nullable_text("name", |text| bounded(text, MAX_NAME)).map(Option::unwrap_or_default);
    let company = fields.object("company", |company| {
        (company.nullable_text("phone", |text| bounded(text, MAX_PHONE)), company.nullable_text("website", website))
    });
    let invitation_mode = fields.text("invitation_mode", str::parse);
    let (phone, website) = company.unwrap_or_default();
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    Details { name, phone: phone.map(filled), website: website.map(filled), invitation_mode }
}

fn website(text: &str) -> Result<String, InvalidAddress> {
    match text.trim() {
        "" => Ok(String::new()),
        text => web_address(text),
    }
}
