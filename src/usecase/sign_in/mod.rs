//! A person at a browser: signing in, signing up, signing out.

pub(in crate::usecase) mod fresh_cookies;
pub mod sign_out;
pub mod sign_up;
pub mod with_passkey;
pub mod with_password;

use std::time::Duration;

use fresh_cookies::FreshCookies;

use crate::app::App;
use crate::domain::id::{AccountId, OutboxId, PasskeyId, SessionId};
use crate::domain::time::Timestamp;
use crate::mail::Template;
use crate::oauth::digest::Digest;
use crate::oauth::refusal::IdentityRefusal;
use crate::ports::{DatabaseError, Statement};
use crate::store::audit::{self, Act, Sitting};
use crate::store::browser_sessions::{self, Cookies, Proven, refusal};
use crate::store::passkeys::refusal as passkeys;
use crate::store::sessions::Expiry;
use crate::store::{half_sessions, known_devices, outbox, passkey_sessions, webauthn_challenges};
use crate::usecase::{Failure, Refusal, audit_entry};

/// The mail that tells a person that the oldest sign-in ended.
const OLDEST_ENDED: &str = "oldest_session_ended";

/// How long a right password waits for the second step.
pub(in crate::usecase) const SECOND_STEP: Duration = Duration::from_mins(10);

/// How long a browser that is not used stays known: as long as it keeps its cookie.
pub(in crate::usecase) const DEVICE_KNOWN: Duration = Duration::from_hours(400 * 24);

/// A browser is signed in: what it gets.
pub struct SignedIn {
    /// Text of the cookie for pages.
    pub page: String,
    /// Text of the cookie for embedded pages; `None` in the strict profile.
    pub embedded: Option<String>,
    /// How long the session may last.
    pub lifetime: Duration,
    /// Whether it opens nothing but the second step (row M1).
    pub half: bool,
}

/// A session that is about to begin: fresh cookies with every proof of who somebody is (row A19).
pub(in crate::usecase) struct NewSession {
    id: SessionId,
    fresh: FreshCookies,
    now: Timestamp,
    expiry: Expiry,
    half: bool,
}

impl NewSession {
    pub(in crate::usecase) fn mint(app: &App, now: Timestamp) -> Result<Self, Failure> {
        let lifetimes = app.config().lifetimes;
        let expiry = Expiry { idle: now.plus(lifetimes.session_idle), absolute: now.plus(lifetimes.session) };
        let fresh = FreshCookies::mint(app, expiry.absolute)?;
        Ok(Self { id: SessionId::new(now, &app.random()?), fresh, now, expiry, half: false })
    }

    /// One that opens nothing but the second step, and not for long (row M1).
    pub(in crate::usecase) fn half(app: &App, now: Timestamp) -> Result<Self, Failure> {
        let until = now.plus(SECOND_STEP);
        let (fresh, expiry) = (FreshCookies::page_only(app, until)?, Expiry { idle: until, absolute: until });
        Ok(Self { id: SessionId::new(now, &app.random()?), fresh, now, expiry, half: true })
    }

