//! Sign-up at the browser: an account that owns a new organization, signed in.

use super::{DEVICE_KNOWN, NewSession, SignedIn, refused};
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::organization::Details;
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::mail::Template;
use crate::oauth::digest::Digest;
use crate::oauth::mail_link::Purpose;
use crate::ports::{DatabaseError, Statement};
use crate::store::accounts::EMAIL_TAKEN;
use crate::store::audit::Change;
use crate::store::email_changes::refusal::RESERVED;
use crate::store::{
    accounts, authorization_requests, browser_sessions, email_changes, known_devices, mail_tokens, memberships,
    organizations, outbox, passwords,
};
use crate::usecase::Failure;
use crate::usecase::authorize::{Door, Handle, Visitor, named};
use crate::usecase::authorized::audited;
use crate::usecase::mail::link::FreshLink;
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
    /// The language of the page, in which the person gets mails.
    pub locale: &'static str,
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
    batch.push(email_changes::refuse_reserved(&sign_up.email, now));
    if let Some((cookie, Door::Page)) = &visitor.session {
        batch.push(browser_sessions::detach(&cookie.digest));
    }
    batch.push(session.begun(app, account, &phc));
    batch.extend(session.settled(app, account)?);
    batch.push(known_devices::note(account, &visitor.browser.digest, origin, now, now.plus(DEVICE_KNOWN)));
    batch.extend(to_be_proven(app, account, sign_up.locale, now)?);
    let target = organization.to_string();
    let change = Change::new("organization.create", "organization", &target);
    batch.extend(audited(app, session.cookies().page, &change)?);
    batch.push(authorization_requests::continue_in(named(&request, visitor), session.cookies().page, now));
    match app.batch(&batch).await {
        Ok(_) => Ok(session.given()),
        Err(DatabaseError::Constraint(name)) if name == EMAIL_TAKEN => Err(address_known().into()),
        Err(DatabaseError::Refused(name)) if name == RESERVED => Err(address_known().into()),
        Err(error) => Err(refused(error)),
    }
}

/// The mail with which a new account proves its address.
fn to_be_proven(app: &App, account: AccountId, locale: &str, now: Timestamp) -> Result<[Statement; 3], Failure> {
    let link = FreshLink::new(app, Purpose::Verify, now, now.plus(app.config().lifetimes.verify_link))?;
    Ok([
        accounts::set_locale(account, locale),
        mail_tokens::insert(&link.row(), Purpose::Verify, account, now),
        outbox::tell_link(link.mail, Template::VerifyEmail.name(), link.id(), locale, now),
    ])
}
