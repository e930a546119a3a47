//! Forms: what a browser sends back of a page that this service gave to it (rows A17, A18).
//!
//! Two conditions, each enough by itself: the request comes from a page of this very origin, and the hidden field `form`
//! is a token that was minted for this browser (or this sign-in) and names what the form is about.

use http::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method};

use super::multipart;
use crate::app::App;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::{Kind, Opened, RANDOM_BYTES};
use crate::ports::EntropyError;
use crate::usecase::{Failure, Refusal};

/// Hidden field of every form.
pub const FIELD: &str = "form";

/// To whom a form was given.
#[derive(Clone, Copy, Debug)]
pub enum FormOf<'a> {
    /// To a browser, about an authorization request.
    Browser(&'a Digest),
    /// To a sign-in, about the person's own account.
    Session(&'a Digest),
}

impl FormOf<'_> {
    fn context(self) -> Vec<u8> {
        let (whose, digest) = match self {
            Self::Browser(digest) => ("form of browser ", digest),
            Self::Session(digest) => ("form of session ", digest),
        };
        [whose.as_bytes(), digest.as_str().as_bytes()].concat()
    }
}

/// The value of the hidden field. `about` names what the form is about; random bytes where it is about nothing more.
pub fn token(app: &App, of: FormOf<'_>, about: &[u8; RANDOM_BYTES], until: Timestamp) -> Result<String, EntropyError> {
    app.mint_bound(Kind::Csrf, about, &of.context(), until)
}

/// The name of an authorization request in a URL of this service: good for reading it in the same browser, for no form.
pub fn handle(
    app: &App,
    browser: &Digest,
    request: &[u8; RANDOM_BYTES],
    until: Timestamp,
) -> Result<String, EntropyError> {
    app.mint_bound(Kind::Csrf, request, &handle_context(browser), until)
}

/// From [`handle`]. A foreign or old one is refused as stale.
pub fn open_handle(app: &App, browser: &Digest, text: &str) -> Result<Opened, Failure> {
    app.open_bound(Kind::Csrf, text, &handle_context(browser)).map_err(|_| Refusal::StaleForm.into())
}

fn handle_context(browser: &Digest) -> Vec<u8> {
    ["handle of browser ".as_bytes(), browser.as_str().as_bytes()].concat()
}

/// What a browser sent back.
pub struct Form {
    /// What the form is about.
    pub about: Opened,
    fields: Vec<(String, String)>,
}

impl Form {
    pub(super) fn read(app: &App, headers: &HeaderMap, body: &[u8], of: FormOf<'_>) -> Result<Self, Failure> {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Refusal::Malformed("The body is not a form.").into());
        }
        Self::of_fields(app, form_urlencoded::parse(body).into_owned().collect(), of)
    }

    /// As [`Self::read`], of a form that may send one file, the field `file`, beside its texts; none is one without bytes.
    pub(super) fn read_with_file<'b>(
        app: &App,
        headers: &HeaderMap,
        body: &'b [u8],
        of: FormOf<'_>,
        file: &str,
    ) -> Result<(Self, Option<&'b [u8]>), Failure> {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("multipart/form-data") {
            return Ok((Self::read(app, headers, body, of)?, None));
        }
        let (files, texts): (Vec<_>, Vec<_>) =
            multipart::parts(content_type, body)?.into_iter().partition(|part| part.is_file);
        let text = |part: multipart::Part<'_>| (part.name.to_owned(), String::from_utf8_lossy(part.bytes).into_owned());
        let form = Self::of_fields(app, texts.into_iter().map(text).collect(), of)?;
        let bytes = files.into_iter().find(|part| part.name == file).map(|part| part.bytes);
        Ok((form, bytes.filter(|bytes| !bytes.is_empty())))
    }

    fn of_fields(app: &App, fields: Vec<(String, String)>, of: FormOf<'_>) -> Result<Self, Failure> {
        let mut tokens = fields.iter().filter(|(name, _)| name == FIELD);
        let (Some((_, token)), None) = (tokens.next(), tokens.next()) else {
            return Err(Refusal::StaleForm.into());
        };
        let about = app.open_bound(Kind::Csrf, token, &of.context()).map_err(|_| Refusal::StaleForm)?;
        Ok(Self { about, fields })
    }

    /// The first value of a field; empty when there is none.
    pub fn text(&self, name: &'static str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// What was written into a field; an empty one is none.
    pub fn written(&self, name: &'static str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Whether the form had the field, written into or not.
    pub fn has(&self, name: &'static str) -> bool {
        self.all(name).next().is_some()
    }

    /// Every value of a field, as check boxes send them.
    pub fn all<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// A POST to a page must come from a page of the same origin: `Origin` equals the origin of the request's own URL.
/// `null`, absent and foreign ones are refused.
pub(super) fn refuse_foreign_origin(parts: &Parts) -> Result<(), Failure> {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let authority = parts.uri.authority().map(http::uri::Authority::as_str).or_else(|| text(HOST));
    let scheme = parts.uri.scheme_str().unwrap_or("https");
    let own = authority.map(|authority| format!("{scheme}://{authority}"));
    match (text(ORIGIN), own) {
        (Some(origin), Some(own)) if origin.eq_ignore_ascii_case(&own) => Ok(()),
        _ => Err(Refusal::StaleForm.into()),
    }
}
