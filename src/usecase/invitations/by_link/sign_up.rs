//! An invited person without an account makes one and joins by it.

use super::{Needs, closed, open, refused};
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::AccountId;
use crate::domain::password::Password;
use crate::oauth::envelope::Opened;
use crate::ports::DatabaseError;
use crate::store::accounts::{self, EMAIL_TAKEN};
use crate::store::email_changes::refusal::RESERVED;
use crate::store::invitations::links;
use crate::store::{audit, browser_sessions, email_changes, known_devices, memberships, passwords};
use crate::usecase::authorize::{Door, Visitor};
use crate::usecase::challenge::Answered;
use crate::usecase::organizations::sign_up::{address_known, admit};
use crate::usecase::sign_in::{DEVICE_KNOWN, NewSession, SignedIn};
use crate::usecase::{Failure, Fault, audit_entry};

/// What a person writes into the form; the address is the invited one.
pub struct SignUp {
    /// The person's.
    pub name: String,
    /// Becomes the account's.
    pub password: Password,
    /// The language of the page, in which the person gets mails.
    pub locale: &'static str,
}

/// Creates account, membership with the offered role and session, or nothing. The link proves the address; one that an
/// account had a short while ago and can take back is taken. Counted with the
/// sign-ups of the network; the link is answer enough to any challenge. Three round trips: which address it is, the count,
/// and behind the hash the writing.
pub async fn sign_up(app: &App, visitor: &Visitor, link: &Opened, sign_up: &SignUp) -> Result<SignedIn, Failure> {
    let now = app.now();
    let linked = open(app, link, None).await?;
    if linked.needs() != Needs::Account {
        return Err(closed().into());
    }
    let email = Email::parse(&linked.row.email);
    let email = email.map_err(|error| Fault::Internal(format!("the address of an invitation: {error}")))?;
    if admit(app, &email, &Answered::NOT_NEEDED, now).await?.known {
        return Err(address_known().into());
    }
    let account = AccountId::new(now, &app.random()?);
    let session = NewSession::mint(app, now)?;
    let phc = app.hasher().hash(&sign_up.password, &app.random()?)?;
    let cookie = session.cookies().page;
    let entry = audit_entry(app, now)?;
    let mut batch = vec![
        links::refuse_closed_to_new(&link.digest, now),
        email_changes::refuse_reserved(&email, now),
        links::insert_account(&link.digest, account, &sign_up.name, now),
        accounts::set_locale(account, sign_up.locale),
        passwords::insert(account, phc.clone(), now),
    ];
    batch.extend(links::accept(&link.digest, account, now));
    batch.push(memberships::note_choice(linked.row.organization_id, account, now));
    if let Some((before, Door::Page)) = &visitor.session {
        batch.push(browser_sessions::detach(&before.digest));
    }
    batch.push(session.begun(app, account, &phc));
    batch.extend(session.settled(app, account)?);
    let (browser, known_until) = (&visitor.browser.digest, now.plus(DEVICE_KNOWN));
    batch.push(known_devices::note(account, browser, app.origin(), now, known_until));
    batch.extend([
        audit::record_invited(&link.digest, Some(account), Some(cookie), &entry, "invitation.accept"),
        audit::origin(&entry, app.origin()),
    ]);
    match app.batch(&batch).await {
        Ok(_) => Ok(session.given()),
        Err(DatabaseError::Constraint(name)) if name == EMAIL_TAKEN => Err(closed().into()),
        Err(DatabaseError::Refused(name)) if name == RESERVED => Err(address_known().into()),
        Err(error) => Err(refused(error)),
    }
}
