//! The applications' screen as an answer.

use axum::response::Response;

use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{ApplicationFields, ApplicationLine, Applications, ScopePicker};
use crate::http::pages::{Csp, respond};
use crate::http::paging::Paging;
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::http::panel::scopes::boxes;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::clients::ClientRow;
use crate::usecase::panel::Screen;
use crate::usecase::panel::applications::read;

/// Its address.
pub(super) const PATH: &str = "/panel/applications";
/// Applications of one page.
const PAGE: usize = 50;

/// The screen as of now; `written` is a new application that was refused.
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
    let lines: Vec<ApplicationLine> = data.page.items.into_iter().map(line).collect();
    let text = |name| written.map_or("", |form| form.text(name));
    let screen = Applications {
        frame: around.frame(),
        panel: around.panel(Screen::Applications, said),
        applications: &lines,
        next_url: next_url.as_deref(),
        fields: ApplicationFields {
            name: text("name"),
            r#type: text("type"),
            visibility: text("visibility"),
            redirect_uris: text("redirect_uris"),
            configuration_uri: text("configuration_uri"),
            scopes: ScopePicker { boxes: &boxes(&data.scopes, &[], written), with_required: true },
        },
    };
    respond(said.status, &screen, Csp::Own)
}

fn line(row: ClientRow) -> ApplicationLine {
    ApplicationLine { id: row.client_id.to_string(), name: row.name, r#type: row.r#type, visibility: row.visibility }
}