    pub(in crate::usecase) fn cookies(&self) -> Cookies<'_> {
        self.fresh.digests()
    }

    /// The row of the session, of an account whose password is still `phc`: a whole one only where there is no second
    /// factor, a half one only where there is.
    pub(in crate::usecase) fn begun(&self, app: &App, account: AccountId, phc: &str) -> Statement {
        let proven = Proven { account, phc, mfa: self.half };
        browser_sessions::begin(self.id, proven, self.cookies(), app.origin(), self.now, self.expiry)
    }

    /// The row of the session, of the account of a passkey that was used: whole at once, because a verified user with the
    /// device are two factors.
    pub(in crate::usecase) fn begun_by_passkey(&self, app: &App, passkey: PasskeyId) -> Statement {
        passkey_sessions::begin(self.id, passkey, self.cookies(), app.origin(), self.now, self.expiry)
    }

    /// What follows the row of a half session: it must be there, and be written down.
    pub(in crate::usecase) fn half_begun(&self, app: &App) -> Result<[Statement; 3], Failure> {
        let cookie = self.cookies().page;
        let entry = audit_entry(app, self.now)?;
        let act =
            Act { sitting: Sitting::Cookie(cookie), organization: None, client: None, action: "session.first_step" };
        let recorded = audit::record_act(&entry, &act);
        Ok([browser_sessions::refuse_not_begun(cookie), recorded, audit::origin(&entry, app.origin())])
    }

    /// In place of the row: the half session of `cookie` is whole from now on, with the cookies of this one. Two
    /// statements; the second stops the batch where it is over.
    pub(in crate::usecase) fn completed(&self, cookie: &Digest) -> [Statement; 2] {
        [half_sessions::complete(cookie, self.cookies(), self.now, self.expiry), half_sessions::refuse_over()]
    }

    /// What follows the row of the session: it must be there, act somewhere, end the oldest beyond `MAX_SESSIONS` and be
    /// written down.
    pub(in crate::usecase) fn settled(&self, app: &App, account: AccountId) -> Result<Vec<Statement>, Failure> {
        let mut statements = self.settled_nowhere_too(app, account)?;
        statements.push(browser_sessions::refuse_nowhere(self.cookies().page));
        Ok(statements)
    }

    /// As [`Self::settled`], of somebody whom a link lets in: who is suspended wherever they belong can still answer an
    /// invitation to another organization. The session acts nowhere then, and opens no other page.
    pub(in crate::usecase) fn settled_nowhere_too(
        &self,
        app: &App,
        account: AccountId,
    ) -> Result<Vec<Statement>, Failure> {
        let cookie = self.cookies().page;
        let entry = audit_entry(app, self.now)?;
        let act = Act { sitting: Sitting::Cookie(cookie), organization: None, client: None, action: "session.begin" };
        let told = OutboxId::new(self.now, &app.random()?);
        Ok(vec![
            browser_sessions::refuse_not_begun(cookie),
            browser_sessions::act_in(cookie, None),
            browser_sessions::end_oldest(account, app.config().limits.sessions, self.now),
            outbox::tell_account_if_changed(told, OLDEST_ENDED, account, self.now),
            audit::record_act(&entry, &act),
            audit::origin(&entry, app.origin()),
        ])
    }

    /// After the row of the session: a browser that the account does not know is told of by mail, and known from then on.
    pub(in crate::usecase) fn noted(
        &self,
        app: &App,
        account: AccountId,
        browser: &Digest,
    ) -> Result<[Statement; 2], Failure> {
        let (template, told) = (Template::NewDevice.name(), OutboxId::new(self.now, &app.random()?));
        Ok([
            known_devices::tell_of_new(told, template, account, browser, self.cookies().page, self.now),
            known_devices::note(account, browser, app.origin(), self.now, self.now.plus(DEVICE_KNOWN)),
        ])
    }

    pub(in crate::usecase) fn given(self) -> SignedIn {
        SignedIn { half: self.half, ..self.fresh.given(self.now) }
    }
}

/// Why a sign-in did not come about, by the name of the assertion that stopped it.
pub(in crate::usecase) fn refused(error: DatabaseError) -> Failure {
    let refusal = match &error {
        DatabaseError::Refused(name) => match name.as_str() {
            refusal::NOT_BEGUN | passkeys::MOVED_ON | webauthn_challenges::GONE => {
                Some(Refusal::Identity(IdentityRefusal::Unauthorized))
            }
            refusal::NOWHERE => Some(Refusal::Identity(IdentityRefusal::AccessDenied)),
            crate::store::authorization_requests::refusal::GONE => Some(Refusal::StaleForm),
            _ => None,
        },
        _ => None,
    };
    refusal.map_or_else(|| error.into(), Failure::Refused)
}
