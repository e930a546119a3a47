//! From the Authorization header to a credential, without asking storage.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::app::App;
use crate::authz::credential::Credential;
use crate::authz::operation::Operation;
use crate::authz::policy::{self, Credentials};
use crate::oauth::envelope::Kind;
use crate::usecase::{Failure, Refusal};

const UNVERIFIED: Failure = Failure::Refused(Refusal::Unauthenticated { presented: true });

enum Presented<'a> {
    Bearer(&'a str),
    Basic(&'a str),
}

/// `Ok(None)`: no Authorization header. A header that does not verify is 401, never anonymous.
pub(super) fn credential(app: &App, operation: Operation, headers: &HeaderMap) -> Result<Option<Credential>, Failure> {
    match presented(headers)? {
        None => Ok(None),
        Some(Presented::Bearer(token)) => {
            let opened = app.open(Kind::Access, token).map_err(|_| UNVERIFIED)?;
            Ok(Some(Credential::Access(opened)))
        }
        Some(Presented::Basic(pair)) => {
            let credential = basic(app, pair).ok_or(UNVERIFIED)?;
            match policy::rule(operation).credentials {
                Credentials::Bearer => Err(Refusal::Forbidden("A personal token cannot do this.").into()),
                _ => Ok(Some(credential)),
            }
        }
    }
}

/// The text of a Bearer token, whatever it is.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Failure> {
    match presented(headers)? {
        None => Ok(None),
        Some(Presented::Bearer(token)) => Ok(Some(token)),
        Some(Presented::Basic(_)) => Err(UNVERIFIED),
    }
}

/// `account_id:personal token`, split at the first colon (RFC 7617: the user id holds none, the token does).
fn basic(app: &App, pair: &str) -> Option<Credential> {
    let decoded = STANDARD.decode(pair).ok()?;
    let (account, token) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    let account = account.parse().ok()?;
    let token = app.open(Kind::Personal, token).ok()?;
    Some(Credential::Personal { account, token })
}

/// Schemes are case-insensitive (RFC 9110 section 11.1); two headers are two credentials (RFC 6750 section 2).
fn presented(headers: &HeaderMap) -> Result<Option<Presented<'_>>, Failure> {
    let mut values = headers.get_all(AUTHORIZATION).into_iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return match headers.contains_key(AUTHORIZATION) {
            true => Err(Refusal::Malformed("Two credentials in one request.").into()),
            false => Ok(None),
        };
    };
    let text = value.to_str().map_err(|_| UNVERIFIED)?;
    let (scheme, rest) = text.split_once(' ').ok_or(UNVERIFIED)?;
    match scheme {
        _ if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(Presented::Bearer(rest.trim()))),
        _ if scheme.eq_ignore_ascii_case("basic") => Ok(Some(Presented::Basic(rest.trim()))),
        _ => Err(UNVERIFIED),
    }
}
