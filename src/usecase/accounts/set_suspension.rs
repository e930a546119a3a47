//! A member is suspended, or not any more.

use super::member::{self, audit_target, invalid};
use super::{SeenAccount, seen_by};
use crate::app::App;
use crate::domain::account::ACCOUNTS;
use crate::domain::id::AccountId;
use crate::store::audit::Change;
use crate::store::memberships::refusal;
use crate::store::{accounts, browser_sessions, memberships, product_suspensions, products};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal, present};

/// From what, and whether.
pub struct Suspension {
    /// Product Accounts is the organization as a whole.
    pub product: String,
    /// `false` ends a suspension.
    pub suspended: bool,
}

/// Suspends a member of the caller's organization, or ends that; what is so already stays and leaves no trace.
///
/// From product Accounts: sign-in and every credential in this organization end in the same transaction, and none of
/// them lives again when the suspension ends. From another product, which the organization must have: the scopes of its
/// roles do not count, and the tokens of its own client end. Never the caller (`None` too), the owner, or who ranks
/// above the caller.
pub async fn set_suspension(
    app: &App,
    caller: &Caller,
    account: Option<AccountId>,
    suspension: &Suspension,
) -> Result<SeenAccount, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, account);
    batch.push(memberships::refuse_unknown(batch.token(), account));
    batch.push(memberships::refuse_own(batch.token(), account));
    batch.push(memberships::refuse_owner(batch.token(), account));
    batch.push(memberships::refuse_above(batch.token(), account));
    write(&mut batch, account, suspension, app)?;
    let found = batch.push(accounts::get_for_caller(batch.token(), account));
    let outcome = batch.run(|name| refused(name, account)).await?;
    Ok(seen_by(app, &outcome.principal)(present(outcome.first(found)?)?))
}

fn write(
    batch: &mut AuthorizedBatch<'_>,
    account: Option<AccountId>,
    suspension: &Suspension,
    app: &App,
) -> Result<(), Failure> {
    let (caller, now) = (batch.token(), app.now());
    let Suspension { product, suspended } = suspension;
    let whole = product == ACCOUNTS;
    if whole {
        batch.push(memberships::set_suspended(caller, account, *suspended, now));
    } else {
        batch.push(products::refuse_not_enabled(caller, product));
        batch.push(match suspended {
            true => product_suspensions::insert_for_caller(caller, account, product, now),
            false => product_suspensions::delete_for_caller(caller, account, product),
        });
    }
    let action = if *suspended { "account.suspend" } else { "account.unsuspend" };
    batch.audit(&Change {
        facts: &serde_json::json!({ "product": product }).to_string(),
        only_if_changed: true,
        ..Change::new(action, "account", &audit_target(account))
    })?;
    match (suspended, whole) {
        (true, true) => {
            batch.push(browser_sessions::leave_organization(caller, account));
        }
        (true, false) => batch.extend(product_suspensions::end_tokens_for_caller(caller, account, product, now)),
        (false, _) => {}
    }
    Ok(())
}

fn refused(name: &str, account: Option<AccountId>) -> Option<Refusal> {
    match name {
        refusal::OWN => Some(Refusal::Forbidden("Nobody suspends their own account.")),
        refusal::OWNER => Some(Refusal::Forbidden("The owner of an organization cannot be suspended.")),
        products::refusal::NOT_ENABLED => Some(invalid("product", "the product is not enabled")),
        other => member::refused(other, account),
    }
}
