//! A new member.

use super::update::invalid_default;
use super::{AccountRow, SeenAccount, role_changes, seen_by, set_password};
use crate::app::App;
use crate::authz::granting::ALL_ROLES;
use crate::domain::email::Email;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::password::Password;
use crate::domain::role::RoleChanges;
use crate::domain::time::Timestamp;
use crate::store::accounts::changes::{self, NewAccount, refusal};
use crate::store::audit::Change;
use crate::store::{accounts, email_changes, memberships, passwords, role_grants};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal, present};

/// The scope that a password needs besides the operation's own.
const SETS_PASSWORDS: &str = "accounts--all:rw";

/// What is asked for.
pub struct Creation {
    /// Decides whether the account is new.
    pub email: Email,
    /// May be empty.
    pub name: String,
    /// Shown, never fetched.
    pub avatar_url: Option<String>,
    /// A product of the catalogue.
    pub default_product: Option<String>,
    /// The caller's organization, which it is anyway.
    pub default_organization_id: Option<OrganizationId>,
    /// Besides Accounts/member, which an account without another primary role has. None: needs no further scope.
    pub roles: RoleChanges,
    /// Without one the account signs in by other means.
    pub password: Option<Password>,
}

/// The account of the address.
pub struct Created {
    /// As it is now.
    pub account: SeenAccount,
    /// `false`: it was a member before, and nothing was changed.
    pub new: bool,
}

/// Makes an account a member of the caller's organization, once: a second call, also at the same time, finds it.
///
/// One round trip. With a password two: the first tells whether there is anything to hash for.
pub async fn create(app: &App, caller: &Caller, creation: &Creation) -> Result<Created, Failure> {
    let now = app.now();
    let phc = match &creation.password {
        None => None,
        Some(password) => {
            let mut batch = guarded(app, caller, creation);
            let found = batch.push(accounts::find_for_caller(batch.token(), &creation.email));
            let count = set_password::count(&mut batch, now);
            let outcome = batch.run(|name| refused(name, creation)).await?;
            if let Some(row) = outcome.first(found)? {
                return Ok(Created { account: seen_by(&outcome.principal)(row), new: false });
            }
            set_password::admit(app, &present(outcome.first(count)?)?, now)?;
            Some(app.hasher().hash(password, &app.random()?)?)
        }
    };
    write(app, caller, creation, phc, now).await
}

async fn write(
    app: &App,
    caller: &Caller,
    creation: &Creation,
    phc: Option<String>,
    now: Timestamp,
) -> Result<Created, Failure> {
    let account = AccountId::new(now, &app.random()?);
    let Creation { email, name, avatar_url, default_product, roles, .. } = creation;
    let new = NewAccount {
        account,
        email,
        name,
        avatar_url: avatar_url.as_deref(),
        default_product: default_product.as_deref(),
    };
    let mut batch = guarded(app, caller, creation);
    batch.push(changes::insert_for_caller(batch.token(), &new, now));
    batch.audit(&Change {
        facts: &format!("{{\"roles\":{}}}", role_grants::items(roles)),
        after: &serde_json::json!({ "email": email.as_written(), "name": name }).to_string(),
        only_if_changed: true,
        ..Change::new("account.create", "account", &account.to_string())
    })?;
    batch.push(memberships::insert_for_caller(batch.token(), account, now));
    if !roles.is_empty() {
        batch.push(role_grants::give(batch.token(), Some(account), roles, now));
    }
    batch.push(memberships::insert_default_role(batch.token(), account, now));
    if let Some(phc) = phc {
        batch.push(passwords::insert_if_created(account, phc, now));
    }
    let found = batch.push(accounts::find_for_caller(batch.token(), email));
    let outcome = batch.run(|name| refused(name, creation)).await?;
    let row: AccountRow = present(outcome.first(found)?)?;
    let new = row.account_id == account;
    Ok(Created { account: seen_by(&outcome.principal)(row), new })
}

/// Everything that may be refused, in the order in which it is told.
fn guarded<'a>(app: &'a App, caller: &'a Caller, creation: &Creation) -> AuthorizedBatch<'a> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    if !creation.roles.is_empty() {
        batch.demand(&[ALL_ROLES]);
    }
    if creation.password.is_some() {
        batch.demand(&[SETS_PASSWORDS]);
    }
    if !creation.roles.is_empty() {
        batch.push(role_grants::check_for_new(batch.token(), &creation.roles));
    }
    if let Some(product) = &creation.default_product {
        batch.push(changes::refuse_unknown_default_product(product));
    }
    if let Some(organization) = creation.default_organization_id {
        batch.push(changes::refuse_other_default_organization(batch.token(), organization));
    }
    batch.push(changes::refuse_elsewhere(batch.token(), &creation.email));
    batch.push(email_changes::refuse_reserved(&creation.email, app.now()));
    batch
}

fn refused(name: &str, creation: &Creation) -> Option<Refusal> {
    match name {
        // Names no id: whose the account is, is not the caller's to know.
        refusal::ELSEWHERE | email_changes::refusal::RESERVED => Some(Refusal::Conflict {
            resource: "account",
            description: "An account with this e-mail address exists in another organization.",
        }),
        _ => role_changes::refused_at_creation(name, &creation.roles).or_else(|| invalid_default(name)),
    }
}
