//! Invitations to an organization and requests for access: writing, deciding, and the person behind the link.

pub mod approve;
pub mod by_link;
pub mod create;
pub mod decline;
pub mod list;

use super::Refusal;
use crate::app::App;
use crate::domain::id::{InvitationId, MailTokenId, OutboxId};
use crate::domain::invitation::State;
use crate::domain::time::Timestamp;
use crate::oauth::envelope::Kind;
use crate::ports::{EntropyError, Statement};
pub use crate::store::invitations::InvitationRow;
use crate::store::invitations::{decisions, refusal};
use crate::store::mail_tokens::{self, NewLink};
use crate::store::outbox;

/// The mail to those who may approve an invitation.
const PENDING: &str = "invitation_pending";
/// The mail to those who may approve a request for access.
pub(in crate::usecase) const REQUESTED: &str = "access_request";
/// The mail with the link.
const INVITED: &str = "invitation";
/// The mail to a member who has got a role.
const GRANTED: &str = "access_granted";
/// The mail to a member whose request was declined.
const REFUSED: &str = "access_refused";

/// What follows `decisions::approve`, whatever it led to: a member has the role at once and is told; anybody else gets a
/// link, whose token no row holds.
fn settled(app: &App, invitation: InvitationId, expires_at: Timestamp) -> Result<Vec<Statement>, EntropyError> {
    let now = app.now();
    let id = MailTokenId::new(now, &app.random()?);
    let minted = app.mail_link_token(Kind::Invite, id, expires_at)?;
    let (told, invited) = (OutboxId::new(now, &app.random()?), OutboxId::new(now, &app.random()?));
    let [give, touch] = decisions::give_to_member(invitation, now);
    Ok(vec![
        give,
        touch,
        outbox::tell_member_of_invitation(told, GRANTED, invitation, State::Accepted.name(), now),
        mail_tokens::withdraw_invite(invitation),
        mail_tokens::insert_invite(&NewLink { id, digest: &minted.digest, expires_at }, invitation, now),
        outbox::tell_invited(invited, INVITED, invitation, id, now),
    ])
}

const ALREADY_MEMBER: Refusal =
    Refusal::Conflict { resource: "invitation", description: "The person has a role of this product already." };

/// What deciding about an invitation may be refused for beyond the role.
fn refused(name: &str, invitation: InvitationId) -> Option<Refusal> {
    Some(match name {
        refusal::UNKNOWN => Refusal::NotFound { resource: "invitation", id: Some(invitation.to_string()) },
        refusal::BEYOND => Refusal::Forbidden("Your roles do not let you decide about this product."),
        refusal::ABOVE => Refusal::Forbidden("The person ranks above you."),
        refusal::MEMBER => ALREADY_MEMBER,
        refusal::DECIDED => Refusal::Conflict { resource: "invitation", description: "It was decided already." },
        refusal::SUBSCRIPTION => Refusal::Conflict {
            resource: "invitation",
            description: "The product is not enabled, or its subscription has ended.",
        },
        _ => return None,
    })
}
