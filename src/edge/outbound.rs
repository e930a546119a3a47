//! The outbound port on the runtime's `fetch`.

use futures_util::StreamExt as _;
use worker::send::IntoSendFuture as _;
use worker::{AbortController, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};

use crate::ports::{MAX_FETCHED_BYTES, Outbound, OutboundError, Pending};

pub(super) struct RuntimeFetch;

impl Outbound for RuntimeFetch {
    fn get<'a>(&'a self, url: &'a str, accept: &'a str) -> Pending<'a, Result<Vec<u8>, OutboundError>> {
        Box::pin(fetch(url, Method::Get, accept, None).into_send())
    }

    fn post<'a>(&'a self, url: &'a str, form: &'a str) -> Pending<'a, Result<Vec<u8>, OutboundError>> {
        Box::pin(fetch(url, Method::Post, "application/json", Some(form)).into_send())
    }
}

/// Ends the request when nobody waits for it any longer.
struct Patience(Option<AbortController>);

impl Drop for Patience {
    fn drop(&mut self) {
        if let Some(controller) = self.0.take() {
            controller.abort();
        }
    }
}

async fn fetch(url: &str, method: Method, accept: &str, form: Option<&str>) -> Result<Vec<u8>, OutboundError> {
    let failed = |error: worker::Error| OutboundError(error.to_string());
    let headers = Headers::new();
    headers.set("accept", accept).map_err(failed)?;
    let mut init = RequestInit::new();
    if let Some(form) = form {
        headers.set("content-type", "application/x-www-form-urlencoded").map_err(failed)?;
        init.with_body(Some(form.into()));
    }
    // A redirect is an answer that is not 200: whoever is asked does not choose who is asked next.
    init.with_method(method).with_headers(headers).with_redirect(RequestRedirect::Manual);
    let request = Request::new_with_init(url, &init).map_err(failed)?;
    let controller = AbortController::default();
    let signal = controller.signal();
    let _patience = Patience(Some(controller));
    let mut response = Fetch::Request(request).send_with_signal(&signal).await.map_err(failed)?;
    if response.status_code() != 200 {
        return Err(OutboundError(format!("status {}", response.status_code())));
    }
    let mut pieces = response.stream().map_err(failed)?;
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        bytes.extend(piece.map_err(failed)?);
        if bytes.len() > MAX_FETCHED_BYTES {
            return Err(OutboundError(format!("more than {MAX_FETCHED_BYTES} bytes")));
        }
    }
    Ok(bytes)
}
