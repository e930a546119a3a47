//! Sign-up at the browser: an account that owns a new organization, signed in.

use super::{NewSession, SignedIn, refused};
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::organization::Details;
use crate::domain::password::Password;
use crate::oauth::digest::Digest;
use crate::ports::DatabaseError;
use crate::store::accounts::EMAIL_TAKEN;
use crate::store::audit::Change;
use crate::store::{accounts, authorization_requests, browser_sessions, memberships, organizations, passwords};
use crate::usecase::Failure;
use crate::usecase::authorize::{Door, Handle, Visitor, named};
use crate::usecase::authorized::audited;
use crate::usecase::organizations::sign_up::{address_known, admit};

/// What a person writes into the form.
pub struct SignUp {
    /// Becomes the account.
    pub email: Email,
    /// Becomes its password.
    pub password: Password,
    /// The person's; may be empty.
    pub name: String,
    /// The organization's; may be empty.
    pub organization: String,
}

/// Creates account, organization, membership and session, or nothing; then the request goes on. A known address is
/// refused with 409, as `POST /v2/organizations` does.
pub async fn sign_up(app: &App, visitor: &Visitor, handle: Handle, sign_up: &SignUp) -> Result<SignedIn, Failure> {
    let now = app.now();
    admit(app, &sign_up.email, now).await?;
    let request = Digest::of(&handle.id);
    let organization = OrganizationId::new(now, &app.random()?);
    let account = AccountId::new(now, &app.random()?);
    let session = NewSession::mint(app, now)?;
    let phc = app.hasher().hash(&sign_up.password, &app.random()?)?;
    let details = Details { name: Some(sign_up.organization.clone()), ..Details::default() };
    let mut batch = vec![
        authorization_requests::refuse_gone(named(&request, visitor), now),
        organizations::insert(organization, &details, now),
        accounts::insert(account, &sign_up.email, &sign_up.name, organization, now),
        memberships::insert(organization, account, now),
        memberships::insert_owner(organization, account, now),
        passwords::insert(account, phc.clone(), now),
    ];
    if let Some((cookie, Door::Page)) = &visitor.session {
        batch.push(browser_sessions::detach(&cookie.digest));
    }
    batch.push(session.begun(app, account, &phc));
    batch.extend(session.settled(app, account)?);
    let target = organization.to_string();
    let change = Change::new("organization.create", "organization", &target);
    batch.extend(audited(app, session.cookies().page, &change)?);
    batch.push(authorization_requests::continue_in(named(&request, visitor), session.cookies().page, now));
    match app.batch(&batch).await {
        Ok(_) => Ok(session.given()),
        Err(DatabaseError::Constraint(name)) if name == EMAIL_TAKEN => Err(address_known().into()),
        Err(error) => Err(refused(error)),
    }
}
