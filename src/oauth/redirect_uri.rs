//! Redirect URIs: which of them a client may have, and which of them a request may name (RFC 9700 section 2.1, RFC 8252
//! section 7; API, section 2.3).
//!
//! A URI passes only in a form that every parser reads alike. What browsers repair or read in two ways (backslashes,
//! white space, user info, dot segments, numeric hosts) is refused, not repaired.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Longest redirect URI, in characters.
pub const MAX_LENGTH: usize = 1_024;
/// Most redirect URIs of one client.
pub const MAX_LIST: usize = 20;

/// Schemes that are nobody's application: browsers, operating systems or mail programs act on them.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "about", "android-app", "blob", "chrome", "chrome-extension", "cid", "content", "data", "dav", "dns", "feed",
    "file", "filesystem", "ftp", "ftps", "git", "help", "imap", "intent", "jar", "javascript", "ldap", "ldaps",
    "mailto", "mid", "moz-extension", "news", "nntp", "opaque", "pop", "resource", "rtsp", "safari-extension",
    "search", "sftp", "shell", "sip", "sips", "sms", "smsto", "ssh", "tel", "telnet", "urn", "vbscript",
    "view-source", "wais", "webcal", "ws", "wss", "wyciwyg", "x-apple-helpbasic",
];

/// Why a text is no redirect URI. `Display` is what `invalid_fields` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedirectUri {
    /// Longer than [`MAX_LENGTH`].
    #[error("value too long")]
    TooLong,
    /// More than [`MAX_LIST`] of them.
    #[error("too many redirect uris")]
    TooMany,
    /// Not printable ASCII, or a character that RFC 3986 does not allow.
    #[error("redirect uri with a character that a URI cannot have")]
    Character,
    /// `?`
    #[error("redirect uri with a query")]
    Query,
    /// `#`
    #[error("redirect uri with a fragment")]
    Fragment,
    /// `user@host`
    #[error("redirect uri with user info")]
    UserInfo,
    /// Not absolute, a reserved scheme, or plain http beyond loopback.
    #[error("redirect uri must be https, http on loopback, or a scheme of the application's own")]
    Scheme,
    /// No host, a malformed one, or a malformed port.
    #[error("redirect uri with an invalid host or port")]
    Host,
    /// `.`, `..`, an empty segment, broken percent-encoding, or an encoded `/`, `\`, `.` or control character.
    #[error("redirect uri with a path that can be read in two ways")]
    Path,
}

/// How close a requested URI must be to the registered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Equal, or below the registered path (API, section 2.3).
    Prefix,
    /// Equal in normal form (RFC 9700 section 2.1).
    Exact,
}

/// A redirect URI in normal form: scheme and host in lower case, no default port; the path as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri {
    text: String,
    web: bool,
}

impl RedirectUri {
    /// Accepts `https://...`, `http://...` on loopback, and schemes of an application's own.
    pub fn parse(text: &str) -> Result<Self, InvalidRedirectUri> {
        if text.len() > MAX_LENGTH {
            return Err(InvalidRedirectUri::TooLong);
        }
        if !text.bytes().all(allowed) {
            return Err(InvalidRedirectUri::Character);
        }
        if text.contains('#') {
            return Err(InvalidRedirectUri::Fragment);
        }
        if text.contains('?') {
            return Err(InvalidRedirectUri::Query);
        }
        let (scheme, rest) = text.split_once(':').ok_or(InvalidRedirectUri::Scheme)?;
        let scheme = scheme.to_ascii_lowercase();
        match scheme.as_str() {
            "https" | "http" => web(&scheme, rest).map(|text| Self { text, web: true }),
            own if is_scheme(own) && !RESERVED.contains(&own) => {
                application(rest).map(|()| Self { text: format!("{scheme}:{rest}"), web: false })
            }
            _ => Err(InvalidRedirectUri::Scheme),
        }
    }

