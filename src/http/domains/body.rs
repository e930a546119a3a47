//! A domain on the wire (API, section 1.2).

use serde::Serialize;

use crate::domain::id::{DomainId, OrganizationId};
use crate::domain::mail_domain::challenge_name;
use crate::domain::time::Timestamp;
use crate::usecase::domains::DomainRow;

/// Domain.
#[derive(Serialize)]
pub(super) struct Domain {
    organization_id: OrganizationId,
    domain_id: DomainId,
    domain: String,
    r#type: String,
    created_at: Timestamp,
    proven_at: Option<Timestamp>,
    proof: Proof,
}

/// The DNS record that proves it.
#[derive(Serialize)]
struct Proof {
    name: String,
    r#type: &'static str,
    value: String,
}

impl From<DomainRow> for Domain {
    fn from(row: DomainRow) -> Self {
        let DomainRow { domain_id, organization_id, domain, r#type, challenge, proven_at, created_at } = row;
        let proof = Proof { name: challenge_name(&domain), r#type: "TXT", value: challenge };
        Self { organization_id, domain_id, domain, r#type, created_at, proven_at, proof }
    }
}
