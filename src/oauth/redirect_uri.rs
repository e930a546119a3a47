//! Redirect URIs: which of them a client may have (RFC 9700 section 2.1, RFC 8252 section 7; API, section 2.3).
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
mod tests {
    use proptest::prelude::*;

    use super::{InvalidRedirectUri as Invalid, MAX_LENGTH, RESERVED, RedirectUri};

    fn normal(text: &str) -> Result<String, Invalid> {
        RedirectUri::parse(text).map(|uri| uri.as_str().to_owned())
    }

    #[test]
    fn a1_https_loopback_and_own_schemes_pass() {
        for text in [
            "https://example.com",
            "https://example.com/",
            "https://app.example.com:8443/callback/v1",
            "https://xn--bcher-kva.example/a%20b",
            "https://192.0.2.7/callback",
            "https://[2001:db8::1]:8443/x",
            "http://localhost:4173/e2e/app/redirect.html",
            "http://127.0.0.1:3000/cb",
            "http://[::1]:3000/cb",
            "com.example.app:/oauth/callback",
            "com.example.app://callback",
            "myapp:callback",
        ] {
            assert_eq!(normal(text), Ok(text.to_owned()));
        }
    }

    #[test]
    fn the_normal_form_is_lower_case_without_default_port() {
        let forms = [
            ("HTTPS://Example.COM:443/Path", "https://example.com/Path"),
            ("http://LOCALHOST:80/", "http://localhost/"),
            ("https://[2001:DB8:0:0::1]/", "https://[2001:db8::1]/"),
            ("Com.Example.App:/CallBack", "com.example.app:/CallBack"),
        ];
        for (written, expected) in forms {
            assert_eq!(normal(written), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn a1_what_can_be_read_in_two_ways_is_refused_by_name() {
        let refused: &[(Invalid, &[&str])] = &[
            (Invalid::Fragment, &["https://example.com/#x", "https://example.com#", "app://x#y"]),
            (Invalid::Query, &["https://example.com/?a=b", "https://example.com?", "app:/x?y"]),
            (Invalid::UserInfo, &["https://good@evil.example", "https://a:b@evil.example/", "app://u@x"]),
            (
                Invalid::Scheme,
                &[
                    "http://example.com/",
                    "http://localhost.example.com/",
                    "http://127.0.0.2/",
                    "https:evil.example",
                    "https:/evil.example",
                    "//evil.example",
                    "/callback",
                    "callback",
                    "",
                    "javascript:alert(1)",
                    "JaVaScRiPt:alert(1)",
                    "javascript://%250aalert(1)",
                    "data:text/html,x",
                    "vbscript:x",
                    "file:///etc/passwd",
                    "1app:/x",
                    ":x",
                ],
            ),
            (
                Invalid::Character,
                &[
                    "https://example.com\\@evil.example",
                    "https://example.com/a b",
                    " https://example.com",
                    "java\tscript:alert(1)",
                    "https://example.com/\n",
                    "https://b\u{fc}cher.example/",
                    "https://example.com/\u{202e}",
                    "https://example.com/<x>",
                ],
            ),
            (
                Invalid::Host,
                &[
                    "https://",
                    "https:///path",
                    "https://example.com./",
                    "https://.example.com/",
                    "https://a..b/",
                    "https://*.example.com/",
                    "https://-a.example/",
                    "https://example.com:/",
                    "https://example.com:0/",
                    "https://example.com:0443/",
                    "https://example.com:65536/",
                    "https://example.com:80a/",
                    "https://127.1/",
                    "https://0x7f.1/",
                    "https://0x7f000001/",
                    "https://2130706433/",
                    "https://1.2.3.4.5/",
                    "https://[::1/",
                    "https://[::1]x/",
                    "https://[::g]/",
                    "app:",
                ],
            ),
            (
                Invalid::Path,
                &[
                    "https://example.com/a/../b",
                    "https://example.com/..",
                    "https://example.com/./a",
                    "https://example.com//a",
                    "https://example.com/a//b",
                    "https://example.com/a//",
                    "https://example.com/%2e%2E/b",
                    "https://example.com/a%2fb",
                    "https://example.com/a%5Cb",
                    "https://example.com/a%00b",
                    "https://example.com/a%0d%0ab",
                    "https://example.com/a%",
                    "https://example.com/a%g1",
                    "app://x/../y",
                    "app:/a//b",
                ],
            ),
        ];
        for (reason, texts) in refused {
            for text in *texts {
                assert_eq!(normal(text), Err(*reason), "{text}");
            }
        }
        let long = format!("https://example.com/{}", "a".repeat(MAX_LENGTH));
        assert_eq!(normal(&long), Err(Invalid::TooLong));
    }

    #[test]
    fn a1_every_reserved_scheme_is_refused_in_any_case() {
        assert!(RESERVED.is_sorted());
        for scheme in RESERVED {
            for text in [format!("{scheme}:x"), format!("{}://x", scheme.to_uppercase())] {
                assert_eq!(normal(&text), Err(Invalid::Scheme), "{text}");
            }
        }
    }

    #[test]
    fn a_list_is_joined_by_commas() {
        let list = |text: &str| {
            RedirectUri::parse_list(text).map(|uris| uris.iter().map(|uri| uri.as_str().to_owned()).collect::<Vec<_>>())
        };
        let expected = ["https://a.example/".to_owned(), "app:/x".to_owned()];
        assert_eq!(list("https://a.example/, app:/x,,https://A.example/"), Ok(expected.to_vec()));
        assert_eq!(list(""), Ok(Vec::new()));
        assert_eq!(list("https://a.example/,http://a.example/"), Err(Invalid::Scheme));
        let many: Vec<String> = (0..21).map(|at| format!("https://a.example/{at}")).collect();
        assert_eq!(list(&many.join(",")), Err(Invalid::TooMany));
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own_normal_form(text in "(https?|[a-z.]{1,8}):/{0,3}[ -~]{0,40}") {
            if let Ok(uri) = RedirectUri::parse(&text) {
                prop_assert_eq!(RedirectUri::parse(uri.as_str()), Ok(uri));
            }
        }
    }
}
