//! `GET /panel/audit_log`

use std::time::Duration;

use axum::response::Response;
use serde_json::Value;

use super::around::Around;
use super::day;
use super::said::Said;
use crate::http::call::Call;
use crate::http::pages::panel::{AuditFilter, AuditLine, AuditLog, Problem};
use crate::http::pages::{Csp, respond};
use crate::http::paging::Paging;
use crate::usecase::Failure;
use crate::usecase::audit_log::Filter;
use crate::usecase::panel::Screen;
use crate::usecase::panel::audit_log::{NamedAuditRow, read};

/// Entries of one page.
const PAGE: usize = 50;
const DAY: Duration = Duration::from_hours(24);
/// Longest code or id that a filter takes.
const MAX_FILTER: usize = 64;
const NAMES: [&str; 5] = ["action", "actor", "target", "from", "until"];

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (written, text) = written(&call)?;
    let [action, actor, target, from, until] = written.each_ref().map(String::as_str);
    let (filter, problems) = filter([action, actor, target, from, until]);
    let said = Said::wrong(problems);
    let paging = Paging::read(&call, text, Some(PAGE))?;
    let data = read(&call.app, &caller, &filter, paging.request).await?;

    let around = Around::of(&call, &caller, &data.viewer, "/panel/audit_log")?;
    let next_url = data.page.next.map(|next| paging.url(&call.app, next)).transpose()?;
    let lines: Vec<AuditLine> = data.page.items.into_iter().map(line).collect();
    let screen = AuditLog {
        frame: around.frame(),
        panel: around.panel(Screen::AuditLog, &said),
        filter: AuditFilter { action, actor, target, from, until },
        lines: &lines,
        next_url: next_url.as_deref(),
    };
    respond(said.status, &screen, Csp::Own)
}

/// The filters as they were written, each empty where it is missing or too long; and all of them as a cursor is bound to.
fn written(call: &Call) -> Result<([String; 5], String), Failure> {
    let mut text = form_urlencoded::Serializer::new(String::new());
    let mut written: [String; 5] = Default::default();
    for (name, into) in NAMES.into_iter().zip(&mut written) {
        *into = call.query(name)?.filter(|value| value.len() <= MAX_FILTER).unwrap_or_default();
        if !into.is_empty() {
            text.append_pair(name, into);
        }
    }
    Ok((written, text.finish()))
}

/// What is asked for. What cannot be is told, and left out.
fn filter([action, actor, target, from, until]: [&str; 5]) -> (Filter, Vec<Problem>) {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut problems = Vec::new();
    let mut begin = |text: &str, problem| {
        let at = day::begin(text);
        if at.is_none() && !text.is_empty() {
            problems.push(problem);
        }
        at
    };
    let (from, until) = (begin(from, Problem::FromInvalid), begin(until, Problem::UntilInvalid));
    let by = actor.parse();
    if by.is_err() && !actor.is_empty() {
        problems.push(Problem::Gone);
    }
    let until = until.map(|day| day.plus(DAY));
    (
        Filter { action: given(action), actor: by.ok(), target: given(target), from, until, ..Filter::default() },
        problems,
    )
}

fn line(NamedAuditRow { row, actor_name, target_name }: NamedAuditRow) -> AuditLine {
    let kind = row.target_kind.as_deref().unwrap_or_default();
    let id = row.target_id.unwrap_or_default();
    let folder = match kind {
        "account" => Some("people"),
        "role" => Some("roles"),
        "client" => Some("applications"),
        _ => None,
    };
    let target_url = folder.filter(|_| target_name.is_some()).map(|folder| format!("/panel/{folder}/{id}"));
    let facts = if row.facts.as_object().is_some_and(serde_json::Map::is_empty) {
        String::new()
    } else {
        row.facts.to_string()
    };
    AuditLine {
        at: row.at,
        action: row.action,
        actor_id: row.actor_id.clone().filter(|_| actor_name.is_some()),
        actor: actor_name.or(row.actor_id).unwrap_or_default(),
        // A session has no name, and its id tells nobody anything.
        target: target_name.unwrap_or(if kind == "session" { String::new() } else { id }),
        target_url,
        ip: row.detail.get("ip").and_then(Value::as_str).unwrap_or_default().to_owned(),
        facts,
    }
}
