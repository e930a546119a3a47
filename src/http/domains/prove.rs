//! `POST /v2/organizations/{organization_id}/domains/{domain_id}/proof`

use axum::response::Response;
use http::StatusCode;

use super::body::Domain;
use super::target;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::domains::prove_by_dns::prove_by_dns;
use crate::usecase::domains::send_challenge::send_challenge;

/// How the domain is to be proven.
enum Way {
    /// By its DNS record, now.
    Dns,
    /// By a link in a mail to its postmaster.
    Mail,
}

/// 200: proven. 202: whoever reads the mail decides.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (organization, domain) = (organizations::target(&call)?, target(&call)?);
    match read(call.optional_fields()?)? {
        Way::Dns => answer::ok(&Domain::from(prove_by_dns(&call.app, &caller, organization, domain).await?)),
        Way::Mail => {
            let row = send_challenge(&call.app, &caller, organization, domain).await?;
            answer::json(StatusCode::ACCEPTED, &Domain::from(row))
        }
    }
}

fn read(mut fields: Fields) -> Result<Way, Failure> {
    let way = fields.text("method", |method| match method {
        "dns" => Ok(Way::Dns),
        "mail" => Ok(Way::Mail),
        _ => Err("must be dns or mail"),
    });
    fields.finish(Some(way.unwrap_or(Way::Dns)))
}
