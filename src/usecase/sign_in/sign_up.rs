//! Sign-up at the browser: an account that owns a new organization, signed in.

use super::{DEVICE_KNOWN, NewSession, SignedIn, refused};
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::organization::Details;
use crate::domain::password::Password;
use crate::oauth::digest::Digest;
use crate::ports::DatabaseError;
use crate::store::audit::Change;
use crate::store::email_changes::refusal::RESERVED;
use crate::store::{
    accounts, authorization_requests, browser_sessions, email_changes, known_devices, memberships, organizations,
    passwords, sessions,
};
use crate::usecase::authorize::{Door, Handle, Visitor, named};
use crate::usecase::authorized::audited;
use crate::usecase::organizations::sign_up::{admit, lost, telling_known, to_be_proven};
use crate::usecase::{Failure, challenge};

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
    /// The language of the page, in which the person gets mails.
    pub locale: &'static str,
}

/// Creates account, organization, membership and session, or nothing; then the request goes on. A known address is
/// refused with 409, as `POST /v2/organizations` does. The link that proves the address is on its way.
///
/// `challenge` is the answer to the widget of the form, where the deployment has one.
///
/// In the strict profile nobody learns whether the address has an account, and so nobody is signed in: `None`. How to go on
/// is in the mail (row E2).
pub async fn sign_up(
    app: &App,
    visitor: &Visitor,
    handle: Handle,
    sign_up: &SignUp,
    challenge: Option<&str>,
) -> Result<Option<SignedIn>, Failure> {
    let now = app.now();
    let answered = challenge::answered(app, challenge)?;
    let admitted = admit(app, &sign_up.email, &answered, now).await?;
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
    batch.push(email_changes::refuse_reserved(&sign_up.email, now));
    if let Some((cookie, Door::Page)) = &visitor.session {
        batch.push(browser_sessions::detach(&cookie.digest));
    }
    batch.push(session.begun(app, account, &phc));
    batch.extend(session.settled(app, account)?);
    batch.push(known_devices::note(account, &visitor.browser.digest, app.origin(), now, now.plus(DEVICE_KNOWN)));
    batch.extend(to_be_proven(app, account, sign_up.locale, now)?);
    let target = organization.to_string();
    let change = Change::new("organization.create", "organization", &target);
    batch.extend(audited(app, session.cookies().page, &change)?);
    batch.push(authorization_requests::continue_in(named(&request, visitor), session.cookies().page, now));
    if admitted.quiet {
        batch.push(sessions::end_all(account, now));
    }
    match app.batch(&batch).await {
        Ok(_) => {}
        Err(error @ DatabaseError::Constraint(_)) => lost(error, admitted.quiet)?,
        Err(DatabaseError::Refused(name)) if name == RESERVED => lost(DatabaseError::Refused(name), admitted.quiet)?,
        Err(error) => return Err(refused(error)),
    }
    if admitted.quiet {
        app.batch(&[telling_known(app, &sign_up.email, account, &admitted, now)?]).await?;
        return Ok(None);
    }
    Ok(Some(session.given()))
}
