//! The audit log: `GET /panel/audit_log` with `action`, `actor`, `target`, `from`, `until` (days) and `cursor`.

use askama::Template;

use super::super::frame::Frame;
use super::{Field, Panel, action_words};
use crate::domain::time::Timestamp;

/// One entry.
#[derive(Clone, Debug)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// The code.
    pub action: String,
    /// Who, by name; the id of who is not there any more; empty for nobody.
    pub actor: String,
    /// `account_id` of a member who acted.
    pub actor_id: Option<String>,
    /// On what, by name or id.
    pub target: String,
    /// Where it can be looked at.
    pub target_url: Option<String>,
    /// The address that it came from; empty when it is not kept any more.
    pub ip: String,
    /// Names of the fields that changed, roles, scopes: codes of the log.
    pub facts: String,
}

/// What is asked for, as it was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuditFilter<'a> {
    /// A code; empty for every.
    pub action: &'a str,
    /// An account; empty for everybody.
    pub actor: &'a str,
    /// An object; empty for every.
    pub target: &'a str,
    /// A day; empty for none.
    pub from: &'a str,
    /// A day; empty for none.
    pub until: &'a str,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/audit_log.html")]
pub struct AuditLog<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// What is asked for.
    pub filter: AuditFilter<'a>,
    /// One page of it.
    pub lines: &'a [AuditLine],
    /// The address of the next page.
    pub next_url: Option<&'a str>,
}

impl AuditLog<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel.audit_log
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    fn words<'c>(&self, code: &'c str) -> &'c str
    where
        'static: 'c,
    {
        action_words::of(self.frame.spoken.language, code).unwrap_or(code)
    }

    /// Every code that there are words for, with them.
    fn actions(&self) -> Vec<(&'static str, &'static str)> {
        action_words::all(self.frame.spoken.language)
    }

    fn is_chosen(&self, code: &str) -> bool {
        self.filter.action == code
    }

    fn is_filtered(&self) -> bool {
        let AuditFilter { action, actor, target, from, until } = self.filter;
        [action, actor, target, from, until].iter().any(|text| !text.is_empty())
    }
}
