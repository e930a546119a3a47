//! The panel, `GET /panel` and below: an organization for those who run it. One screen, one file; what a screen's forms
//! send is said there. All share the layout `templates/panel/layout.html` and the value [`Panel`].
//!
//! A change that succeeded redirects (303) to the screen with `?done=<Notice::code>`; one that failed shows the screen
//! again with `problems` and what was written. Only an application's new secret is shown by the POST's own answer.

mod action_words;
mod application;
mod applications;
mod audit_log;
mod domains;
mod ended;
mod invitations;
mod merge;
mod merges;
mod notice;
mod organization;
mod people;
mod person;
mod problem;
mod products;
mod refused;
mod role;
mod roles;
mod scopes;

use super::frame::Frame;
use crate::authz::panel::Screen;

pub use action_words::codes as action_codes;
pub use application::{Application, Secret};
pub use applications::{ApplicationFields, ApplicationLine, Applications};
pub use audit_log::{AuditFilter, AuditLine, AuditLog};
pub use domains::{DomainLine, Domains};
pub use ended::{Ended, What};
pub use invitations::{InvitationFields, InvitationLine, Invitations};
pub use merge::{Merge, MergedDomain, MergedPerson, MergedProduct, MergedRole, Outcome, Party, Preview};
pub use merges::{KeepChoice, MergeFields, MergeLine, Merges};
pub use notice::Notice;
pub use organization::{Demand, Organization, OrganizationFields};
pub use people::{People, PersonLine, RoleName};
pub use person::{Access, CustomRole, Person, RoleChoice, RoleOption};
pub use problem::{Field, Problem};
pub use products::{ProductLine, Products};
pub use refused::{Refused, Why};
pub use role::Role;
pub use roles::{RoleFields, RoleLine, Roles};
pub use scopes::{ScopeBox, ScopePicker};

/// What every screen of the panel has.
#[derive(Clone, Copy, Debug)]
pub struct Panel<'a> {
    /// The organization's name, or its id where the name is empty.
    pub organization: &'a str,
    /// Where the person may go.
    pub sections: &'a [Screen],
    /// Where the person is.
    pub current: Screen,
    /// Hidden field `form` of every form of the screen.
    pub form: &'a str,
    /// What was done just now.
    pub notice: Option<Notice>,
    /// What went wrong just now; each leads to its field.
    pub problems: &'a [Problem],
    /// Whether the person has a second factor, whose code is a proof like the password.
    pub second_factor: bool,
    /// Fewest characters of a password: `config().profile.min_password_length()`.
    pub min_password: usize,
}

impl Panel<'_> {
    fn at(&self, field: Field) -> Option<Problem> {
        self.problems.iter().copied().find(|problem| problem.field() == Some(field))
    }

    /// Address and words of each entry of the navigation, and whether the person is there.
    fn entries(&self, frame: &Frame<'_>) -> Vec<(&'static str, &'static str, bool)> {
        let here = self.current.section();
        self.sections.iter().map(|section| (path(*section), label(*section, frame), here == *section)).collect()
    }
}

const fn path(section: Screen) -> &'static str {
    match section {
        Screen::People | Screen::Person => "/panel",
        Screen::Invitations => "/panel/invitations",
        Screen::Products => "/panel/products",
        Screen::Roles | Screen::Role => "/panel/roles",
        Screen::Applications | Screen::Application => "/panel/applications",
        Screen::Domains => "/panel/domains",
        Screen::Merges | Screen::Merge => "/panel/merges",
        Screen::Organization => "/panel/organization",
        Screen::AuditLog => "/panel/audit_log",
    }
}

fn label(section: Screen, frame: &Frame<'_>) -> &'static str {
    let t = &frame.t().panel;
    match section {
        Screen::People | Screen::Person => t.people,
        Screen::Invitations => t.invitations,
        Screen::Products => t.products,
        Screen::Roles | Screen::Role => t.roles,
        Screen::Applications | Screen::Application => t.applications,
        Screen::Domains => frame.t().panel_domains.title,
        Screen::Merges | Screen::Merge => frame.t().panel_merges.title,
        Screen::Organization => t.organization,
        Screen::AuditLog => t.audit_log,
    }
}

/// A role in words: the catalogue's own in this language, every other as it is called.
pub(super) fn role_words<'r>(frame: &Frame<'_>, role: &'r str, predefined: bool) -> &'r str
where
    'static: 'r,
{
    let t = &frame.t().panel;
    match role {
        _ if !predefined => role,
        "owner" => t.role_owner,
        "administrator" => t.role_administrator,
        "member" => t.role_member,
        "billing_editor" => t.role_billing_editor,
        "normal" => t.role_normal,
        "viewer" => t.role_viewer,
        "editor" => t.role_editor,
        other => other,
    }
}
