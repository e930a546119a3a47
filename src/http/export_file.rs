//! The file of everything that is held about a person: one JSON object, told part by part.
//!
//! What fits into the first round trip goes out as bytes. The rest is streamed with bounded memory, one round trip for each
//! further page of a part. When one fails, the closing `}` is never sent, so that no JSON parser takes the beginning for
//! the whole.

use axum::body::Body;
use axum::response::Response;
use futures_util::stream;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::paging;
use crate::app::App;
use crate::usecase::accounts::export::{Export, PartRows, go_on};
use crate::usecase::authorized::Caller;
use crate::usecase::{Failure, Fault};

/// The file, of which `export` is the beginning of every part.
pub(super) fn answer(app: &App, caller: Caller, export: Export) -> Result<Response, Failure> {
    let name = format!("attachment; filename=\"account-{}.json\"", export.account);
    let name = HeaderValue::try_from(name).map_err(|error| Fault::Internal(format!("file name: {error}")))?;
    let whole = export.parts.iter().all(|part| part.next.is_none());
    let mut file = File { text: format!("{{\"exported_at\":\"{}\"", export.at.rfc3339()), open: None };
    let body = match whole {
        true => {
            for part in &export.parts {
                file.write(part);
            }
            Body::from(file.end())
        }
        false => streamed(app.clone(), caller, file, export.parts),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

/// What was not handed on yet.
struct File {
    text: String,
    /// The list that is being told, and whether it has an item.
    open: Option<(&'static str, bool)>,
}

impl File {
    fn write(&mut self, part: &PartRows) {
        if part.single {
            self.close();
            self.name(part.list);
            self.text.extend(part.items.iter().map(String::as_str));
            return;
        }
        if self.open.is_none_or(|(list, _)| list != part.list) {
            self.close();
            self.name(part.list);
            self.text.push('[');
            self.open = Some((part.list, false));
        }
        for item in &part.items {
            if let Some((_, begun)) = &mut self.open
                && std::mem::replace(begun, true)
            {
                self.text.push(',');
            }
            self.text.push_str(item);
        }
    }

    fn name(&mut self, list: &str) {
        self.text.push_str(",\"");
        self.text.push_str(list);
        self.text.push_str("\":");
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.text.push(']');
        }
    }

    fn end(mut self) -> String {
        self.close();
        self.text.push('}');
        self.text
    }

    fn hand_on(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

/// The parts that were read, in their order, and where the one goes on that was not read to its end.
struct Rest {
    app: App,
    caller: Caller,
    file: File,
    parts: std::iter::Enumerate<std::vec::IntoIter<PartRows>>,
    next: Option<(usize, String)>,
}

fn streamed(app: App, caller: Caller, file: File, parts: Vec<PartRows>) -> Body {
    let rest = Rest { app, caller, file, parts: parts.into_iter().enumerate(), next: None };
    let chunks = stream::unfold(Some(rest), |rest| async move {
        let mut rest = rest?;
        match rest.chunk().await {
            Ok(true) => Some((Ok::<_, std::convert::Infallible>(rest.file.hand_on()), Some(rest))),
            Ok(false) => Some((Ok(rest.file.end()), None)),
            Err(failure) => {
                paging::cut_off(&rest.app, &failure);
                None
            }
        }
    });
    Body::from_stream(chunks)
}

impl Rest {
    /// Writes one page of one part; `false` when there is none left.
    async fn chunk(&mut self) -> Result<bool, Failure> {
        let (number, part) = match self.next.take() {
            Some((number, after)) => (number, go_on(&self.app, &self.caller, number, &after).await?),
            None => match self.parts.next() {
                Some(read) => read,
                None => return Ok(false),
            },
        };
        self.file.write(&part);
        self.next = part.next.map(|after| (number, after));
        Ok(true)
    }
}
