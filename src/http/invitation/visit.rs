//! One visit: the browser that asks, and the link that it came by.

use axum::response::Response;
use http::HeaderValue;
use http::header::SET_COOKIE;

use crate::app::App;
use crate::http::authorize::SECOND_STEP;
use crate::http::call::Call;
use crate::http::cookies;
use crate::http::forms::{self, Form, FormOf};
use crate::oauth::envelope::{Kind, Opened, Rejected};
use crate::usecase::authorize::{Door, Visitor};
use crate::usecase::sign_in::SignedIn;
use crate::usecase::{Failure, Refusal};

const HERE: &str = "/invitation";

/// Where a GET shows the invitation of a link's token.
pub(in crate::http) fn address(token: &str) -> String {
    let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
    format!("{HERE}?token={token}")
}

/// A browser at the page.
pub(super) struct Visit<'a> {
    pub call: &'a Call,
    pub visitor: Visitor,
    /// The text of the link's token.
    pub token: String,
    /// The cookie of a browser that had none.
    cookie: Option<HeaderValue>,
}

impl<'a> Visit<'a> {
    pub(super) fn of(call: &'a Call, token: String) -> Result<Self, Failure> {
        let mut browser = call.browser();
        let session = browser.session.take().map(|session| (session, Door::Page));
        let (browser, cookie) = browser.recognised(&call.app)?;
        Ok(Self { call, visitor: Visitor { browser, session, embedded: None }, token, cookie })
    }

    /// A form of the page as this very browser got it for this very link.
    pub(super) fn submitted(call: &'a Call) -> Result<(Self, Form, Opened), Failure> {
        let visit = Self::of(call, String::new())?;
        let form = call.form(FormOf::Browser(&visit.visitor.browser.digest))?;
        let visit = Self { token: form.text("token").to_owned(), ..visit };
        let link = visit.link().map_err(|_| Refusal::StaleForm)?;
        match link.id == form.about.id {
            true => Ok((visit, form, link)),
            false => Err(Refusal::StaleForm.into()),
        }
    }

    pub(super) fn app(&self) -> &App {
        &self.call.app
    }

    /// The link, if it is one of ours and its time is not over. Asks no storage.
    pub(super) fn link(&self) -> Result<Opened, Rejected> {
        self.app().open(Kind::Invite, &self.token)
    }

    /// The cookie of who is signed in, if somebody is.
    pub(super) fn session(&self) -> Option<&Opened> {
        self.visitor.session.as_ref().map(|(cookie, _)| cookie)
    }

    /// The hidden field of the page's forms, good for as long as the link.
    pub(super) fn form(&self, link: &Opened) -> Result<String, Failure> {
        let until = link.expires_at.unwrap_or(self.app().now());
        Ok(forms::token(self.app(), FormOf::Browser(&self.visitor.browser.digest), &link.id, until)?)
    }

    /// Where a GET shows the page.
    pub(super) fn address(&self) -> String {
        address(&self.token)
    }

    /// The answer with the cookie of a browser that had none.
    pub(super) fn finish(&self, mut response: Response) -> Response {
        if let Some(cookie) = &self.cookie {
            response.headers_mut().append(SET_COOKIE, cookie.clone());
        }
        response
    }

    /// The sign-in still needs its second step, which leads back here.
    pub(super) fn see_second_step(&self, session: &SignedIn) -> Result<Response, Failure> {
        let here = self.address().replacen(HERE, SECOND_STEP, 1);
        self.see_at(&here, Some(session))
    }

    /// A GET shows the page again (row A13), with the session's next cookies if there are some.
    pub(super) fn see(&self, session: Option<&SignedIn>) -> Result<Response, Failure> {
        self.see_at(&self.address(), session)
    }

    fn see_at(&self, address: &str, session: Option<&SignedIn>) -> Result<Response, Failure> {
        let mut response = self.finish(self.call.page().see_other(address)?);
        if let Some(session) = session {
            cookies::begin_session(&mut response, &session.page, session.embedded.as_deref(), session.lifetime);
        }
        Ok(response)
    }
}
