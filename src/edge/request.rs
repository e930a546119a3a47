//! From the runtime's request to the core's.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request};
use worker::web_sys::ReadableStream;

/// `head` is what `entry.js` reads of a request: method, URL and header fields, one a line.
pub(super) fn receive(head: &str, body: Body) -> worker::Result<Request<Body>> {
    let mut lines = head.split('\n');
    let mut received = Request::new(body);
    let method = lines.next().unwrap_or_default();
    *received.method_mut() = Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
    let url = lines.next().unwrap_or_default();
    *received.uri_mut() = url.parse().map_err(|error: http::uri::InvalidUri| error.to_string())?;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|error| error.to_string())?;
        received.headers_mut().append(name, value);
    }
    Ok(received)
}

/// A body that said that it is small has been read whole; any other stays a stream, which the core cuts off at its limit.
pub(super) fn body(whole: Option<Vec<u8>>, stream: Option<ReadableStream>) -> Body {
    match whole {
        Some(bytes) => Body::from(bytes),
        None => stream.map_or_else(Body::empty, |stream| Body::new(worker::Body::new(stream))),
    }
}
