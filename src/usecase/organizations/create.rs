//! A new organization for the caller's account.

use super::Created;
use crate::app::App;
use crate::authz::credential::Credential;
use crate::domain::id::{OrganizationId, SessionId};
use crate::domain::organization::Details;
use crate::oauth::envelope::Kind;
use crate::store::audit::Change;
use crate::store::{access_tokens, accounts, memberships, organizations, sessions};
use crate::usecase::accounts::seen_by;
use crate::usecase::authorized::{AuthorizedBatch, Caller, audited};
use crate::usecase::{Failure, Refusal, present};

const TOO_MANY: &str = "organizations_too_many";

/// Creates organization, membership and token, or nothing.
///
/// The caller owns the new organization, and its token never does there what the caller's own could not do: it has the
/// same client and session, no further scope, and ends no later. The bearer of a personal token has no session; the
/// token gets one of its own, which marks it as given for a personal token.
pub async fn create(app: &App, caller: &Caller, details: &Details) -> Result<Created, Failure> {
    let now = app.now();
    let organization = OrganizationId::new(now, &app.random()?);
    let expires_at = now.plus(app.config().lifetimes.access_token);
    let expires_at = caller.credential.expires_at().map_or(expires_at, |end| end.min(expires_at));
    let token = app.mint(Kind::Access, Some(expires_at))?;
    let session = match caller.credential {
        Credential::Access(_) | Credential::Page(_) => None,
        Credential::Personal { .. } => Some(SessionId::new(now, &app.random()?)),
    };

    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    batch.push(organizations::owns_fewer_than(by, app.config().limits.organizations, TOO_MANY));
    batch.push(organizations::insert(organization, details, now));
    batch.extend(memberships::insert_caller_as_owner(by, organization, now));
    if let Some(session) = session {
        batch.push(sessions::insert_for_caller(by, session, app.origin(), now, expires_at));
    }
    batch.push(access_tokens::insert_for_caller(by, &token.digest, organization, session, now, expires_at));
    let target = organization.to_string();
    let change = Change::new("organization.create", "organization", &target);
    batch.extend(audited(app, &token.digest, &change)?);
    let account = batch.push(accounts::get_for_caller(&token.digest, None));
    let found = batch.push(organizations::get(organization));

    let outcome = batch.run(|name| (name == TOO_MANY).then(too_many)).await?;
    Ok(Created {
        account: seen_by(app, &outcome.principal)(present(outcome.first(account)?)?),
        organization: present(outcome.first(found)?)?,
        access_token: token.text,
    })
}

fn too_many() -> Refusal {
    Refusal::Conflict { resource: "organization", description: "The account owns as many organizations as it may." }
}
