//! Errors of pages: the page that explains them or a redirect to it, never to an application (API, section 2.9).

use axum::body::Body;
use axum::response::Response;
use http::header::{LOCATION, RETRY_AFTER};
use http::{HeaderValue, StatusCode};

use crate::http::log::Reason;
use crate::http::page_call::PageCall;
use crate::http::pages::panel::{Refused, Why};
use crate::http::pages::{Csp, StaleForm, Throttled, respond};
use crate::oauth::refusal::{IdentityRefusal, OAuthRefusal};
use crate::usecase::{Failure, Refusal};

/// What a form did wrong is told on a page of its own, where nothing can be taken for the form's success. All else is a
/// 303, so that no browser repeats a POST with what a form held (row A13).
pub(super) fn response(page: &PageCall, failure: Failure) -> Response {
    let go_on_url = page.begin_again();
    let told = match failure {
        Failure::Refused(Refusal::StaleForm) => {
            let screen = StaleForm { frame: page.frame_at(go_on_url), go_on_url };
            respond(StatusCode::FORBIDDEN, &screen, Csp::Own)
        }
        Failure::Refused(Refusal::Throttled { retry_after }) => {
            let frame = page.frame_at(go_on_url);
            let screen = Throttled { frame, retry_after_seconds: Some(retry_after), go_on_url };
            respond(StatusCode::TOO_MANY_REQUESTS, &screen, Csp::Own).map(|mut response| {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after));
                response
            })
        }
        Failure::Refused(Refusal::Forbidden(_) | Refusal::InsufficientScope(_)) if page.is_of_panel() => {
            respond(StatusCode::FORBIDDEN, &Refused { frame: page.frame_at("/panel"), why: Why::NotAllowed }, Csp::Own)
        }
        Failure::Refused(Refusal::NotFound { .. }) if page.is_of_panel() => {
            respond(StatusCode::NOT_FOUND, &Refused { frame: page.frame_at("/panel"), why: Why::NotFound }, Csp::Own)
        }
        Failure::Refused(Refusal::TooLarge) if page.path() == "/account/picture" => {
            page.see_other("/account?refused=picture#picture")
        }
        other => Err(other),
    };
    told.unwrap_or_else(|failure| redirect(page, failure))
}

/// There is no page at this address.
pub(in crate::http) fn no_such_path(page: &PageCall) -> Response {
    let screen = Refused { frame: page.frame_at(page.begin_again()), why: Why::NoSuchPath };
    respond(StatusCode::NOT_FOUND, &screen, Csp::Own).unwrap_or_else(|failure| redirect(page, failure))
}

fn redirect(page: &PageCall, failure: Failure) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::try_from(page.frame().url(&location(&failure)));
    let location = location.unwrap_or(HeaderValue::from_static("/ooops"));
    response.headers_mut().insert(LOCATION, location);
    if let Failure::Fault(fault) = failure {
        response.extensions_mut().insert(Reason(fault.to_string()));
    }
    response
}

/// Where a failure sends the browser: authentication errors to the sign-in form, all others to the error page.
pub fn location(failure: &Failure) -> String {
    let refusal = match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Fault(_) => return authorization("server_error", None),
    };
    match refusal {
        Refusal::OAuth(refusal) => {
            authorization(refusal.code(), refusal.detail().map(crate::oauth::refusal::Detail::code))
        }
        Refusal::Identity(refusal) => authentication(*refusal),
        Refusal::Unauthenticated { .. } => authentication(IdentityRefusal::Unauthorized),
        Refusal::Forbidden(_) | Refusal::InsufficientScope(_) | Refusal::StaleForm => {
            authorization(OAuthRefusal::AccessDenied(None).code(), None)
        }
        Refusal::SecondFactorDue => "/account#second_factor".to_owned(),
        Refusal::Throttled { .. } => authorization("temporarily_unavailable", None),
        Refusal::Malformed(_)
        | Refusal::TooLarge
        | Refusal::NotFound { .. }
        | Refusal::Conflict { .. }
        | Refusal::Invalid(_) => authorization("invalid_request", None),
    }
}

