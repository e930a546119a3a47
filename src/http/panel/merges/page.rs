//! A merge's screen as an answer.

use axum::response::Response;

use super::named;
use crate::domain::id::{MergeId, OrganizationId};
use crate::http::call::Call;
use crate::http::pages::panel::{
    Merge, MergedDomain, MergedPerson, MergedProduct, MergedRole, Outcome, Party, Preview,
};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::merges::{self, PersonMoved, ProductOutcome, RoleMoved};
use crate::usecase::panel::Screen;
use crate::usecase::panel::merge::read;

/// Its address.
pub(super) fn path(merge: MergeId) -> String {
    format!("/panel/merges/{merge}")
}

/// The screen as of now.
pub(super) async fn show(call: &Call, caller: &Caller, merge: MergeId, said: &Said) -> Result<Response, Failure> {
    let data = read(&call.app, caller, merge).await?;
    let around = Around::of(call, caller, &data.viewer, &path(merge))?;
    let row = data.merge.row;
    let (stays, ends) = (row.organization_id, row.source_organization_id);
    let party = |name: Option<String>, id: OrganizationId| Party {
        named: name.as_ref().is_some_and(|name| !name.is_empty()),
        name: named(name, id),
        id: id.to_string(),
    };
    let preview = data.merge.preview.map(|found| preview(found, stays));
    let screen = Merge {
        frame: around.frame(),
        panel: around.panel(Screen::Merge, said),
        id: &merge.to_string(),
        organization: &party(row.organization_name, stays),
        source: &party(row.source_name, ends),
        state: &row.state,
        created_at: row.created_at,
        expires_at: row.expires_at,
        closed_at: row.closed_at,
        decides: data.viewer.standing.organization_id == ends,
        preview: preview.as_ref(),
    };
    respond(said.status, &screen, Csp::Own)
}

fn preview(found: merges::Preview, stays: OrganizationId) -> Preview {
    let numbers = found.accounts;
    Preview {
        version: found.version,
        total: numbers.total,
        joining: numbers.joining,
        in_both: numbers.total.saturating_sub(numbers.joining),
        suspended: numbers.suspended,
        administrators: numbers.administrators,
        without_second_factor: numbers.without_second_factor,
        mfa_required_at: found.mfa_required_at,
        people: found.people.map(|people| people.into_iter().map(person).collect()),
        products: found.products.into_iter().map(|product| outcome(product, stays)).collect(),
        roles: found.roles.into_iter().map(role).collect(),
        role_count: found.role_count,
        clients: found.clients.into_iter().map(|client| client.name).collect(),
        client_count: found.client_count,
        domains: found
            .domains
            .into_iter()
            .map(|domain| MergedDomain { domain: domain.domain, moves: domain.moves })
            .collect(),
        personal_tokens: found.personal_tokens,
        invitations: found.invitations,
    }
}

fn person(person: PersonMoved) -> MergedPerson {
    MergedPerson {
        named: !person.name.is_empty(),
        name: if person.name.is_empty() { person.email.clone() } else { person.name },
        email: person.email,
        role: person.role,
        gains: person.gains.into_iter().map(|gain| (gain.product, gain.role)).collect(),
        joins: person.joins,
        suspended: person.suspended,
    }
}

fn outcome(found: ProductOutcome, stays: OrganizationId) -> MergedProduct {
    let outcome = match (found.kept_from, found.ends_in) {
        (None, _) => Outcome::Undecided,
        (Some(kept), None) if kept == stays => Outcome::Stays,
        (Some(_), None) => Outcome::Moves,
        (Some(kept), Some(_)) if kept == stays => Outcome::Kept,
        (Some(_), Some(_)) => Outcome::Replaced,
    };
    MergedProduct { product: found.product, outcome }
}

fn role(role: RoleMoved) -> MergedRole {
    MergedRole {
        product: role.product,
        role: role.role,
        renamed_to: role.renamed_to,
        scope: role.scope.unwrap_or_default().replace(',', ", "),
    }
}
