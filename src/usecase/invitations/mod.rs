//! Invitations to an organization and requests for access: writing, deciding, and the person behind the link.

pub mod approve;
pub mod by_link;
pub mod create;
pub mod decline;
pub mod list;

use super::mail::link::FreshLink;
use super::{Failure, Refusal};
use crate::app::App;
use crate::domain::id::{InvitationId, OutboxId};
use crate::domain::invitation::State;
use crate::domain::time::Timestamp;
use crate::mail::Template;
use crate::oauth::mail_link::Purpose;
use crate::ports::Statement;
pub use crate::store::invitations::InvitationRow;
use crate::store::invitations::{decisions, refusal};
use crate::store::{mail_tokens, outbox};

/// What follows `decisions::approve`, whatever it led to: a member has the role at once and is told; anybody else gets a
/// link, whose token no row holds.
fn settled(app: &App, invitation: InvitationId, expires_at: Timestamp) -> Result<Vec<Statement>, Failure> {
    let now = app.now();
    let link = FreshLink::new(app, Purpose::Invite, now, expires_at)?;
    let (granted, told) = (Template::AccessGranted.name(), OutboxId::new(now, &app.random()?));
    let [give, touch] = decisions::give_to_member(invitation, now);
    Ok(vec![
        give,
        touch,
        outbox::tell_member_of_invitation(told, granted, invitation, State::Accepted.name(), now),
        mail_tokens::withdraw_invite(invitation),
        mail_tokens::insert_invite(&link.row(), invitation, now),
        outbox::tell_invited(link.mail, Template::Invitation.name(), invitation, link.id(), now),
    ])
}

const ALREADY_MEMBER: Refusal =
    Refusal::Conflict { resource: "invitation", description: "The person has a role of this product already." };

const RANKS_ABOVE: Refusal = Refusal::Forbidden("The person ranks above you.");

/// What deciding about an invitation may be refused for beyond the role.
fn refused(name: &str, invitation: InvitationId) -> Option<Refusal> {
    Some(match name {
        refusal::UNKNOWN => Refusal::NotFound { resource: "invitation", id: Some(invitation.to_string()) },
        refusal::BEYOND => Refusal::Forbidden("Your roles do not let you decide about this product."),
        refusal::ABOVE => RANKS_ABOVE,
        refusal::MEMBER => ALREADY_MEMBER,
        refusal::DECIDED => Refusal::Conflict { resource: "invitation", description: "It was decided already." },
        refusal::SUBSCRIPTION => Refusal::Conflict {
            resource: "invitation",
            description: "The product is not enabled, or its subscription has ended.",
        },
        _ => return None,
    })
}
