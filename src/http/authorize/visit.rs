//! One visit: the browser that asks, and the names that its kept request has in URLs and forms.

use axum::response::Response;
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};

use crate::app::App;
use crate::http::SEC_FETCH_DEST;
use crate::http::call::Call;
use crate::http::cookies;
use crate::http::forms::{self, Form, FormOf};
use crate::http::page_call::PageCall;
use crate::http::pages::Frame;
use crate::oauth::envelope::Opened;
use crate::usecase::authorize::{Door, Handle, Visitor};
use crate::usecase::{Failure, Refusal};

/// Where a sign-in takes its second step.
pub(in crate::http) const SECOND_STEP: &str = "/second-step";

/// A browser at one of these pages.
pub(super) struct Visit<'a> {
    pub call: &'a Call,
    pub visitor: Visitor,
    /// The cookie of a browser that had none.
    cookie: Option<HeaderValue>,
    page: PageCall,
}

impl<'a> Visit<'a> {
    /// `embeddable`: whether the cookie for embedded pages opens anything here.
    pub(super) fn of(call: &'a Call, embeddable: bool) -> Result<Self, Failure> {
        let mut browser = call.browser();
        let session = browser.session.take().map(|session| (session, Door::Page));
        let embedded = browser.embedded.take().filter(|_| embeddable).map(|session| (session, Door::Embedded));
        let inside = |dest: &str| matches!(dest, "iframe" | "frame" | "embed" | "object");
        let framed = call.header(SEC_FETCH_DEST).map(inside);
        let (browser, cookie) = browser.recognised(&call.app)?;
        Ok(Self {
            visitor: Visitor { browser, session: session.or(embedded), embedded: framed },
            cookie,
            page: call.page(),
            call,
        })
    }

    pub(super) fn app(&self) -> &App {
        &self.call.app
    }

    /// The frame of a page that the same GET shows again.
    pub(super) fn own_frame(&self) -> Frame<'_> {
        self.page.frame()
    }

    /// `here`: where a GET shows the same page.
    pub(super) fn frame<'f>(&'f self, here: &'f str) -> Frame<'f> {
        self.page.frame_at(here)
    }

    /// The form of a kept request.
    pub(super) fn form(&self) -> Result<(Form, Handle), Failure> {
        let form = self.call.form(FormOf::Browser(&self.visitor.browser.digest))?;
        let handle = handle_of(&form.about)?;
        Ok((form, handle))
    }

    /// The kept request that the URL names, if it names one.
    pub(super) fn handle(&self) -> Result<Option<Handle>, Failure> {
        let text = self.call.query("request")?;
        text.map(|text| self.named(&text)).transpose()
    }

    /// The kept request that has this name in this browser's addresses.
    pub(super) fn named(&self, text: &str) -> Result<Handle, Failure> {
        handle_of(&forms::open_handle(self.app(), &self.visitor.browser.digest, text)?)
    }

    /// The hidden field of a form about `handle`.
    pub(super) fn token(&self, handle: Handle) -> Result<String, Failure> {
        let of = FormOf::Browser(&self.visitor.browser.digest);
        Ok(forms::token(self.app(), of, &handle.id, handle.until)?)
    }

    /// The address of `path` for `handle`.
    pub(super) fn address(&self, path: &str, handle: Handle) -> Result<String, Failure> {
        let handle = forms::handle(self.app(), &self.visitor.browser.digest, &handle.id, handle.until)?;
        let encoded: String = form_urlencoded::byte_serialize(handle.as_bytes()).collect();
        Ok(format!("{path}?request={encoded}"))
    }

    /// A GET goes on there (303, so that no browser repeats a POST with what a form held: row A13).
    pub(super) fn see(&self, handle: Handle) -> Result<Response, Failure> {
        self.see_at("/continue", handle)
    }

    /// As [`Self::see`], at another page of the same request.
    pub(super) fn see_at(&self, path: &str, handle: Handle) -> Result<Response, Failure> {
        let address = self.address(path, handle)?;
        Ok(self.finish(self.page.see_other(&address)?))
    }

    /// The answer with the cookie of a browser that had none. Inside another site's page it would not be kept.
    pub(super) fn finish(&self, mut response: Response) -> Response {
        if let Some(cookie) = self.cookie.as_ref().filter(|_| self.visitor.embedded != Some(true)) {
            response.headers_mut().append(SET_COOKIE, cookie.clone());
        }
        response
    }

    /// The answer of a sign-in: the browser gets the session's cookies, and the request goes on.
    pub(super) fn signed_in(
        &self,
        handle: Handle,
        session: &crate::usecase::sign_in::SignedIn,
    ) -> Result<Response, Failure> {
        let mut response = self.see_at(if session.half { SECOND_STEP } else { "/continue" }, handle)?;
        cookies::begin_session(&mut response, &session.page, session.embedded.as_deref(), session.lifetime);
        Ok(response)
    }
}

/// 303 to an address of this service or of a validated redirect URI.
pub(super) fn see_other(location: &str) -> Result<Response, Failure> {
    let location = HeaderValue::try_from(location).map_err(|_| Refusal::Malformed("The address cannot be visited."))?;
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

fn handle_of(opened: &Opened) -> Result<Handle, Failure> {
    let until = opened.expires_at.ok_or(Refusal::StaleForm)?;
    Ok(Handle { id: opened.id, until })
}
