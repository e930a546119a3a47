//! The domains' screen as an answer.

use axum::response::Response;

use crate::domain::mail_domain::{MAX_DOMAINS, challenge_name};
use crate::http::call::Call;
use crate::http::pages::panel::{DomainLine, Domains};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::domains::DomainRow;
use crate::usecase::panel::Screen;
use crate::usecase::panel::domains::read;

/// Its address.
pub(super) const PATH: &str = "/panel/domains";

/// The screen as of now; `written` is a domain that was refused.
pub(super) async fn show(call: &Call, caller: &Caller, said: &Said, written: &str) -> Result<Response, Failure> {
    let data = read(&call.app, caller).await?;
    let around = Around::of(call, caller, &data.viewer, PATH)?;
    let lines: Vec<DomainLine> = data.domains.into_iter().map(line).collect();
    let most = usize::try_from(MAX_DOMAINS).unwrap_or(usize::MAX);
    let screen = Domains {
        frame: around.frame(),
        panel: around.panel(Screen::Domains, said),
        can_add: lines.len() < most,
        domains: &lines,
        written,
    };
    respond(said.status, &screen, Csp::Own)
}

fn line(row: DomainRow) -> DomainLine {
    DomainLine {
        id: row.domain_id.to_string(),
        record: challenge_name(&row.domain),
        challenge: row.challenge,
        domain: row.domain,
        proven_at: row.proven_at,
    }
}
