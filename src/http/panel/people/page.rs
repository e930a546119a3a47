//! A member's screen as an answer.

use axum::response::Response;

use super::{line, role_fields};
use crate::domain::account::ACCOUNTS;
use crate::domain::id::AccountId;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{Access, Person};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::accounts::AccountRow;
use crate::usecase::authorized::Caller;
use crate::usecase::panel::Screen;
use crate::usecase::panel::person::{PersonScreen, read};

/// Its address.
pub(super) fn path(account: AccountId) -> String {
    format!("/panel/people/{account}")
}

/// What of the screen is there: what the policy offers, less what a rule about this member forbids anyhow.
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the screen that is there or not")]
struct Offered {
    roles: bool,
    access: bool,
    password: bool,
    ownership: bool,
    removal: bool,
}

/// The screen as of now; `chosen` are roles that were chosen and refused.
pub(super) async fn show(
    call: &Call,
    caller: &Caller,
    account: AccountId,
    said: &Said,
    chosen: Option<&Form>,
) -> Result<Response, Failure> {
    let data = read(&call.app, caller, account).await?;
    let around = Around::of(call, caller, &data.viewer, &path(account))?;
    let row = &data.person.row;
    let offered = offered(&data);
    let held: Vec<String> = row.roles.iter().map(|role| role.role_id.to_string()).collect();
    let access = if offered.access { access(row) } else { Vec::new() };
    let screen = Person {
        frame: around.frame(),
        panel: around.panel(Screen::Person, said),
        member: &line(&data.person, data.viewer.standing.account_id),
        mfa: row.mfa,
        verified: row.email_verified,
        since: row.created_at,
        shows_roles: data.person.with_roles,
        choices: &role_fields::choices(row, &data.roles, chosen),
        custom: &role_fields::custom(row, &data.roles, chosen),
        held: &held,
        can_set_roles: offered.roles,
        access: &access,
        can_set_password: offered.password,
        can_transfer: offered.ownership,
        can_remove: offered.removal,
        can_audit: data.viewer.offers.sections.contains(&Screen::AuditLog),
    };
    respond(said.status, &screen, Csp::Own)
}

fn offered(data: &PersonScreen) -> Offered {
    let (offers, row) = (&data.viewer.offers, &data.person.row);
    let holds = |role: &str| row.roles.iter().any(|held| held.is(ACCOUNTS, role));
    let own = row.account_id == data.viewer.standing.account_id;
    let owner = holds("owner");
    Offered {
        roles: offers.set_roles && (own || !owner),
        access: offers.suspend && !own && !owner,
        password: offers.set_password && !own && !owner,
        ownership: offers.transfer && !own && holds("administrator") && !row.suspended,
        removal: offers.remove && !own && !owner,
    }
}

/// The organization first, then its products.
fn access(row: &AccountRow) -> Vec<Access> {
    let whole = Access { product: ACCOUNTS.to_owned(), suspended: row.suspended };
    let products = row
        .products
        .iter()
        .map(|product| Access { product: product.clone(), suspended: row.is_suspended_from(product) });
    [whole].into_iter().chain(products).collect()
}
