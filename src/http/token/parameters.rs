//! The parameters of a token request, in each of the forms in which clients send them (API, section 2.5).

use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::config::Profile;
use crate::http::call::Call;
use crate::http::json;
use crate::oauth::refusal::OAuthRefusal;

/// What the token endpoint knows; anything else is ignored (RFC 6749 section 3.2).
const KNOWN: [&str; 8] =
    ["grant_type", "code", "refresh_token", "client_id", "client_secret", "redirect_uri", "code_verifier", "scope"];

const REPEATED: OAuthRefusal = OAuthRefusal::InvalidRequest("A parameter is given twice.");
const IN_QUERY: OAuthRefusal = OAuthRefusal::InvalidRequest("Parameters belong into the body.");

/// The parameters of one request. None is given twice; one without a value is none (RFC 6749 section 3.1).
pub(super) struct Parameters {
    given: Vec<(String, String)>,
    /// Whether they stood in the query string.
    pub(super) in_query: bool,
}

impl Parameters {
    /// From the body: a form, or JSON, also under `text/plain` or without a type. From the query string only when there
    /// is no body, and in the compatible profile: a secret there ends up in logs.
    pub(super) fn read(call: &Call) -> Result<Self, OAuthRefusal> {
        let query: Vec<_> = call.query_pairs().into_iter().filter(known).collect();
        let in_query = call.body().is_empty();
        if !query.is_empty() && (!in_query || call.app.config().profile == Profile::Strict) {
            return Err(IN_QUERY);
        }
        let mut given = if in_query { query } else { body(call)? };
        let mut names: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.array_windows().any(|[one, next]| one == next) {
            return Err(REPEATED);
        }
        given.retain(|(_, value)| !value.is_empty());
        Ok(Self { given, in_query })
    }

    /// A parameter, if it is given.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.given.iter().position(|(given, _)| given == name)?;
        Some(self.given.swap_remove(at).1)
    }
}

fn known((name, _): &(String, String)) -> bool {
    KNOWN.contains(&name.as_str())
}

fn body(call: &Call) -> Result<Vec<(String, String)>, OAuthRefusal> {
    let content_type = call.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?"));
    let essence = content_type.map(|text| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    match essence.as_deref() {
        Some("application/x-www-form-urlencoded") => {
            Ok(form_urlencoded::parse(call.body()).into_owned().filter(known).collect())
        }
        Some("application/json" | "text/plain") | None => from_json(call.body()),
        Some(_) => Err(OAuthRefusal::InvalidRequest("The content type is neither a form nor JSON.")),
    }
}

fn from_json(body: &[u8]) -> Result<Vec<(String, String)>, OAuthRefusal> {
    let object = match json::parse(body) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Err(OAuthRefusal::InvalidRequest("The body must be a JSON object.")),
        Err(json::Unreadable::RepeatedKey) => return Err(REPEATED),
        Err(json::Unreadable::Syntax) => return Err(OAuthRefusal::InvalidRequest("The body is not valid JSON.")),
    };
    let named = object.into_iter().filter(|(name, _)| KNOWN.contains(&name.as_str()));
    named
        .map(|(name, value)| match value {
            Value::String(text) => Ok((name, text)),
            Value::Null => Ok((name, String::new())),
            _ => Err(OAuthRefusal::InvalidRequest("A parameter is not a string.")),
        })
        .collect()
}
