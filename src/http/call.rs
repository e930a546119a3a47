//! One request, read: what an endpoint receives.

use std::str::FromStr;

use axum::body::{Body, Bytes};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use http::request::Parts;
use http::{HeaderMap, Method};
use http_body::Body as _;

use super::caller;
use super::cookies::{self, Browser};
use super::error::ErrorForm;
use super::fields::Fields;
use super::forms::{self, Form, FormOf};
use super::page_call::PageCall;
use super::router::Route;
use crate::app::App;
use crate::authz::credential::Credential;
use crate::authz::policy::{self, Credentials};
use crate::usecase::authorized::Caller;
use crate::usecase::{Failure, Fault, InvalidFields, Refusal};

/// Names and decoded values of what a path's template leaves open.
pub(super) type PathParams = Vec<(String, String)>;

/// A routed request with its body in memory.
pub struct Call {
    /// The service as this request may use it.
    pub app: App,
    route: &'static Route,
    parts: Parts,
    params: PathParams,
    credential: Option<Credential>,
    body: Bytes,
}

/// A path parameter that may be the caller's own alias (`me`, `my`).
pub enum Target<T> {
    /// The caller's own.
    Own,
    /// Named.
    Id(T),
}

impl<T> Target<T> {
    /// `None` for the caller's own.
    pub fn id(self) -> Option<T> {
        match self {
            Self::Own => None,
            Self::Id(id) => Some(id),
        }
    }
}

