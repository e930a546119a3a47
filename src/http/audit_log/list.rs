//! `GET /v2/audit_log`: pages of 100 unless `limit` says otherwise; `action`, `actor`, `target`, `from` and `until` filter.
//! `organization_id` names one that was merged into the caller's.

use std::fmt::Display;

use axum::response::Response;

use super::body::Entry;
use crate::domain::time::Timestamp;
use crate::http::call::Call;
use crate::http::paging::Paging;
use crate::usecase::audit_log::Filter;
use crate::usecase::audit_log::list::list;
use crate::usecase::page::{Page, PageRequest};
use crate::usecase::{Failure, InvalidFields, Refusal};

const DEFAULT_PAGE: usize = 100;
/// Longest code or id that a filter takes.
const MAX_FILTER: usize = 64;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (filter, text) = read(&call)?;
    let paging = Paging::read(&call, text, Some(DEFAULT_PAGE))?;
    let app = call.app.clone();
    let fetch = move |request: PageRequest| {
        let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
        async move {
            let page = list(&app, &caller, &filter, request).await?;
            Ok(Page { items: page.items.into_iter().map(Entry::from).collect(), next: page.next })
        }
    };
    let first = fetch(paging.request).await?;
    paging.answer(&call.app, first, fetch)
}

/// The filter, and its text in the form that a cursor is bound to.
fn read(call: &Call) -> Result<(Filter, String), Failure> {
    let mut text = form_urlencoded::Serializer::new(String::new());
    let mut invalid = InvalidFields::new();
    let mut given = |name: &'static str| -> Result<Option<String>, Failure> {
        let value = call.query(name)?.filter(|value| !value.is_empty());
        if let Some(value) = &value {
            text.append_pair(name, value);
        }
        Ok(value)
    };
    let (action, actor, target) = (given("action")?, given("actor")?, given("target")?);
    let organization = given("organization_id")?;
    let (from, until) = (given("from")?, given("until")?);
    let short = |value: String| (value.len() <= MAX_FILTER).then_some(value).ok_or("value too long");
    let time = |value: String| Timestamp::parse_rfc3339(&value).ok_or("must be a time such as 2019-09-03T10:53:04Z");
    let filter = Filter {
        action: parsed("action", action, short, &mut invalid),
        actor: parsed("actor", actor, |value| value.parse(), &mut invalid),
        target: parsed("target", target, short, &mut invalid),
        organization: parsed("organization_id", organization, |value| value.parse(), &mut invalid),
        from: parsed("from", from, time, &mut invalid),
        until: parsed("until", until, time, &mut invalid),
    };
    match invalid.is_empty() {
        true => Ok((filter, text.finish())),
        false => Err(Refusal::Invalid(invalid).into()),
    }
}

fn parsed<T, E: Display>(
    name: &str,
    value: Option<String>,
    parse: impl FnOnce(String) -> Result<T, E>,
    invalid: &mut InvalidFields,
) -> Option<T> {
    match value.map(parse)? {
        Ok(value) => Some(value),
        Err(error) => {
            invalid.insert(name.to_owned(), error.to_string());
            None
        }
    }
}
