//! What these pages have in common: a browser that need not be signed in, a link that may be gone.

use std::time::Duration;

use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderValue, Method, StatusCode};

use crate::domain::password::{InvalidPassword, Password};
use crate::http::call::Call;
use crate::http::forms::{self, Form, FormOf};
use crate::http::pages::{Asked, Csp, Link, Outcome, Problem, Told, respond};
use crate::oauth::envelope::Opened;
use crate::oauth::mail_link::Purpose;
use crate::usecase::mail::link::look;
use crate::usecase::mail::prove_domain;
use crate::usecase::{Failure, Refusal};

/// How long a form waits to be sent.
const FORM_LIFETIME: Duration = Duration::from_hours(1);

/// A browser at one of these pages.
pub(super) struct Reader<'a> {
    pub call: &'a Call,
    browser: Opened,
    /// The cookie of a browser that had none.
    cookie: Option<HeaderValue>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(call: &'a Call) -> Result<Self, Failure> {
        let (browser, cookie) = call.browser().recognised(&call.app)?;
        Ok(Self { call, browser, cookie })
    }

    /// The hidden field of a form.
    pub(super) fn token(&self) -> Result<String, Failure> {
        let app = &self.call.app;
        let of = FormOf::Browser(&self.browser.digest);
        Ok(forms::token(app, of, &app.random()?, app.now().plus(FORM_LIFETIME))?)
    }

    /// A form of one of these pages as this very browser got it.
    pub(super) fn form(&self) -> Result<Form, Failure> {
        self.call.form(FormOf::Browser(&self.browser.digest))
    }

    pub(super) fn finish(&self, mut response: Response) -> Response {
        if let Some(cookie) = &self.cookie {
            response.headers_mut().append(SET_COOKIE, cookie.clone());
        }
        response
    }
}

/// The page behind a link: a button, or what became of it (`?done=1`).
pub(super) async fn show(call: &Call, purpose: Purpose, what: Asked, done: Outcome) -> Result<Response, Failure> {
    let Some(token) = call.query("token")? else {
        return match (call.query("done")?, call.query("sent")?) {
            (Some(_), _) => told(call, StatusCode::OK, done),
            (None, Some(_)) => told(call, StatusCode::OK, Outcome::CheckMail),
            (None, None) => gone(call),
        };
    };
    let about = match purpose {
        Purpose::Domain => prove_domain::look(&call.app, &token).await.map(|row| row.domain),
        _ => look(&call.app, purpose, &token).await.map(|found| found.about),
    };
    let about = match about {
        Ok(about) => about,
        Err(failure) => return gone_or(call, failure),
    };
    let reader = Reader::of(call)?;
    let around = call.page();
    let form = reader.token()?;
    let frame = around.frame();
    Ok(reader.finish(respond(
        StatusCode::OK,
        &Link { frame, form: &form, token: &token, what, address: &about },
        Csp::Own,
    )?))
}

/// A page that only tells.
pub(super) fn told(call: &Call, status: StatusCode, outcome: Outcome) -> Result<Response, Failure> {
    let around = call.page();
    let frame = match *call.method() {
        Method::GET => around.frame(),
        _ => around.frame_at(call.template()),
    };
    respond(status, &Told { frame, outcome }, Csp::Own)
}

/// The link does nothing any more, or never did.
pub(super) fn gone(call: &Call) -> Result<Response, Failure> {
    told(call, StatusCode::GONE, Outcome::LinkGone)
}

/// As [`gone`] if that is why it was refused.
pub(super) fn gone_or(call: &Call, failure: Failure) -> Result<Response, Failure> {
    match failure {
        Failure::Refused(Refusal::NotFound { resource: "link", .. }) => gone(call),
        other => Err(other),
    }
}

/// After the button: a GET tells what became of it, so that reloading repeats nothing (row A13).
pub(super) fn done(call: &Call, used: Result<(), Failure>) -> Result<Response, Failure> {
    match used {
        Ok(()) => call.page().see_other(&format!("{}?done=1", call.template())),
        Err(failure) => gone_or(call, failure),
    }
}

/// A password as somebody chooses it, or what is wrong with it.
pub(super) fn chosen(call: &Call, text: &str) -> Result<Password, Problem> {
    if text.is_empty() {
        return Err(Problem::PasswordMissing);
    }
    Password::choose(text, call.app.config().profile.min_password_length()).map_err(|error| match error {
        InvalidPassword::TooShort => Problem::PasswordTooShort,
        InvalidPassword::TooLong => Problem::PasswordTooLong,
        InvalidPassword::Common => Problem::PasswordTooCommon,
    })
}
