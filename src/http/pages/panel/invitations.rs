//! Invitations and requests for access: `GET /panel/invitations`; `POST` there with `email`, `name` and `offer`
//! (`product/role`); `POST .../{invitation_id}/approve` with `role`, `POST .../{invitation_id}/decline`.

use askama::Template;

use super::super::frame::Frame;
use super::people::RoleName;
use super::{Field, Panel};
use crate::domain::time::Timestamp;

/// What waits.
#[derive(Clone, Debug)]
pub struct InvitationLine {
    /// `invitation_id`
    pub id: String,
    /// May be empty.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// To which product.
    pub product: String,
    /// A member asks; otherwise an address was invited.
    pub asks: bool,
    /// Roles that it can be approved with; empty when that is done, or not the person's to do.
    pub roles: Vec<RoleName>,
    /// Waits for the person behind the link.
    pub approved: bool,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// An invitation, as it was written and refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct InvitationFields<'a> {
    /// `email`
    pub email: &'a str,
    /// `name`
    pub name: &'a str,
    /// `offer`
    pub offer: &'a str,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/invitations.html")]
pub struct Invitations<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// One page of what waits.
    pub lines: &'a [InvitationLine],
    /// The address of the next page.
    pub next_url: Option<&'a str>,
    /// Whether the person decides.
    pub can_decide: bool,
    /// What somebody can be invited to; empty for who may not invite.
    pub offers: &'a [RoleName],
    /// The new invitation's form.
    pub fields: InvitationFields<'a>,
}

impl Invitations<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel.invitations
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    fn form_url(&self, line: &InvitationLine, verb: &str) -> String {
        self.frame.url(&format!("/panel/invitations/{}/{verb}", line.id))
    }

    fn is_chosen(&self, offer: &RoleName) -> bool {
        self.fields.offer == offer.value()
    }
}

impl RoleName {
    /// As the form sends it.
    pub(super) fn value(&self) -> String {
        format!("{}/{}", self.product, self.role)
    }

    pub(super) fn alone(&self, frame: &Frame<'_>) -> String {
        super::role_words(frame, &self.role, self.predefined).to_owned()
    }
}
