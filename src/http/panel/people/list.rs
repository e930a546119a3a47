//! `GET /panel`

use axum::response::Response;

use super::line;
use crate::domain::search::Beginning;
use crate::http::call::Call;
use crate::http::pages::panel::{People, PersonLine, Problem};
use crate::http::pages::{Csp, respond};
use crate::http::paging::Paging;
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::panel::Screen;
use crate::usecase::panel::people::read;

/// People of one page.
const PAGE: usize = 50;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let written = call.query("q")?.unwrap_or_default();
    let mut said = Said::by(&call)?;
    let beginning = Beginning::parse(&written).unwrap_or_else(|_| {
        said = Said::wrong(vec![Problem::SearchInvalid]);
        None
    });
    let filter = beginning.as_ref().map(query).unwrap_or_default();
    let paging = Paging::read(&call, filter.clone(), Some(PAGE))?;
    let data = read(&call.app, &caller, beginning.as_ref(), paging.request).await?;

    let around = Around::of(&call, &caller, &data.viewer, "/panel")?;
    let own = data.viewer.standing.account_id;
    let people: Vec<PersonLine> = data.page.items.iter().map(|account| line(account, own)).collect();
    let next_url = data.page.next.map(|next| paging.url(&call.app, next)).transpose()?;
    let first_url = paging.request.after.map(|_| format!("/panel?{filter}"));
    let screen = People {
        frame: around.frame(),
        panel: around.panel(Screen::People, &said),
        search: &written,
        people: &people,
        next_url: next_url.as_deref(),
        first_url: first_url.as_deref(),
    };
    respond(said.status, &screen, Csp::Own)
}

fn query(beginning: &Beginning) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("q", beginning.text()).finish()
}
