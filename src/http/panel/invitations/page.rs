//! The invitations' screen as an answer.

use axum::response::Response;

use crate::domain::account::ACCOUNTS;
use crate::domain::invitation::{Kind, State};
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{InvitationFields, InvitationLine, Invitations, RoleName};
use crate::http::pages::{Csp, respond};
use crate::http::paging::Paging;
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::invitations::InvitationRow;
use crate::usecase::panel::Screen;
use crate::usecase::panel::invitations::read;
use crate::usecase::roles::RoleRow;

/// Its address.
pub(super) const PATH: &str = "/panel/invitations";
/// Invitations of one page.
const PAGE: usize = 50;

/// The screen as of now; `written` is an invitation that was refused.
pub(super) async fn show(
    call: &Call,
    caller: &Caller,
    said: &Said,
    written: Option<&Form>,
) -> Result<Response, Failure> {
    let paging = Paging::read(call, String::new(), Some(PAGE))?;
    let data = read(&call.app, caller, paging.request).await?;
    let around = Around::of(call, caller, &data.viewer, PATH)?;
    let next_url = data.page.next.map(|next| paging.url(&call.app, next)).transpose()?;
    let given = |product: &str| {
        data.roles.iter().filter(|role| can_be_given(role, product)).rev().map(name).collect::<Vec<_>>()
    };
    let line = |row: InvitationRow| {
        let roles = if row.state == State::Pending { given(&row.product) } else { Vec::new() };
        line(row, roles)
    };
    let lines: Vec<InvitationLine> = data.page.items.into_iter().map(line).collect();
    let products = [ACCOUNTS].into_iter().chain(data.products.iter().map(|row| row.product.as_str()));
    let offers: Vec<RoleName> = products.flat_map(given).collect();
    let text = |name| written.map_or("", |form| form.text(name));
    let screen = Invitations {
        frame: around.frame(),
        panel: around.panel(Screen::Invitations, said),
        lines: &lines,
        next_url: next_url.as_deref(),
        can_decide: data.viewer.offers.decide,
        offers: if data.viewer.offers.invite && data.viewer.offers.decide { &offers } else { &[] },
        fields: InvitationFields { email: text("email"), name: text("name"), offer: text("offer") },
    };
    respond(said.status, &screen, Csp::Own)
}

/// A role that somebody comes into a product with, the least of them first; ownership is given otherwise.
fn can_be_given(role: &RoleRow, product: &str) -> bool {
    role.product == product && role.r#type != "custom" && !role.is(ACCOUNTS, "owner")
}

fn name(role: &RoleRow) -> RoleName {
    RoleName { product: role.product.clone(), role: role.role.clone(), predefined: role.predefined }
}

fn line(row: InvitationRow, roles: Vec<RoleName>) -> InvitationLine {
    InvitationLine {
        id: row.invitation_id.to_string(),
        name: row.name,
        email: row.email,
        product: row.product,
        asks: row.kind == Kind::Request,
        roles,
        approved: row.state == State::Approved,
        expires_at: row.expires_at,
    }
}
