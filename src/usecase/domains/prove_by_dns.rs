//! The proof of a domain by its DNS: who can write a record there can read its mail too.

use std::time::Duration;

use serde::Deserialize;

use super::{DomainRow, conflict, refused};
use crate::app::App;
use crate::domain::id::{DomainId, OrganizationId};
use crate::domain::mail_domain::challenge_name;
use crate::store::audit::Change;
use crate::store::organization_domains;
use crate::store::throttles::{self, Counted};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::guard_own;
use crate::usecase::{Failure, Fault, Refusal, present};

/// What is counted, for each caller.
const ATTEMPT: &str = "domain_proof";
const HOUR: Duration = Duration::from_hours(1);
/// Type of a TXT record (RFC 1035 section 3.3.14).
const TXT: u16 = 16;
/// The name exists, or does not (RFC 1035 section 4.1.1): answers that tell what there is.
const NO_ERROR: u16 = 0;
const NO_SUCH_NAME: u16 = 3;

/// Looks for the TXT record that the domain's challenge asks for. It is a conflict if it is not there; a name server that
/// does not answer is no answer (503).
///
/// Two round trips and the question between them; the first authorises, counts the attempt and reads, the second asks
/// everything again. What is proven already takes one and no question.
pub async fn prove_by_dns(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    domain: DomainId,
) -> Result<DomainRow, Failure> {
    let now = app.now();
    let known = |name: &str| refused(name, organization, Some(domain));
    let mut first = AuthorizedBatch::new(app, caller, None);
    let by = first.token();
    guard_own(&mut first, organization);
    first.push(organization_domains::refuse_unknown(by, domain));
    let counted = first.push(throttles::count_for_caller(by, ATTEMPT, now, HOUR));
    first.push(organization_domains::note_check(by, domain, now));
    let found = first.push(organization_domains::get_for_caller(by, domain));
    let outcome = first.run(known).await?;
    let row: DomainRow = present(outcome.first(found)?)?;
    if row.proven_at.is_some() {
        return Ok(row);
    }
    let counted: Counted = present(outcome.first(counted)?)?;
    if let Some(retry_after) = counted.retry_after(app.config().limits.domain_proofs_per_hour, HOUR, now) {
        return Err(Refusal::Throttled { retry_after }.into());
    }
    if !says(app, &challenge_name(&row.domain), &row.challenge).await? {
        return Err(conflict("The TXT record is not there, or not visible yet.").into());
    }

    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, organization);
    batch.push(organization_domains::refuse_unknown(by, domain));
    batch.push(organization_domains::prove_by_dns(by, domain, app.now()));
    let target = domain.to_string();
    batch.audit(&Change {
        facts: r#"{"by":"dns"}"#,
        only_if_changed: true,
        ..Change::new("domain.prove", "domain", &target)
    })?;
    let found = batch.push(organization_domains::get_for_caller(by, domain));
    let outcome = batch.run(known).await?;
    present(outcome.first(found)?)
}

/// The JSON form of DNS over HTTPS, as public resolvers give it for `application/dns-json`.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Status")]
    status: u16,
    #[serde(rename = "Answer", default)]
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    r#type: u16,
    data: String,
}

/// Whether a TXT record of `name` says exactly `text`.
async fn says(app: &App, name: &str, text: &str) -> Result<bool, Failure> {
    let unavailable = |what: String| Failure::Fault(Fault::Unavailable(format!("DNS over HTTPS: {what}")));
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish();
    let url = format!("{}?{query}&type=TXT", app.config().dns_url);
    let bytes = app.fetch(&url, "application/dns-json").await.map_err(|error| unavailable(error.to_string()))?;
    let answer: Answer =
        serde_json::from_slice(&bytes).map_err(|_| unavailable("the answer is not understood".into()))?;
    match answer.status {
        NO_ERROR | NO_SUCH_NAME => {
            Ok(answer.records.iter().any(|record| record.r#type == TXT && joined(&record.data) == text))
        }
        status => Err(unavailable(format!("status {status}"))),
    }
}

/// A record's strings, which resolvers quote each or not at all, as one text.
fn joined(data: &str) -> String {
    match data.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(strings) => strings.split("\" \"").collect(),
        None => data.to_owned(),
    }
}
