//! The roles' screen as an answer.

use axum::response::Response;

use crate::domain::account::ACCOUNTS;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{RoleFields, RoleLine, Roles, ScopePicker};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::http::panel::scopes::boxes;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::panel::Screen;
use crate::usecase::panel::roles::read;
use crate::usecase::roles::RoleRow;

/// Its address.
pub(super) const PATH: &str = "/panel/roles";

/// The screen as of now; `written` is a new role that was refused.
pub(super) async fn show(
    call: &Call,
    caller: &Caller,
    said: &Said,
    written: Option<&Form>,
) -> Result<Response, Failure> {
    let data = read(&call.app, caller).await?;
    let around = Around::of(call, caller, &data.viewer, PATH)?;
    let (predefined, own): (Vec<RoleRow>, Vec<RoleRow>) = data.roles.into_iter().partition(|role| role.predefined);
    let lines = |roles: Vec<RoleRow>| roles.into_iter().map(line).collect::<Vec<_>>();
    let products = data.products.into_iter().map(|row| row.product);
    let products: Vec<String> = [ACCOUNTS.to_owned()].into_iter().chain(products).collect();
    let text = |name| written.map_or("", |form| form.text(name));
    let fields = RoleFields {
        name: text("name"),
        product: text("product"),
        scopes: ScopePicker { boxes: &boxes(&data.offered, &[], written), with_required: false },
    };
    let screen = Roles {
        frame: around.frame(),
        panel: around.panel(Screen::Roles, said),
        own: &lines(own),
        predefined: &lines(predefined),
        products: &products,
        new: data.viewer.offers.change_roles.then_some(fields),
    };
    respond(said.status, &screen, Csp::Own)
}

fn line(role: RoleRow) -> RoleLine {
    RoleLine {
        id: role.role_id.to_string(),
        product: role.product,
        role: role.role,
        r#type: role.r#type,
        predefined: role.predefined,
    }
}
