//! One merge: `GET /panel/merges/{merge_id}`. Below that path `POST approve` with `preview_version` and
//! `current_password` or `current_code`, and `POST withdraw`.

use std::borrow::Borrow;

use askama::Template;

use super::super::frame::Frame;
use super::{Field, Panel};
use crate::domain::time::Timestamp;

/// One of the two organizations.
#[derive(Clone, Debug)]
pub struct Party {
    /// Its name, or its id where the name is empty or not told.
    pub name: String,
    /// Whether it has one.
    pub named: bool,
    /// `organization_id`
    pub id: String,
}

/// What becomes of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Only the organization that stays has it.
    Stays,
    /// Only the source has it.
    Moves,
    /// Both have it; the instance of the one that stays is kept.
    Kept,
    /// Both have it; the source's instance takes the place of the other.
    Replaced,
    /// Both have it, and nothing was said.
    Undecided,
}

/// A product that either has.
#[derive(Clone, Debug)]
pub struct MergedProduct {
    /// Its name.
    pub product: String,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// A member of the source.
#[derive(Clone, Debug)]
pub struct MergedPerson {
    /// Their name, or their address where there is none.
    pub name: String,
    /// Whether there is one.
    pub named: bool,
    /// E-mail address.
    pub email: String,
    /// The primary role afterwards.
    pub role: String,
    /// Product and name of the further roles that they get.
    pub gains: Vec<(String, String)>,
    /// Whether they do not belong to the one that stays yet.
    pub joins: bool,
    /// Whether the source suspended them.
    pub suspended: bool,
}

/// One of the source's own roles.
#[derive(Clone, Debug)]
pub struct MergedRole {
    /// Whose role.
    pub product: String,
    /// What it is called now.
    pub role: String,
    /// What it will be called, if that is something else.
    pub renamed_to: Option<String>,
    /// What it allows, separated by commas.
    pub scope: String,
}

/// One of the source's domains.
#[derive(Clone, Debug)]
pub struct MergedDomain {
    /// Its name.
    pub domain: String,
    /// Whether it moves; otherwise it ends.
    pub moves: bool,
}

/// What a merge would do as of now.
#[derive(Clone, Debug)]
pub struct Preview {
    /// `preview_version`
    pub version: String,
    /// How many people the source has.
    pub total: i64,
    /// Those of them who join.
    pub joining: i64,
    /// Those who belong to both.
    pub in_both: i64,
    /// Those who join and stay suspended.
    pub suspended: i64,
    /// Those who come to administer the organization.
    pub administrators: i64,
    /// Those who join without a second factor.
    pub without_second_factor: i64,
    /// Since when the organization demands one.
    pub mfa_required_at: Option<Timestamp>,
    /// The first of the people; `None` for who may not see them.
    pub people: Option<Vec<MergedPerson>>,
    /// In the catalogue's order.
    pub products: Vec<MergedProduct>,
    /// The first of the roles.
    pub roles: Vec<MergedRole>,
    /// How many there are.
    pub role_count: i64,
    /// Names of the first applications.
    pub clients: Vec<String>,
    /// How many there are.
    pub client_count: i64,
    /// The domains.
    pub domains: Vec<MergedDomain>,
    /// Personal tokens that end.
    pub personal_tokens: i64,
    /// Open invitations and requests that end.
    pub invitations: i64,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/merge.html")]
pub struct Merge<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// `merge_id`
    pub id: &'a str,
    /// The one that stays.
    pub organization: &'a Party,
    /// The one that ends.
    pub source: &'a Party,
    /// `pending`, `done`, `withdrawn`, `refused` or `expired`.
    pub state: &'a str,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when it can be approved.
    pub expires_at: Timestamp,
    /// When it was decided or withdrawn.
    pub closed_at: Option<Timestamp>,
    /// Whether the person owns the one that ends, and so decides.
    pub decides: bool,
    /// What it would do; while it is open.
    pub preview: Option<&'a Preview>,
}

impl Merge<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel_merge.title
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    /// The path of one of the forms.
    fn form_url(&self, verb: &str) -> String {
        self.frame.url(&format!("/panel/merges/{}/{verb}", self.id))
    }

    fn state(&self) -> &'static str {
        super::merges::state_words(self.state, &self.frame)
    }

    fn outcome(&self, product: &MergedProduct) -> &'static str {
        let t = &self.frame.t().panel_merge;
        match product.outcome {
            Outcome::Stays => t.product_stays,
            Outcome::Moves => t.product_moves,
            Outcome::Kept => t.product_kept,
            Outcome::Replaced => t.product_replaced,
            Outcome::Undecided => t.product_undecided,
        }
    }

    fn role<'r>(&self, role: &'r str) -> &'r str
    where
        'static: 'r,
    {
        super::role_words(&self.frame, role, true)
    }

    /// So many of a list are not shown.
    fn unseen(&self, total: impl Borrow<i64>, shown: usize) -> Option<String> {
        let more = total.borrow().saturating_sub(i64::try_from(shown).unwrap_or(i64::MAX));
        (more > 0).then(|| self.frame.t().panel_merge.more.of(&more.to_string()))
    }
}
