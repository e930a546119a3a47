//! The proof of a domain by mail: who reads the postmaster's mail (RFC 2142) runs the domain.

use std::time::Duration;

use serde_json::json;

use super::{DomainRow, conflict, refused};
use crate::app::App;
use crate::domain::id::{DomainId, MailTokenId, OrganizationId, OutboxId};
use crate::oauth::mail_link::Purpose;
use crate::store::audit::Change;
use crate::store::mail_tokens::{self, NewLink};
use crate::store::organization_domains::{self, refusal};
use crate::store::outbox;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::guard_own;
use crate::usecase::{Failure, Refusal, present};

/// Why it is refused for a domain that is proven.
pub const PROVEN: &str = "The domain is proven already.";

/// The mail that carries the link.
pub(in crate::usecase) const TEMPLATE: &str = "domain_challenge";
/// How long the link is good for (row E6).
const LIFETIME: Duration = Duration::from_hours(1);
/// Mails to one domain in an hour, whoever asks for them (row E11).
const MOST: i64 = 3;
const HOUR: Duration = Duration::from_hours(1);

/// Sends the domain's postmaster a link that proves it, in place of any earlier one. A proven domain is a conflict.
pub async fn send_challenge(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    domain: DomainId,
) -> Result<DomainRow, Failure> {
    let now = app.now();
    let (id, expires_at) = (MailTokenId::new(now, &app.random()?), now.plus(LIFETIME));
    let minted = app.mail_link_token(Purpose::Domain.kind(), id, expires_at)?;
    let link = NewLink { id, digest: &minted.digest, expires_at };
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_own(&mut batch, organization);
    batch.push(organization_domains::refuse_unknown(by, domain));
    batch.push(organization_domains::refuse_proven(domain));
    batch.push(organization_domains::count_mail(domain, now, HOUR));
    batch.push(organization_domains::refuse_mailed_too_often(domain, MOST));
    batch.push(mail_tokens::withdraw_domain(domain));
    batch.push(mail_tokens::insert_domain(&link, domain, now));
    let outbox = OutboxId::new(now, &app.random()?);
    batch.push(outbox::tell_postmaster(by, outbox, TEMPLATE, domain, id, now));
    let target = domain.to_string();
    batch.audit(&Change {
        facts: &json!({"mail_token_id": id.to_string()}).to_string(),
        ..Change::new("domain.send_challenge", "domain", &target)
    })?;
    let found = batch.push(organization_domains::get_for_caller(by, domain));
    let known = |name: &str| match name {
        refusal::PROVEN => Some(conflict(PROVEN)),
        refusal::MAILED => Some(Refusal::Throttled { retry_after: HOUR.as_secs() }),
        other => refused(other, organization, Some(domain)),
    };
    let outcome = batch.run(known).await?;
    present(outcome.first(found)?)
}
