//! A request as its page sees it: in which language, at which address, under which id.

use axum::body::Body;
use axum::response::Response;
use http::header::{ACCEPT_LANGUAGE, LOCATION};
use http::request::Parts;
use http::{HeaderValue, StatusCode, Uri};

use super::pages::{Frame, Spoken};
use crate::app::App;
use crate::usecase::{Failure, Fault};

/// What every page of one request has in common.
pub struct PageCall {
    app: App,
    uri: Uri,
    accept_language: Option<HeaderValue>,
    request_id: String,
}

impl PageCall {
    pub(super) fn of(app: &App, parts: &Parts) -> Self {
        let accept_language = parts.headers.get(ACCEPT_LANGUAGE).cloned();
        Self { app: app.clone(), uri: parts.uri.clone(), accept_language, request_id: app.request_id().to_string() }
    }

    /// The frame of a page that the same GET shows again.
    pub fn frame(&self) -> Frame<'_> {
        self.frame_at(self.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str))
    }

    /// The frame of a page that only a POST leads to: `here` is where to start again.
    pub fn frame_at<'a>(&'a self, here: &'a str) -> Frame<'a> {
        let brand = &self.app.config().brand;
        Frame { spoken: self.spoken(), brand, request_id: &self.request_id, person: None, here }
    }

    /// Leads the browser on by GET (row A13), in the language that was chosen here. The address is one of ours.
    pub fn see_other(&self, path_and_query: &str) -> Result<Response, Failure> {
        let location = HeaderValue::try_from(self.frame().url(path_and_query));
        let location = location.map_err(|error| Fault::Internal(format!("location: {error}")))?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SEE_OTHER;
        response.headers_mut().insert(LOCATION, location);
        Ok(response)
    }

    /// Where a person goes on whose form led nowhere.
    pub(super) fn begin_again(&self) -> &'static str {
        match self.uri.path() {
            path if path.starts_with("/account") => "/account",
            _ if self.is_of_panel() => "/panel",
            _ => "/",
        }
    }

    /// The language of its page, as mails are told it.
    pub fn language(&self) -> &'static str {
        self.spoken().language.tag()
    }

    /// The request's path.
    pub(super) fn path(&self) -> &str {
        self.uri.path()
    }

    /// Whether it is a page about an organization, for those who run it.
    pub(super) fn is_of_panel(&self) -> bool {
        self.uri.path().starts_with("/panel")
    }

    fn spoken(&self) -> Spoken {
        let query = self.uri.query().unwrap_or_default();
        let lang = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang").map(|(_, value)| value);
        let header = self.accept_language.as_ref().and_then(|value| value.to_str().ok());
        Spoken::negotiate(lang.as_deref(), header)
    }
}