impl Call {
    /// Reads everything that an endpoint may ask for. A credential that the policy demands and that is missing, or one
    /// that does not verify, ends the request here, whatever its endpoint does.
    pub(super) async fn read(
        route: &'static Route,
        app: App,
        params: Option<PathParams>,
        parts: Parts,
        body: Body,
    ) -> Result<Self, Failure> {
        let limit = route.body_limit;
        if route.errors == ErrorForm::Browser {
            forms::refuse_foreign_origin(&parts)?;
        }
        let credential = credential(route, &app, &parts)?;
        let announced =
            parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(Refusal::TooLarge.into());
        }
        let params = params.ok_or(Refusal::Malformed("The path is not valid UTF-8."))?;
        let body = collect(body, limit).await?;
        Ok(Self { app, route, parts, params, credential, body })
    }

    /// The route's path template.
    pub fn template(&self) -> &'static str {
        self.route.path
    }

    /// The caller, where the policy demands one.
    pub fn caller(&self) -> Result<Caller, Failure> {
        self.optional_caller().ok_or(Failure::Refused(Refusal::Unauthenticated { presented: false }))
    }

    /// The caller, where the policy takes one or nobody.
    pub fn optional_caller(&self) -> Option<Caller> {
        let operation = self.route.operation;
        self.credential().cloned().map(|credential| Caller { operation, credential })
    }

    /// The credential, if one is presented; genuine and unexpired. `None` where the policy looks at none.
    pub fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }

    /// The token text of an `Authorization: Bearer` header, unverified.
    pub fn bearer(&self) -> Result<Option<&str>, Failure> {
        caller::bearer(&self.parts.headers)
    }

    /// A header's text; the first, if there are several.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The header fields, for the endpoints of a protocol that says itself what they mean.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// What every page that answers this request has.
    pub fn page(&self) -> PageCall {
        PageCall::of(&self.app, &self.parts)
    }

    /// The request's method.
    pub fn method(&self) -> &Method {
        &self.parts.method
    }

    /// Path and query of the request.
    pub fn path_and_query(&self) -> &str {
        self.parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
    }

    /// What the request's cookies say about the browser.
    pub fn browser(&self) -> Browser {
        Browser::read(&self.app, &self.parts.headers)
    }

    /// The fields of a form that this service gave to this very browser, and what the form belongs to. Any other is
    /// refused as stale.
    pub fn form(&self, of: FormOf<'_>) -> Result<Form, Failure> {
        Form::read(&self.app, &self.parts.headers, &self.body, of)
    }

    /// As [`Self::form`], of a form that may send a file: its bytes, if one was chosen.
    pub fn form_with_file(&self, of: FormOf<'_>, file: &str) -> Result<(Form, Option<&[u8]>), Failure> {
        Form::read_with_file(&self.app, &self.parts.headers, &self.body, of, file)
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as a JSON object, to be read field by field.
    pub fn fields(&self) -> Result<Fields, Failure> {
        Fields::parse(&self.body)
    }

    /// As [`Self::fields`], for a call that takes a form too.
    pub fn fields_or_form(&self) -> Result<Fields, Failure> {
        match self.content_type() {
            "application/x-www-form-urlencoded" => Fields::of_form(form_urlencoded::parse(&self.body).into_owned()),
            _ => self.fields(),
        }
    }

    /// The media type of the body, without parameters; empty if none is said. Its case does not matter to anybody who
    /// writes one here.
    pub fn content_type(&self) -> &str {
        let header = self.parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        header.split(';').next().unwrap_or_default().trim()
    }

    /// As [`Self::fields`], where no body at all is an object without fields.
    pub fn optional_fields(&self) -> Result<Fields, Failure> {
        match self.body.is_empty() {
            true => Fields::parse(b"{}"),
            false => self.fields(),
        }
    }

    /// The body as a JSON array, to be read as if it were the field `name` of an object.
    pub fn array(&self, name: &str) -> Result<Fields, Failure> {
        Fields::parse_array(&self.body, name)
    }

    /// A path parameter that is an id; anything else is 422.
    pub fn id<T: FromStr>(&self, name: &'static str) -> Result<T, Failure>
    where
        T::Err: std::fmt::Display,
    {
        self.param(name)?.parse().map_err(|error: T::Err| invalid(name, &error))
    }

    /// A path parameter that is an id, or one of `aliases` for the caller's own; anything else is 422.
    pub fn target<T: FromStr>(&self, name: &'static str, aliases: &[&str]) -> Result<Target<T>, Failure>
    where
        T::Err: std::fmt::Display,
    {
        match aliases.contains(&self.param(name)?) {
            true => Ok(Target::Own),
            false => self.id(name).map(Target::Id),
        }
    }

    /// As [`Self::target`], but what is no id names nothing: 404 (organizations and sessions).
    pub fn target_or_absent<T: FromStr>(
        &self,
        name: &'static str,
        resource: &'static str,
        aliases: &[&str],
    ) -> Result<Target<T>, Failure> {
        let text = self.param(name)?;
        match text.parse() {
            _ if aliases.contains(&text) => Ok(Target::Own),
            Ok(id) => Ok(Target::Id(id)),
            Err(_) => Err(Refusal::NotFound { resource, id: Some(text.to_owned()) }.into()),
        }
    }

    /// Every query parameter, in order.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        let query = self.parts.uri.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// A query parameter. Twice the same name is refused (RFC 6749 section 3.1).
    pub fn query(&self, name: &str) -> Result<Option<String>, Failure> {
        let query = self.parts.uri.query().unwrap_or_default();
        let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (first, None) => Ok(first.map(|(_, value)| value.into_owned())),
            _ => Err(Refusal::Malformed("A query parameter is given twice.").into()),
        }
    }

    /// A path parameter, as the caller wrote it.
    pub fn param(&self, name: &str) -> Result<&str, Failure> {
        let found = self.params.iter().find(|(key, _)| key == name);
        // A template without the parameter is a bug in the route table.
        found.map(|(_, value)| value.as_str()).ok_or(Failure::Fault(Fault::Internal(format!("no parameter {name}"))))
    }
}

/// What the policy demands of the Authorization header.
fn credential(route: &Route, app: &App, parts: &Parts) -> Result<Option<Credential>, Failure> {
    // Pages know people by their cookie alone, the API by the Authorization header alone.
    let presented = || match route.errors {
        ErrorForm::Browser => Ok(cookies::page_credential(app, &parts.headers)),
        _ => caller::credential(app, route.operation, &parts.headers),
    };
    match policy::rule(route.operation).credentials {
        Credentials::None | Credentials::Subject => Ok(None),
        Credentials::Optional => presented(),
        Credentials::Any | Credentials::Bearer | Credentials::Page => match presented()? {
            None => Err(Refusal::Unauthenticated { presented: false }.into()),
            found => Ok(found),
        },
    }
}

fn invalid(name: &str, error: &dyn std::fmt::Display) -> Failure {
    Refusal::Invalid(InvalidFields::from([(name.to_owned(), error.to_string())])).into()
}

/// The whole body, or a refusal as soon as it is more than `limit` bytes.
async fn collect(body: Body, limit: usize) -> Result<Bytes, Failure> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    axum::body::to_bytes(body, limit).await.map_err(|_| Refusal::TooLarge.into())
}