    /// Several, joined by commas; each once. None is a list, too.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, InvalidRedirectUri> {
        let mut uris: Vec<Self> = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let uri = Self::parse(part)?;
            if !uris.contains(&uri) {
                uris.push(uri);
            }
            if uris.len() > MAX_LIST {
                return Err(InvalidRedirectUri::TooMany);
            }
        }
        Ok(uris)
    }

    /// In normal form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is http(s). One of an application's own scheme takes codes with S256 only.
    pub fn is_web(&self) -> bool {
        self.web
    }

    /// Whether a client that registered `registered` may be answered at `requested`.
    ///
    /// [`Strictness::Prefix`] lets http(s) URIs go on below the registered path, at a segment boundary: `/a` covers `/a`,
    /// `/a/` and `/a/b`, never `/ab`. Scheme, host and port are always equal. A URI of an application's own scheme is
    /// always compared whole.
    pub fn matches(registered: &Self, requested: &Self, strictness: Strictness) -> bool {
        if strictness == Strictness::Exact || !registered.web {
            return registered == requested;
        }
        let (registered, requested) = (registered.as_visited(), requested.as_visited());
        let below = registered.strip_suffix('/').unwrap_or(&registered);
        let rest = requested.strip_prefix(below);
        registered == requested || rest.is_some_and(|rest| rest.starts_with('/'))
    }

    /// The URI as a browser goes there: without a path, the path is `/`. What a code is bound to, so that clients which
    /// write the one at the authorization and the other at the token endpoint mean the same.
    pub fn as_visited(&self) -> String {
        match self.origin() {
            Some(origin) if origin.len() == self.text.len() => format!("{origin}/"),
            _ => self.text.clone(),
        }
    }

    /// Scheme, host and port of an http(s) URI: the target of `postMessage`. None for an application's own scheme.
    pub fn origin(&self) -> Option<&str> {
        let authority_at = self.text.find("://")? + "://".len();
        let path_at = self.text.get(authority_at..)?.find('/').map_or(self.text.len(), |at| authority_at + at);
        self.text.get(..path_at).filter(|_| self.web)
    }

    /// As a source in `form-action` and `frame-ancestors` (CSP 3 section 2.3.1): the origin, or the scheme of an
    /// application's own. The scheme, too, for an IPv6 address, which CSP has no way to write.
    pub fn form_action_source(&self) -> &str {
        let scheme = self.text.find(':').and_then(|at| self.text.get(..=at)).unwrap_or_default();
        self.origin().filter(|origin| !origin.contains('[')).unwrap_or(scheme)
    }
}

/// RFC 3986's characters: unreserved, reserved and `%`.
fn allowed(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
}

/// RFC 3986 section 3.1, after lower-casing.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn web(scheme: &str, rest: &str) -> Result<String, InvalidRedirectUri> {
    let rest = rest.strip_prefix("//").ok_or(InvalidRedirectUri::Scheme)?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if authority.contains('@') {
        return Err(InvalidRedirectUri::UserInfo);
    }
    let (host, port) = host_and_port(authority).ok_or(InvalidRedirectUri::Host)?;
    if scheme == "http" && !is_loopback(&host) {
        return Err(InvalidRedirectUri::Scheme);
    }
    check_path(path)?;
    Ok(match (scheme, port) {
        (_, None) | ("https", Some(443)) | ("http", Some(80)) => format!("{scheme}://{host}{path}"),
        (_, Some(port)) => format!("{scheme}://{host}:{port}{path}"),
    })
}

/// `scheme:rest`, `scheme:/rest` or `scheme://rest`; never only the scheme.
fn application(rest: &str) -> Result<(), InvalidRedirectUri> {
    let inner = rest.strip_prefix("//").unwrap_or(rest);
    match inner.split('/').next() {
        _ if rest.is_empty() => Err(InvalidRedirectUri::Host),
        Some(authority) if authority.contains('@') => Err(InvalidRedirectUri::UserInfo),
        _ => check_path(inner),
    }
}

fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (format!("[{}]", address.parse::<Ipv6Addr>().ok()?), port)
        }
        None => {
            let (name, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            (host_name(name)?, port)
        }
    };
    let port = match port.strip_prefix(':') {
        Some(digits) => Some(digits.parse::<u16>().ok().filter(|port| *port > 0 && port.to_string() == digits)?),
        None if port.is_empty() => None,
        None => return None,
    };
    Some((host, port))
}

/// A DNS name without a final dot, or a dotted IPv4 address. What a browser would take for a number is refused.
fn host_name(text: &str) -> Option<String> {
    let host = text.to_ascii_lowercase();
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.starts_with(|first: char| first.is_ascii_digit())
        && (last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit()));
    let valid = host.len() <= 253 && host.split('.').all(label) && (!numeric || host.parse::<Ipv4Addr>().is_ok());
    valid.then_some(host)
}

/// RFC 8252 section 7.3, and `localhost` for development.
fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// A final `/` is no empty segment.
fn check_path(path: &str) -> Result<(), InvalidRedirectUri> {
    let segments: Vec<&str> = path.split('/').collect();
    let last = segments.len() - 1;
    let inner_empty = segments.iter().enumerate().any(|(at, segment)| at > 0 && at < last && segment.is_empty());
    let dots = segments.iter().any(|segment| matches!(*segment, "." | ".."));
    match !inner_empty && !dots && path.split('%').skip(1).all(encodes_plainly) {
        true => Ok(()),
        false => Err(InvalidRedirectUri::Path),
    }
}

/// Whether what follows a `%` encodes a character that has no meaning in a path.
fn encodes_plainly(after: &str) -> bool {
    let digits = after.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
    byte.is_some_and(|byte| !byte.is_ascii_control() && !matches!(byte, b'/' | b'\\' | b'.'))
}

#[cfg(test)]
mod tests;
