use proptest::prelude::*;

use super::*;
use crate::oauth::refusal::Detail;

const ACCOUNT: &str = "0191c9a2-7b52-7cde-8f01-2f6d5a1c9e44";
const ORGANIZATION: &str = "0191c9a2-7b52-7a10-b3c8-51d0e4f7a68b";
const TOKEN: Credential<'static> =
    Credential::Token { access_token: "dal:EAGR-_", expires_in: Duration::from_secs(28_800) };
const CODE: Credential<'static> = Credential::Code("dal:CAGR-_");

fn uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap_or_else(|reason| panic!("{reason}"))
}

fn answer<T>(credential: Credential<'_>, state: Option<&str>, to: impl FnOnce(&Granted<'_>) -> T) -> T {
    let scopes = BTreeSet::from(["b--my:rw".to_owned(), "a".to_owned()]);
    to(&Granted {
        credential,
        scopes: &scopes,
        state,
        account: ACCOUNT.parse().unwrap_or_else(|_| panic!("an id")),
        organization: ORGANIZATION.parse().unwrap_or_else(|_| panic!("an id")),
        client_id: "app",
    })
}

fn location(to: &str, credential: Credential<'_>, state: Option<&str>) -> String {
    answer(credential, state, |granted| redirect(&uri(to), granted))
}

#[test]
fn a_token_stands_in_the_fragment_first_of_all() {
    let expected = "https://app.example/cb#access_token=dal%3AEAGR-_&expires_in=28800&scope=a%2Cb--my%3Arw";
    assert_eq!(location("https://app.example/cb", TOKEN, Some("x")), format!("{expected}&state=x&token_type=Bearer"));
    assert_eq!(location("https://app.example/cb", TOKEN, None), format!("{expected}&token_type=Bearer"));
    assert_eq!(location("https://app.example/cb", TOKEN, Some("")), format!("{expected}&state=&token_type=Bearer"));
}

#[test]
fn a_code_stands_in_the_query() {
    for to in ["https://app.example/cb", "https://app.example", "com.example.app:/cb", "com.example.app:cb"] {
        assert_eq!(location(to, CODE, Some("x")), format!("{to}?code=dal%3ACAGR-_&state=x"));
        assert_eq!(location(to, CODE, Some("")), format!("{to}?code=dal%3ACAGR-_&state="));
        assert_eq!(location(to, CODE, None), format!("{to}?code=dal%3ACAGR-_"));
    }
}

#[test]
fn a10_a22_a_state_leaves_its_place_in_no_way() {
    let state = "a b+c&d=e#f?g/h:\"<script>\r\nSet-Cookie: x=y\u{0}\u{17c}%20";
    let expected = "a%20b%2Bc%26d%3De%23f%3Fg%2Fh%3A%22%3Cscript%3E%0D%0ASet-Cookie%3A%20x%3Dy%00%C5%BC%2520";
    for credential in [CODE, TOKEN] {
        let location = location("https://app.example/cb", credential, Some(state));
        assert!(location.contains(&format!("&state={expected}")), "{location}");
    }
}

#[test]
fn the_message_has_what_every_sdk_reads() {
    let token = answer(TOKEN, Some("x"), message);
    let expected = Data {
        code: None,
        access_token: Some("dal:EAGR-_".to_owned()),
        expires_in: Some(28_800),
        token_type: Some("Bearer"),
        scope: "a,b--my:rw".to_owned(),
        scopes: "a,b--my:rw".to_owned(),
        state: Some("x".to_owned()),
        account_id: ACCOUNT.parse().unwrap_or_else(|_| panic!("an id")),
        organization_id: ORGANIZATION.parse().unwrap_or_else(|_| panic!("an id")),
        client_id: "app".to_owned(),
    };
    assert_eq!(token, Message { data: expected.clone(), state: Some("x".to_owned()) });
    let code = answer(CODE, None, message);
    let data = Data {
        code: Some("dal:CAGR-_".to_owned()),
        access_token: None,
        expires_in: None,
        token_type: None,
        state: None,
        ..expected
    };
    assert_eq!(code, Message { data, state: None });
    let empty = answer(CODE, Some(""), message);
    assert_eq!((empty.state.as_deref(), empty.data.state.as_deref()), (Some(""), Some("")));
}

#[test]
fn errors_are_named_by_their_kind() {
    let often = OAuthRefusal::AccessDenied(Some(Detail::TooManyRedirects));
    let oauth = ErrorMessage { name: "oauth_exception", code: "access_denied", details: Some("too_many_redirects") };
    assert_eq!(ErrorMessage::from(often), oauth);
    let identity = ErrorMessage { name: "identity_exception", code: "unauthorized", details: None };
    assert_eq!(ErrorMessage::from(IdentityRefusal::Unauthorized), identity);
}

proptest! {
    #[test]
    fn a10_any_state_comes_back_byte_for_byte(state in "\\PC*|[\\x00-\\x7f]*") {
        for credential in [CODE, TOKEN] {
            let location = location("https://app.example/cb", credential, Some(&state));
            prop_assert!(location.is_ascii() && !location.bytes().any(|byte| byte.is_ascii_control() || byte == b' '));
            let mark = if matches!(credential, Credential::Code(_)) { '?' } else { '#' };
            let (_, pairs) = location.split_once(mark).unwrap_or_default();
            let back = form_urlencoded::parse(pairs.as_bytes()).find(|(name, _)| name == "state");
            prop_assert_eq!(back.map(|(_, value)| value.into_owned()), Some(state.clone()));
        }
    }
}
