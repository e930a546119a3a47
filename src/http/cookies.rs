//! The cookies of pages. What they hold are envelopes: a forged or expired one is as good as none, and costs no storage.
//!
//! Three, all `__Host-`, `Secure` and `HttpOnly`. `browser` tells one browser from another, signed in or not: forms and
//! authorization requests belong to it. `session` is the sign-in, for pages and forms. `embedded` is the same sign-in for
//! `GET /` inside another site's page, and opens nothing else; the strict profile has none.

use std::time::Duration;

use axum::response::Response;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

use crate::app::App;
use crate::authz::credential::Credential;
use crate::config::Profile;
use crate::oauth::envelope::{Kind, Opened};
use crate::ports::EntropyError;

const BROWSER: &str = "__Host-browser";
const SESSION: &str = "__Host-session";
const EMBEDDED: &str = "__Host-embedded";

/// How long a browser is told from another; browsers keep no cookie for longer.
const BROWSER_TTL: Duration = Duration::from_hours(400 * 24);

/// A browser as its cookies present it.
pub struct Browser {
    /// Which one it is.
    pub id: Option<Opened>,
    /// The sign-in, for pages and forms.
    pub session: Option<Opened>,
    /// The sign-in, for embedded pages.
    pub embedded: Option<Opened>,
}

impl Browser {
    pub(super) fn read(app: &App, headers: &HeaderMap) -> Self {
        let open = |name, kind| app.open(kind, cookie(headers, name)?).ok();
        let embedded = match app.config().profile {
            Profile::Compatible => open(EMBEDDED, Kind::Session),
            Profile::Strict => None,
        };
        Self { id: open(BROWSER, Kind::Browser), session: open(SESSION, Kind::Session), embedded }
    }

    /// Which browser it is; a new one gets its cookie with the answer.
    pub fn recognised(self, app: &App) -> Result<(Opened, Option<HeaderValue>), EntropyError> {
        if let Some(id) = self.id {
            return Ok((id, None));
        }
        let minted = app.mint(Kind::Browser, Some(app.now().plus(BROWSER_TTL)))?;
        let id = app.open(Kind::Browser, &minted.text).map_err(|error| EntropyError(error.to_string()))?;
        Ok((id, Some(set(BROWSER, &minted.text, "Lax", BROWSER_TTL))))
    }
}

/// The credential of a page: its session's cookie.
pub(super) fn page_credential(app: &App, headers: &HeaderMap) -> Option<Credential> {
    let text = cookie(headers, SESSION)?;
    app.open(Kind::Session, text).ok().map(Credential::Page)
}

/// Gives the browser the cookies of a session, for as long as the session may last.
pub fn begin_session(response: &mut Response, page: &str, embedded: Option<&str>, lifetime: Duration) {
    response.headers_mut().append(SET_COOKIE, set(SESSION, page, "Lax", lifetime));
    if let Some(embedded) = embedded {
        response.headers_mut().append(SET_COOKIE, set(EMBEDDED, embedded, "None", lifetime));
    }
}

/// Takes the cookies of the session from the browser.
pub fn end_session(response: &mut Response) {
    for (name, same_site) in [(SESSION, "Lax"), (EMBEDDED, "None")] {
        response.headers_mut().append(SET_COOKIE, set(name, "", same_site, Duration::ZERO));
    }
}

/// Takes every cookie of this service from the browser.
pub fn forget(response: &mut Response) {
    end_session(response);
    response.headers_mut().append(SET_COOKIE, set(BROWSER, "", "Lax", Duration::ZERO));
}

/// The value of a cookie. One that is given twice with different values is nobody's.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs =
        headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut values = pairs.filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

fn set(name: &str, value: &str, same_site: &str, lifetime: Duration) -> HeaderValue {
    let text =
        format!("{name}={value}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite={same_site}", lifetime.as_secs());
    // A token is base64url behind a region; neither can break a header.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;
    use http::{HeaderMap, HeaderValue};

    use super::cookie;

    fn headers(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (COOKIE, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let found = |values: &[&'static str]| cookie(&headers(values), "__Host-session").map(str::to_owned);
        assert_eq!(found(&["a=b; __Host-session=dal:x;c=d"]), Some("dal:x".into()));
        assert_eq!(found(&["a=b", "__Host-session=x"]), Some("x".into()));
        assert_eq!(found(&["x__Host-session=x; __Host-sessions=y; __host-session=z"]), None);
        assert_eq!(found(&["__Host-session=x; __Host-session=x"]), Some("x".into()));
        assert_eq!(found(&["__Host-session=x; __Host-session=y"]), None, "which of them is not for us to choose");
    }
}
