//! What all screens have around them, and the ways between them.

use std::str::FromStr;
use std::time::Duration;

use axum::response::Response;

use super::said::Said;
use crate::http::call::Call;
use crate::http::forms::{self, FormOf};
use crate::http::page_call::PageCall;
use crate::http::pages::panel::{Notice, Panel};
use crate::http::pages::{Frame, Person};
use crate::usecase::authorized::Caller;
use crate::usecase::panel::{Screen, Viewer};
use crate::usecase::{Failure, Refusal};

/// How long a screen's forms may be sent.
const FORM_LIFETIME: Duration = Duration::from_hours(24);

/// Around one screen.
pub(in crate::http::panel) struct Around<'a> {
    page: PageCall,
    here: String,
    form: String,
    organization: String,
    viewer: &'a Viewer,
    min_password: usize,
}

impl<'a> Around<'a> {
    /// `here` is the path of the screen's own GET.
    pub fn of(call: &Call, caller: &Caller, viewer: &'a Viewer, here: &str) -> Result<Self, Failure> {
        let app = &call.app;
        let of = FormOf::Session(caller.credential.digest());
        let form = forms::token(app, of, &app.random()?, app.now().plus(FORM_LIFETIME))?;
        let standing = &viewer.standing;
        let organization = match standing.organization.is_empty() {
            true => standing.organization_id.to_string(),
            false => standing.organization.clone(),
        };
        let min_password = app.config().profile.min_password_length();
        let here = if call.method() == http::Method::GET { call.path_and_query() } else { here };
        Ok(Self { page: call.page(), here: here.to_owned(), form, organization, viewer, min_password })
    }

    /// With the person who looks.
    pub fn frame(&self) -> Frame<'_> {
        let standing = &self.viewer.standing;
        let name = if standing.name.is_empty() { &standing.email } else { &standing.name };
        self.page.frame_at(&self.here).with_person(Person { name, email: &standing.email })
    }

    /// The layout's values.
    pub fn panel<'s>(&'s self, current: Screen, said: &'s Said) -> Panel<'s> {
        Panel {
            organization: &self.organization,
            sections: &self.viewer.offers.sections,
            current,
            form: &self.form,
            notice: said.notice,
            problems: &said.problems,
            second_factor: self.viewer.standing.second_factor,
            min_password: self.min_password,
        }
    }
}

/// On to a screen, which says what was done.
pub(in crate::http::panel) fn done(call: &Call, path: &str, notice: Notice) -> Result<Response, Failure> {
    call.page().see_other(&format!("{path}?done={}", notice.code()))
}

/// The id in the path; what is no id names nothing.
pub(in crate::http::panel) fn named<T: FromStr>(
    call: &Call,
    parameter: &'static str,
    resource: &'static str,
) -> Result<T, Failure> {
    let text = call.param(parameter)?;
    text.parse().map_err(|_| Refusal::NotFound { resource, id: Some(text.to_owned()) }.into())
}