fn authorization(code: &str, detail: Option<&str>) -> String {
    let detail = detail.map(|detail| format!("&exception_details={}", encoded(detail)));
    format!("/ooops?oauth_exception={}{}", encoded(code), detail.unwrap_or_default())
}

fn authentication(refusal: IdentityRefusal) -> String {
    format!("/?identity_exception={}", encoded(refusal.code()))
}

/// Percent-encoded, after whatever RFC 6749 section 4.1.2.1 forbids in an error was left out (row A22): quotes,
/// backslashes, control characters, everything beyond ASCII.
fn encoded(value: &str) -> String {
    let allowed: String = value.chars().filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\')).collect();
    form_urlencoded::byte_serialize(allowed.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::{Failure, IdentityRefusal, OAuthRefusal, Refusal, encoded, location};
    use crate::oauth::refusal::Detail;
    use crate::usecase::Fault;

    fn of(refusal: Refusal) -> String {
        location(&refusal.into())
    }

    #[test]
    fn authorization_errors_lead_to_the_error_page() {
        let unknown = OAuthRefusal::UnauthorizedClient(Some(Detail::ClientIdNotFound));
        let expected = "/ooops?oauth_exception=unauthorized_client&exception_details=client_id_not_found";
        assert_eq!(of(Refusal::OAuth(unknown)), expected);
        let often = OAuthRefusal::AccessDenied(Some(Detail::TooManyRedirects));
        assert_eq!(
            of(Refusal::OAuth(often)),
            "/ooops?oauth_exception=access_denied&exception_details=too_many_redirects"
        );
        assert_eq!(of(Refusal::OAuth(OAuthRefusal::InvalidScope)), "/ooops?oauth_exception=invalid_scope");
        assert_eq!(of(Refusal::TooLarge), "/ooops?oauth_exception=invalid_request");
        let fault = Failure::Fault(Fault::Internal("secret text".into()));
        assert_eq!(location(&fault), "/ooops?oauth_exception=server_error");
    }

    #[test]
    fn authentication_errors_lead_to_the_sign_in_form() {
        assert_eq!(of(Refusal::Unauthenticated { presented: false }), "/?identity_exception=unauthorized");
        for (refusal, code) in [
            (IdentityRefusal::InvalidRequest, "invalid_request"),
            (IdentityRefusal::AccessDenied, "access_denied"),
            (IdentityRefusal::IdentityLost, "identity_lost"),
            (IdentityRefusal::CredentialsLoginDisabled, "credentials_login_disabled"),
        ] {
            assert_eq!(of(Refusal::Identity(refusal)), format!("/?identity_exception={code}"));
        }
    }

    #[test]
    fn a22_no_value_leaves_its_place() {
        assert_eq!(encoded("a b&c=d#e/f?g"), "a%20b%26c%3Dd%23e%2Ff%3Fg");
        assert_eq!(encoded("<script>\"\\\r\nSet-Cookie: x\u{0}\u{e9}"), "%3Cscript%3ESet-Cookie%3A%20x");
    }

    #[test]
    fn a22_every_code_and_description_keeps_to_the_charset_of_rfc_6749() {
        let refusals = [
            OAuthRefusal::InvalidRequest(""),
            OAuthRefusal::InvalidClient { in_header: true },
            OAuthRefusal::InvalidGrant,
            OAuthRefusal::UnauthorizedClient(Some(Detail::RedirectUriNotSet)),
            OAuthRefusal::UnauthorizedClient(Some(Detail::InvalidRedirectUri)),
            OAuthRefusal::UnsupportedGrantType,
            OAuthRefusal::UnsupportedResponseType("The response type is unknown."),
            OAuthRefusal::InvalidScope,
            OAuthRefusal::AccessDenied(None),
            OAuthRefusal::MissingGrant,
        ];
        for refusal in refusals {
            let texts = [refusal.code(), refusal.description(), refusal.detail().map_or("", Detail::code)];
            let fits = |text: &str| text.bytes().all(|b| matches!(b, 0x20..=0x7e) && !matches!(b, b'"' | b'\\'));
            assert!(texts.into_iter().all(fits), "{refusal:?}");
        }
    }
}
