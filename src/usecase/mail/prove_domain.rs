//! A domain's postmaster proves it.

use super::link::{gone, open};
use crate::app::App;
use crate::oauth::mail_link::Purpose;
use crate::ports::DatabaseError;
use crate::store::audit;
use crate::store::mail_tokens::{self, GONE};
use crate::store::organization_domains::{self, LinkedRow};
use crate::usecase::{Failure, audit_entry, present};

/// Which domain the link would prove, and for which organization. Uses nothing up (row E8).
pub async fn look(app: &App, token: &str) -> Result<LinkedRow, Failure> {
    let link = open(app, Purpose::Domain, token)?;
    let rows = app.batch(&[organization_domains::find_by_link(&link, app.now())]).await?;
    present(rows.first())?.first()?.ok_or_else(|| gone().into())
}

/// Uses the link; the domain is proven. Nobody need be signed in: the link says who reads the mail.
pub async fn prove_domain(app: &App, token: &str) -> Result<(), Failure> {
    let now = app.now();
    let link = open(app, Purpose::Domain, token)?;
    let entry = audit_entry(app, now)?;
    let batch = [
        mail_tokens::use_up(&link, Purpose::Domain, now),
        mail_tokens::refuse_used(),
        organization_domains::prove_by_link(&link, now),
        audit::record_domain_link(&link, &entry, "domain.prove"),
        audit::origin(&entry, app.origin()),
    ];
    app.batch(&batch).await.map(drop).map_err(|error| match &error {
        DatabaseError::Refused(name) if name == GONE => gone().into(),
        _ => error.into(),
    })
}
