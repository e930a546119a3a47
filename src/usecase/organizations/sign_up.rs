//! Sign-up: a new account that owns a new organization, with a first token.

use std::time::Duration;

use super::Created;
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::{AccountId, OrganizationId, SessionId};
use crate::domain::organization::Details;
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::oauth::envelope::Kind;
use crate::ports::DatabaseError;
use crate::store::accounts::EMAIL_TAKEN;
use crate::store::audit::Change;
use crate::store::sessions::Expiry;
use crate::store::throttles::Counted;
use crate::store::{
    access_tokens, accounts, email_changes, memberships, organizations, passwords, sessions, throttles,
};
use crate::usecase::accounts::SeenAccount;
use crate::usecase::authorized::audited;
use crate::usecase::{Failure, Refusal, present};

const HOUR: Duration = Duration::from_hours(1);

/// What a stranger asks for.
pub struct SignUp {
    /// Becomes the account.
    pub email: Email,
    /// Without one the account signs in by other means.
    pub password: Option<Password>,
    /// The organization.
    pub details: Details,
}

/// Creates account, organization, membership, session and token, or nothing. The token has no client, and every scope of
/// the owner's role.
///
/// Two round trips, because a password is hashed between them: the first counts the attempt and refuses a throttled
/// caller or a known address before any hashing; the second writes, and its unique index has the last word.
/// Never sends mail (API, row 15).
pub async fn sign_up(app: &App, sign_up: SignUp) -> Result<Created, Failure> {
    let now = app.now();
    admit(app, &sign_up.email, now).await?;
    let organization = OrganizationId::new(now, &app.random()?);
    let account = AccountId::new(now, &app.random()?);
    let session = SessionId::new(now, &app.random()?);
    let lifetimes = app.config().lifetimes;
    let expiry = Expiry { idle: now.plus(lifetimes.session_idle), absolute: now.plus(lifetimes.session) };
    let token_expires_at = now.plus(lifetimes.access_token);
    let token = app.mint(Kind::Access, Some(token_expires_at))?;
    let mut batch = vec![
        organizations::insert(organization, &sign_up.details, now),
        accounts::insert(account, &sign_up.email, "", organization, now),
        memberships::insert(organization, account, now),
        memberships::insert_owner(organization, account, now),
        sessions::insert(session, account, app.origin(), now, expiry),
        access_tokens::insert_with_all_held_scopes(
            &token.digest,
            organization,
            account,
            session,
            now,
            token_expires_at,
        ),
    ];
    let target = organization.to_string();
    batch.extend(audited(app, &token.digest, &Change::new("organization.create", "organization", &target))?);
    batch.push(email_changes::refuse_reserved(&sign_up.email, now));
    if let Some(password) = &sign_up.password {
        batch.push(passwords::insert(account, app.hasher().hash(password, &app.random()?)?, now));
    }
    batch.extend([accounts::get(organization, account), organizations::get(organization)]);
    let rows = match app.batch(&batch).await {
        Ok(rows) => rows,
        Err(DatabaseError::Constraint(name)) if name == EMAIL_TAKEN => {
            return Err(address_known().into());
        }
        Err(DatabaseError::Refused(name)) if name == email_changes::refusal::RESERVED => {
            return Err(address_known().into());
        }
        Err(error) => return Err(error.into()),
    };
    let [.., account, organization] = rows.as_slice() else {
        return present(None);
    };
    Ok(Created {
        account: SeenAccount { row: present(account.first()?)?, with_roles: true, with_properties: true },
        organization: present(organization.first()?)?,
        access_token: token.text,
    })
}

/// Counts the attempt; refuses a network that tries too often, then an address that has an account.
pub(in crate::usecase) async fn admit(app: &App, email: &Email, now: Timestamp) -> Result<(), Failure> {
    let bucket = app.bucket("sign_up", &app.origin().network());
    let batch = [throttles::count(&bucket, now, HOUR), accounts::find_by_email(email)];
    let rows = app.batch(&batch).await?;
    let [counted, known] = rows.as_slice() else {
        return present(None);
    };
    let counted: Counted = present(counted.first()?)?;
    if let Some(retry_after) = counted.retry_after(app.config().limits.sign_ups_per_hour, HOUR, now) {
        return Err(Refusal::Throttled { retry_after }.into());
    }
    match known.first::<serde::de::IgnoredAny>()? {
        Some(_) => Err(address_known().into()),
        None => Ok(()),
    }
}

/// Names no id: whose the account is, is not the caller's to know.
pub(in crate::usecase) fn address_known() -> Refusal {
    Refusal::Conflict { resource: "account", description: "An account with this e-mail address already exists." }
}
