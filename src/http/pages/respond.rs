//! From a screen to an answer, with the headers of every page (rows A16, A13).

use askama::Template;
use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_FRAME_OPTIONS};
use http::{HeaderValue, StatusCode};

use crate::usecase::{Failure, Fault};

/// Where a page may lead, beyond what every page may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Csp<'a> {
    /// Forms lead to this service only.
    Own,
    /// A form's answer may redirect to a client: its one validated origin (`https://app.example.com`) or, for an
    /// application of the system, its scheme with the colon (`com.example.app:`).
    FormMayLeadTo(&'a str),
    /// Only for the message page: the one validated origin that may show it in a frame.
    FramedBy(&'a str),
}

impl Csp<'_> {
    /// The header's text. A source that could end its directive, or that means more than one origin, is left out.
    fn header(self, challenge: bool) -> String {
        let (form, frame) = match self {
            Self::FormMayLeadTo(source) if is_one_source(source) => (source, "'none'"),
            Self::FramedBy(origin) if is_one_source(origin) => ("", origin),
            Self::Own | Self::FormMayLeadTo(_) | Self::FramedBy(_) => ("", "'none'"),
        };
        let gap = if form.is_empty() { "" } else { " " };
        // The script of passkeys asks this service; a page that another site may frame asks nobody.
        let connect = if matches!(self, Self::FramedBy(_)) { "'none'" } else { "'self'" };
        let (script, inner) = match challenge {
            true => (format!(" {CHALLENGE}"), format!("frame-src {CHALLENGE}; ")),
            false => (String::new(), String::new()),
        };
        format!(
            "default-src 'none'; style-src 'self'; script-src 'self'{script}; img-src 'self' data:; {inner}connect-src \
             {connect}; base-uri 'none'; form-action 'self'{gap}{form}; frame-ancestors {frame}"
        )
    }
}

/// Where the widget of the challenge and its frame come from (Cloudflare Turnstile).
const CHALLENGE: &str = "https://challenges.cloudflare.com";

/// One origin with a scheme, or one scheme with its colon; no path, wildcard, keyword or separator.
fn is_one_source(source: &str) -> bool {
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_');
    match source.split_once(':') {
        Some((scheme, "")) => {
            let web = ["http", "https", "data", "blob", "javascript"];
            !scheme.is_empty() && scheme.chars().all(named) && !web.iter().any(|web| scheme.eq_ignore_ascii_case(web))
        }
        Some(("http" | "https", rest)) => rest
            .strip_prefix("//")
            .is_some_and(|host| !host.is_empty() && host.chars().all(|c| named(c) || matches!(c, ':' | '[' | ']'))),
        _ => false,
    }
}

/// The page as an answer. What is not said here (`nosniff`, `Referrer-Policy`) every answer outside the API has.
/// No `Cross-Origin-Opener-Policy`: a popup must reach its opener (API, section 4.1).
pub fn respond(status: StatusCode, page: &impl Template, csp: Csp<'_>) -> Result<Response, Failure> {
    answer(status, page, &csp.header(false))
}

/// As [`respond`], of a page with the widget of the challenge, which may come from its one origin and show its frame.
pub fn respond_with_challenge(status: StatusCode, page: &impl Template, csp: Csp<'_>) -> Result<Response, Failure> {
    answer(status, page, &csp.header(true))
}

fn answer(status: StatusCode, page: &impl Template, policy: &str) -> Result<Response, Failure> {
    let text = page.render().map_err(|error| Fault::Internal(format!("page: {error}")))?;
    let policy = HeaderValue::try_from(policy).map_err(|error| Fault::Internal(format!("page: {error}")))?;
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The older header knows no origins: where one may frame the page, only the policy can say so.
    if policy.to_str().is_ok_and(|policy| policy.ends_with("frame-ancestors 'none'")) {
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::Csp;

    const BEFORE: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                          connect-src 'self'; base-uri 'none'; form-action 'self'";

    #[test]
    fn a16_a_page_may_do_what_it_needs_and_nothing_else() {
        for (csp, rest) in [
            (Csp::Own, "; frame-ancestors 'none'"),
            (
                Csp::FormMayLeadTo("https://app.example.com:8443"),
                " https://app.example.com:8443; frame-ancestors 'none'",
            ),
            (Csp::FormMayLeadTo("com.example.app:"), " com.example.app:; frame-ancestors 'none'"),
            (Csp::FramedBy("http://127.0.0.1:3000"), "; frame-ancestors http://127.0.0.1:3000"),
        ] {
            let connect = if matches!(csp, Csp::FramedBy(_)) { "connect-src 'none'" } else { "connect-src 'self'" };
            assert_eq!(csp.header(false), format!("{BEFORE}{rest}").replace("connect-src 'self'", connect));
        }
    }

    #[test]
    fn a16_what_is_not_one_origin_opens_nothing() {
        for source in [
            "",
            "*",
            "'self'",
            "https:",
            "http:",
            "data:",
            "javascript:",
            "https://*",
            "https://*.example.com",
            "https://a.example; script-src *",
            "https://a.example https://b.example",
            "https://a.example,b",
            "https://a.example/path",
            "https://a.example\r\nX: y",
            "//a.example",
            "a.example",
            "https://",
        ] {
            assert_eq!(Csp::FormMayLeadTo(source).header(false), Csp::Own.header(false), "{source}");
            let framed = Csp::Own.header(false).replace("connect-src 'self'", "connect-src 'none'");
            assert_eq!(Csp::FramedBy(source).header(false), framed, "{source}");
        }
    }

    #[test]
    fn a16_the_challenge_opens_one_origin_for_script_and_frame() {
        let policy = Csp::Own.header(true);
        assert_eq!(policy.matches("https://challenges.cloudflare.com").count(), 2);
        let without = policy
            .replace(" https://challenges.cloudflare.com; img-src", "; img-src")
            .replace("frame-src https://challenges.cloudflare.com; ", "");
        assert_eq!(without, Csp::Own.header(false));
    }
}
