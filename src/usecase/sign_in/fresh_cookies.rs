//! The next cookies of a session that has some (row A19).

use super::SignedIn;
use crate::app::App;
use crate::config::Profile;
use crate::domain::time::Timestamp;
use crate::oauth::envelope::{Kind, Minted};
use crate::ports::EntropyError;
use crate::store::browser_sessions::Cookies;

/// Cookies that nobody has yet. They open something once a batch has stored their digests.
pub(in crate::usecase) struct FreshCookies {
    page: Minted,
    embedded: Option<Minted>,
    until: Timestamp,
}

impl FreshCookies {
    pub(in crate::usecase) fn mint(app: &App, until: Timestamp) -> Result<Self, EntropyError> {
        let cookie = || app.mint(Kind::Session, Some(until));
        let embedded = match app.config().profile {
            Profile::Compatible => Some(cookie()?),
            Profile::Strict => None,
        };
        Ok(Self { page: cookie()?, embedded, until })
    }

    /// Without the one for embedded pages.
    pub(in crate::usecase) fn page_only(app: &App, until: Timestamp) -> Result<Self, EntropyError> {
        Ok(Self { page: app.mint(Kind::Session, Some(until))?, embedded: None, until })
    }

    /// For as long as those that they replace, which end at `until`.
    pub(in crate::usecase) fn instead_of(app: &App, until: Option<Timestamp>) -> Result<Self, EntropyError> {
        Self::mint(app, until.unwrap_or(app.now()))
    }

    pub(in crate::usecase) fn digests(&self) -> Cookies<'_> {
        Cookies { page: &self.page.digest, embedded: self.embedded.as_ref().map(|minted| &minted.digest) }
    }

    /// What the browser gets.
    pub(in crate::usecase) fn given(self, now: Timestamp) -> SignedIn {
        SignedIn {
            page: self.page.text,
            embedded: self.embedded.map(|minted| minted.text),
            lifetime: self.until.since(now),
            half: false,
        }
    }
}
