//! A person's own page. What the API can do too is done by the API's use cases; here is what only a browser's session can.

pub mod change_password;
pub mod leave_organization;
pub mod read;
pub mod switch_organization;

use crate::app::App;
use crate::config::Profile;
use crate::domain::time::Timestamp;
use crate::oauth::envelope::{Kind, Minted};
use crate::ports::EntropyError;
use crate::store::browser_sessions::Cookies;
use crate::usecase::authorized::Caller;
pub use crate::usecase::sign_in::SignedIn;

/// The next cookies of a session that has some (row A19).
struct FreshCookies {
    page: Minted,
    embedded: Option<Minted>,
    until: Timestamp,
}

impl FreshCookies {
    fn mint(app: &App, until: Timestamp) -> Result<Self, EntropyError> {
        let cookie = || app.mint(Kind::Session, Some(until));
        let embedded = match app.config().profile {
            Profile::Compatible => Some(cookie()?),
            Profile::Strict => None,
        };
        Ok(Self { page: cookie()?, embedded, until })
    }

    /// For as long as those that the caller presents.
    fn instead_of(app: &App, caller: &Caller) -> Result<Self, EntropyError> {
        Self::mint(app, caller.credential.expires_at().unwrap_or(app.now()))
    }

    fn digests(&self) -> Cookies<'_> {
        Cookies { page: &self.page.digest, embedded: self.embedded.as_ref().map(|minted| &minted.digest) }
    }

    fn given(self, now: Timestamp) -> SignedIn {
        SignedIn {
            page: self.page.text,
            embedded: self.embedded.map(|minted| minted.text),
            lifetime: self.until.since(now),
        }
    }
}
