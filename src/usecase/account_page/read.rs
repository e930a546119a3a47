//! Everything that the page shows.

use std::cmp::Reverse;

use crate::app::App;
use crate::store::accounts::{self, AccountRow};
use crate::store::consents::{self, ConsentRow};
use crate::store::member_avatars;
pub use crate::store::member_avatars::MemberAvatarRow;
use crate::store::operator_commands::{self, WaitingRow};
use crate::store::organization_domains::{self, JoinableRow};
use crate::store::organizations;
pub use crate::store::organizations::OwnOrganizationRow;
use crate::store::passkeys::{self, PasskeyRow};
use crate::store::personal_tokens::{self, PersonalTokenRow};
use crate::store::scopes::{self, ScopeRow};
use crate::store::second_factors::{self, SecondFactorRow};
use crate::store::sessions::{self, SessionRow};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::list_joinable;
use crate::usecase::second_factor::enrolment_over;
use crate::usecase::{Failure, present};

/// A person's own things, as of one instant.
pub struct AccountPage {
    /// Who.
    pub account: AccountRow,
    /// What there is as a second factor.
    pub second_factor: SecondFactorRow,
    /// The picture in the organization in which the caller acts.
    pub picture: Option<MemberAvatarRow>,
    /// Live sessions, the caller's own first, then the newest.
    pub sessions: Vec<SessionRow>,
    /// What was allowed to applications, in every organization.
    pub applications: Vec<ConsentRow>,
    /// Oldest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Of the organization in which the caller acts, oldest first.
    pub personal_tokens: Vec<PersonalTokenRow>,
    /// The one in which the caller acts first.
    pub organizations: Vec<OwnOrganizationRow>,
    /// Those that the person may join.
    pub joinable: Vec<JoinableRow>,
    /// The catalogue's scopes that may be asked for, in order.
    pub scopes: Vec<ScopeRow>,
    /// Those of them that the caller may give a personal token now, in order.
    pub offered: Vec<String>,
    /// Whether the first screen of the panel is open to the caller.
    pub panel: bool,
    /// Commands of the operator that wait and that the caller may withdraw.
    pub resets: Vec<WaitingRow>,
}

/// The scope that opens the panel's first screen, the members.
const SEES_PEOPLE: &str = "accounts--all:ro";

/// One round trip. Also after a form of the page was refused, or made a personal token: its operation's rule is asked
/// again, and lets in nobody whom the page itself would not.
pub async fn read(app: &App, caller: &Caller) -> Result<AccountPage, Failure> {
    let now = app.now();
    let most = i64::try_from(app.config().limits.personal_tokens).unwrap_or(i64::MAX);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    let account = batch.push(accounts::get_for_caller(by, None));
    let second_factor = batch.push(second_factors::find_for_caller(by, enrolment_over(now)));
    let picture = batch.push(member_avatars::find_for_caller(by, None));
    let sessions = batch.push(sessions::list_for_caller(by, now));
    let applications = batch.push(consents::list_for_caller(by));
    let passkeys = batch.push(passkeys::list_for_caller(by));
    let personal_tokens = batch.push(personal_tokens::list_for_caller(by, None, most, now));
    let organizations = batch.push(organizations::list_with_products(by));
    let joinable = batch.push(organization_domains::list_joinable(by, list_joinable::MOST));
    let scopes = batch.push(scopes::list_public());
    let resets = batch.push(operator_commands::list_waiting_for_caller(by, now));
    let outcome = batch.run(|_| None).await?;

    let mut sessions: Vec<SessionRow> = outcome.all(sessions)?;
    sessions.sort_by_key(|session| (!session.current, Reverse(session.created_at)));
    let scopes: Vec<ScopeRow> = outcome.all(scopes)?;
    let may = |scope: &&ScopeRow| outcome.principal.may(&scope.scope);
    Ok(AccountPage {
        account: present(outcome.first(account)?)?,
        second_factor: present(outcome.first(second_factor)?)?,
        picture: outcome.first(picture)?,
        sessions,
        applications: outcome.all(applications)?,
        passkeys: outcome.all(passkeys)?,
        personal_tokens: outcome.all(personal_tokens)?,
        organizations: outcome.all(organizations)?,
        joinable: outcome.all(joinable)?,
        offered: scopes.iter().filter(may).map(|scope| scope.scope.clone()).collect(),
        panel: outcome.principal.may(SEES_PEOPLE),
        resets: outcome.all(resets)?,
        scopes,
    })
}
