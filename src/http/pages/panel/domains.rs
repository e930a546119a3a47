//! Domains: `GET /panel/domains`; `POST` there with `domain`. Below `/panel/domains/{domain_id}`, `POST proof` with
//! `method` (`dns` or `mail`), and `POST remove`.

use askama::Template;

use super::super::frame::Frame;
use super::{Field, Panel};
use crate::domain::time::Timestamp;

/// A domain.
#[derive(Clone, Debug)]
pub struct DomainLine {
    /// `domain_id`
    pub id: String,
    /// In normal form.
    pub domain: String,
    /// Name of the TXT record that proves it.
    pub record: String,
    /// What the record says.
    pub challenge: String,
    /// Since when it is proven.
    pub proven_at: Option<Timestamp>,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/domains.html")]
pub struct Domains<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// Oldest first.
    pub domains: &'a [DomainLine],
    /// Whether there may be one more.
    pub can_add: bool,
    /// A domain that was refused; empty for none.
    pub written: &'a str,
}

impl Domains<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel_domains.title
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    /// The path of one of a domain's forms.
    fn form_url(&self, line: &DomainLine, verb: &str) -> String {
        self.frame.url(&format!("/panel/domains/{}/{verb}", line.id))
    }
}
