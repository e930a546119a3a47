//! Merges: `GET /panel/merges`; `POST` there with `organization_id` (the person's own, as the page showed it),
//! `source_organization_id`, `keep` (`product/own` or `product/source`, once for each product) and `current_password` or
//! `current_code`.

use askama::Template;

use super::super::frame::Frame;
use super::{Field, Panel};
use crate::domain::time::Timestamp;

/// A merge in which the organization takes part.
#[derive(Clone, Debug)]
pub struct MergeLine {
    /// `merge_id`
    pub id: String,
    /// The other organization's name, or its id.
    pub other: String,
    /// Whether this one stays.
    pub stays: bool,
    /// `pending`, `done`, `withdrawn`, `refused` or `expired`.
    pub state: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when it can be approved.
    pub expires_at: Timestamp,
    /// When it was decided or withdrawn.
    pub closed_at: Option<Timestamp>,
}

/// Whose instance of a product stays.
#[derive(Clone, Debug)]
pub struct KeepChoice {
    /// The product.
    pub product: String,
    /// Whether the other organization's is chosen.
    pub source: bool,
    /// Whether the choice was refused.
    pub wrong: bool,
}

/// What a merge is asked for with.
#[derive(Clone, Copy, Debug)]
pub struct MergeFields<'a> {
    /// `organization_id`
    pub own: &'a str,
    /// `source_organization_id`
    pub source: &'a str,
    /// `keep`
    pub keep: &'a [KeepChoice],
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/merges.html")]
pub struct Merges<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// The newest first.
    pub merges: &'a [MergeLine],
    /// The form of a new one.
    pub fields: MergeFields<'a>,
}

impl Merges<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel_merges.title
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }
}

impl MergeLine {
    fn words(&self, frame: &Frame<'_>) -> String {
        let t = &frame.t().panel_merges;
        if self.stays { t.into_own.of(&self.other) } else { t.into_other.of(&self.other) }
    }

    fn url(&self, frame: &Frame<'_>) -> String {
        frame.url(&format!("/panel/merges/{}", self.id))
    }

    fn state(&self, frame: &Frame<'_>) -> &'static str {
        state_words(&self.state, frame)
    }
}

/// How a merge stands.
pub(super) fn state_words(state: &str, frame: &Frame<'_>) -> &'static str {
    let t = &frame.t().panel_merges;
    match state {
        "pending" => t.state_pending,
        "done" => t.state_done,
        "refused" => t.state_refused,
        "expired" => t.state_expired,
        _ => t.state_withdrawn,
    }
}
