//! A member invites somebody.

use std::time::Duration;

use super::{ALREADY_MEMBER, RANKS_ABOVE, settled};
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::{InvitationId, OutboxId};
use crate::domain::time::Timestamp;
use crate::mail::Template;
use crate::store::audit::Change;
use crate::store::invitations::{self, InvitationKey, NewInvitation, decisions, refusal};
use crate::store::role_grants::{self, Offered};
use crate::store::{approvers, products, roles, throttles};
use crate::usecase::accounts::role_changes;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, InvalidFields, Refusal, present};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// What is counted: `INVITATIONS_PER_HOUR` of an account, `INVITATIONS_PER_ADDRESS` to an address in a day.
const SENT: &str = "invitation";

/// What is asked for.
pub struct Creation {
    /// Who is invited.
    pub email: Email,
    /// Empty only for who is known to the organization.
    pub name: String,
    /// Of the organization; Accounts is the organization itself.
    pub product: String,
    /// Approves it at once, by who may.
    pub role: Option<String>,
}

/// What is open for the person and the product.
pub struct Invited {
    /// Names it.
    pub id: InvitationId,
    /// `false`: it, or a request of the person, was open before, and nothing was changed.
    pub new: bool,
}

/// Keeps an invitation, once: a second call, also at the same time, finds the first. Without a role it waits, and those
/// who may approve are told; with one the caller must be one of them, and the person gets the link, or as a member of the
/// organization the role.
///
/// An address without an account and one with an account elsewhere cost the same and are answered alike (row E1).
pub async fn create(app: &App, caller: &Caller, creation: &Creation) -> Result<Invited, Failure> {
    let now = app.now();
    let Creation { email, name, product, role } = creation;
    let id = InvitationId::new(now, &app.random()?);
    let expires_at = now.plus(app.config().lifetimes.invitation);
    let new = NewInvitation { id, email, name, product, expires_at };
    let mut batch = guarded(app, caller, creation, &new, now);
    let by = batch.token();
    batch.push(invitations::clear_expired_for_caller(by, &new, now));
    batch.push(invitations::insert_for_caller(by, &new, now));
    let target = id.to_string();
    batch.audit(&Change {
        facts: &serde_json::json!({ "product": product }).to_string(),
        after: &serde_json::json!({ "email": email.as_written(), "name": name }).to_string(),
        only_if_changed: true,
        ..Change::new("invitation.create", "invitation", &target)
    })?;
    match role {
        None => {
            batch.push(approvers::tell(
                OutboxId::new(now, &app.random()?),
                Template::InvitationPending.name(),
                id,
                now,
            ));
        }
        Some(role) => {
            batch.push(decisions::approve(by, id, role, expires_at, now));
            batch.audit(&Change {
                facts: &serde_json::json!({ "role": role }).to_string(),
                only_if_changed: true,
                ..Change::new("invitation.approve", "invitation", &target)
            })?;
            batch.extend(settled(app, id, expires_at)?);
        }
    }
    let found = batch.push(invitations::find_open(by, &new));
    let outcome = batch.run(|name| refused(name, creation)).await?;
    let InvitationKey { invitation_id } = present(outcome.first(found)?)?;
    Ok(Invited { id: invitation_id, new: invitation_id == id })
}

/// Everything that may be refused, in the order in which it is told.
fn guarded<'a>(
    app: &'a App,
    caller: &'a Caller,
    creation: &Creation,
    new: &NewInvitation<'_>,
    now: Timestamp,
) -> AuthorizedBatch<'a> {
    let Creation { email, product, role, .. } = creation;
    let limits = app.config().limits;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    batch.push(match role {
        Some(_) => approvers::refuse_beyond_product(by, product, refusal::BEYOND),
        None => approvers::refuse_by_mode(by, product, refusal::MODE),
    });
    batch.push(products::refuse_unknown(product));
    batch.push(roles::refuse_product_not_enabled(by, product));
    if let Some(role) = role {
        batch.push(role_grants::check_for_invited(by, Offered::New { product }, role));
    }
    batch.push(throttles::count_for_caller(by, SENT, now, HOUR));
    batch.push(throttles::refuse_above_for_caller(by, SENT, limits.invitations_per_hour, refusal::TOO_MANY));
    let address = app.bucket(SENT, email.key());
    batch.push(throttles::count(&address, now, DAY));
    batch.push(throttles::refuse_above(&address, limits.invitations_per_address, refusal::TOO_MANY));
    batch.push(invitations::refuse_member_of_product(by, new));
    if role.is_some() {
        batch.push(invitations::refuse_above(by, new));
    }
    batch.push(invitations::refuse_nameless(by, new));
    batch
}

fn refused(name: &str, creation: &Creation) -> Option<Refusal> {
    let invalid =
        |field: &str, problem: &str| Refusal::Invalid(InvalidFields::from([(field.to_owned(), problem.to_owned())]));
    Some(match name {
        refusal::MODE => Refusal::Forbidden("In this organization only those invite who may approve."),
        refusal::BEYOND => {
            Refusal::Forbidden("Your roles do not let you approve for this product; leave the role out.")
        }
        products::refusal::UNKNOWN => invalid("product", "unknown product"),
        roles::refusal::PRODUCT => invalid("product", "the product is not enabled"),
        refusal::TOO_MANY => Refusal::Throttled { retry_after: HOUR.as_secs() },
        refusal::MEMBER => ALREADY_MEMBER,
        refusal::ABOVE => RANKS_ABOVE,
        refusal::NAMELESS => Refusal::Malformed("A person who is new to the organization needs a name."),
        other => return role_changes::refused_offer(other, creation.role.as_deref(), true),
    })
}
