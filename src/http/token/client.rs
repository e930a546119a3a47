//! Who asks: `client_id` and `client_secret`, in the Authorization header or among the parameters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::parameters::Parameters;
use crate::oauth::client::{Method, PresentedClient};
use crate::oauth::client_secret;
use crate::oauth::refusal::OAuthRefusal;

/// One way of authentication per request (RFC 6749 section 2.3). `client_id` may be repeated beside the header if it
/// says the same, as many clients do.
pub(super) fn presented(headers: &HeaderMap, parameters: &mut Parameters) -> Result<PresentedClient, OAuthRefusal> {
    let (id, secret) = (parameters.take("client_id"), parameters.take("client_secret"));
    let method = if parameters.in_query { Method::Query } else { Method::Body };
    let (id, secret, method) = match (basic(headers)?, id, secret) {
        (None, Some(id), secret) => (id, secret, method),
        (None, None, _) => return Err(OAuthRefusal::InvalidRequest("The parameter client_id is missing.")),
        (Some(_), _, Some(_)) => return Err(OAuthRefusal::InvalidRequest("The client authenticates in two ways.")),
        (Some((header_id, _)), Some(id), None) if header_id != id => {
            return Err(OAuthRefusal::InvalidRequest("The header and the parameters name different clients."));
        }
        (Some((id, secret)), _, None) => (id, Some(secret).filter(|secret| !secret.is_empty()), Method::Header),
    };
    Ok(PresentedClient { id, secret: secret.as_deref().map(client_secret::digest), method })
}

/// A header that is not understood is refused, never taken for none.
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthRefusal> {
    let mut values = headers.get_all(AUTHORIZATION).into_iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            let pair = value.to_str().ok().and_then(pair);
            pair.map(Some).ok_or(OAuthRefusal::InvalidClient { in_header: true })
        }
        _ => Err(OAuthRefusal::InvalidRequest("Two credentials in one request.")),
    }
}

/// `Basic base64(client_id:client_secret)`, both form-encoded (RFC 6749 section 2.3.1).
fn pair(header: &str) -> Option<(String, String)> {
    let (scheme, pair) = header.split_once(' ')?;
    let decoded = STANDARD.decode(pair.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (id, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

/// One name of a form; what would end it is escaped before.
fn form_decoded(text: &str) -> String {
    let name = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(name.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}
