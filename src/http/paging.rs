//! Lists on the wire: whole and streamed, or in pages with a `Link` to the next.

use std::future::Future;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use futures_util::stream;
use http::header::{CONTENT_TYPE, LINK};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::answer;
use super::call::Call;
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::oauth::envelope::Kind;
use crate::usecase::page::{MAX_PAGE, Page, PageRequest, Position, WHOLE_LIST_PAGE};
use crate::usecase::{Failure, Fault, InvalidFields, Refusal};

/// How long a cursor opens: a list is read in one go.
const CURSOR_TTL: Duration = Duration::from_hours(24);
const FORGED: Refusal = Refusal::Malformed("The cursor is not valid.");

/// What the query asks for.
pub struct Paging {
    /// The page to fetch first.
    pub request: PageRequest,
    whole: bool,
    path: &'static str,
    filter: String,
}

impl Paging {
    /// Reads `limit` and `cursor`. A cursor opens only with the same path and `filter`; a forged one is 400 and asks no
    /// storage. Without `limit`, `default` decides: `None` means the whole list.
    pub fn read(call: &Call, filter: String, default: Option<usize>) -> Result<Self, Failure> {
        let path = call.template();
        let limit = call.query("limit")?.map(|text| parse_limit(&text)).transpose()?.or(default);
        let after = match call.query("cursor")? {
            Some(text) => Some(open(&call.app, path, &filter, &text)?),
            None => None,
        };
        let request = PageRequest { after, size: limit.unwrap_or(WHOLE_LIST_PAGE) };
        Ok(Self { request, whole: limit.is_none() && after.is_none(), path, filter })
    }

    /// Answers with the first page, already fetched, and what follows it.
    ///
    /// A whole list of one page goes out as bytes; a longer one is streamed page by page with bounded memory. When a
    /// later page fails, the closing `]` is never sent, so that no JSON parser takes the part for the whole: the runtime
    /// ends a failed stream like a complete one.
    pub fn answer<T, F, Next>(self, app: &App, first: Page<T>, fetch: F) -> Result<Response, Failure>
    where
        T: Serialize,
        F: Fn(PageRequest) -> Next + Send + 'static,
        Next: Future<Output = Result<Page<T>, Failure>> + Send + 'static,
    {
        match first.next {
            None => answer::ok(&first.items),
            Some(next) if self.whole => self.streamed(app, &first.items, next, fetch),
            Some(next) => {
                let mut response = answer::ok(&first.items)?;
                response.headers_mut().insert(LINK, self.link(app, next)?);
                Ok(response)
            }
        }
    }

    fn streamed<T, F, Next>(&self, app: &App, first: &[T], next: Position, fetch: F) -> Result<Response, Failure>
    where
        T: Serialize,
        F: Fn(PageRequest) -> Next + Send + 'static,
        Next: Future<Output = Result<Page<T>, Failure>> + Send + 'static,
    {
        let mut opening = json(first)?;
        opening.pop();
        let state = (Rest::Opening(opening, next), app.clone(), fetch, self.request.size);
        let chunks = stream::unfold(state, |(rest, app, fetch, size)| async move {
            let (chunk, rest) = match rest {
                Rest::Opening(chunk, next) => (chunk, Rest::From(next)),
                Rest::From(next) => {
                    let page = fetch(PageRequest { after: Some(next), size }).await;
                    match page.and_then(|page| Ok((continuation(&page)?, page.next))) {
                        Ok((chunk, Some(next))) => (chunk, Rest::From(next)),
                        Ok((chunk, None)) => (chunk, Rest::Nothing),
                        Err(failure) => {
                            cut_off(&app, &failure);
                            return None;
                        }
                    }
                }
                Rest::Nothing => return None,
            };
            Some((Ok::<_, std::convert::Infallible>(chunk), (rest, app, fetch, size)))
        });
        let mut response = Response::new(Body::from_stream(chunks));
        *response.status_mut() = StatusCode::OK;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response)
    }

    /// `<...?limit=..&cursor=..>; rel="next"` (RFC 8288), relative to the request's own URL.
    fn link(&self, app: &App, next: Position) -> Result<HeaderValue, Failure> {
        let link = format!("<{}>; rel=\"next\"", self.url(app, next)?);
        HeaderValue::try_from(link).map_err(|error| Fault::Internal(format!("link: {error}")).into())
    }

    /// Path and query of the page that begins behind a position.
    pub fn url(&self, app: &App, next: Position) -> Result<String, Failure> {
        let context = context(self.path, &self.filter, next.organization);
        let cursor = app.mint_bound(Kind::Cursor, &next.id, &context, app.now().plus(CURSOR_TTL))?;
        let mut query = form_urlencoded::Serializer::new(self.filter.clone());
        query.append_pair("limit", &self.request.size.to_string());
        query.append_pair("cursor", &format!("{cursor}.{}", next.organization));
        Ok(format!("{}?{}", self.path, query.finish()))
    }
}

/// What of a streamed list is still to come.
enum Rest {
    Opening(Vec<u8>, Position),
    From(Position),
    Nothing,
}

/// The page's items behind a comma, and the list's end behind the last page.
fn continuation<T: Serialize>(page: &Page<T>) -> Result<Vec<u8>, Failure> {
    let mut chunk = json(&page.items)?;
    if let Some(bracket) = chunk.first_mut() {
        *bracket = if page.items.is_empty() { b' ' } else { b',' };
    }
    if page.next.is_some() {
        chunk.pop();
    }
    Ok(chunk)
}

fn json<T: Serialize>(items: &[T]) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(items).map_err(|error| Fault::Internal(format!("list: {error}")).into())
}

/// The request's own line has been written when a stream is cut off.
pub(super) fn cut_off(app: &App, failure: &Failure) {
    let request_id = app.request_id().to_string();
    let error = match failure {
        Failure::Refused(_) => "the caller lost the right to read".to_owned(),
        Failure::Fault(fault) => fault.to_string(),
    };
    let line = serde_json::json!({"level": "error", "request_id": request_id, "event": "list cut off", "error": error});
    app.log(&line.to_string());
}

fn parse_limit(text: &str) -> Result<usize, Failure> {
    let limit = text.parse().ok().filter(|limit| (1..=MAX_PAGE).contains(limit));
    limit.ok_or_else(|| {
        Refusal::Invalid(InvalidFields::from([("limit".to_owned(), format!("must be 1..{MAX_PAGE}"))])).into()
    })
}

fn open(app: &App, path: &str, filter: &str, text: &str) -> Result<Position, Failure> {
    let (cursor, organization) = text.split_once('.').ok_or(FORGED)?;
    let organization = organization.parse().map_err(|_| FORGED)?;
    let opened = app.open_bound(Kind::Cursor, cursor, &context(path, filter, organization)).map_err(|_| FORGED)?;
    Ok(Position { organization, id: opened.id })
}

/// A cursor of one list, filter and organization opens in no other.
fn context(path: &str, filter: &str, organization: OrganizationId) -> Vec<u8> {
    [path.as_bytes(), b"?", filter.as_bytes(), b"#", &organization.bytes()].concat()
}
