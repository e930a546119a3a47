use proptest::prelude::*;

use super::*;

const ID: &str = "0123456789abcdef0123456789abcdef";
/// RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const SDK: &str =
    "MzMyNjAzMDMwLDQzNzk2NzA4NCw3OTAwMTYyNjgsMTI4NTA0MTY3MiwxOTkwNzUyNDI5LDE4NDQ1MjgyMTQsMTg2MDI3NDUwNiwtODgxNzg4NDc3";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const WEB: &str = "https://app.example/cb";
const OWN: &str = "com.example.app:/cb";

fn client(confidential: bool, uris: &[&str]) -> RegisteredClient {
    let scope = |(scope, required): (&str, bool)| ClientScope { scope: scope.to_owned(), required };
    RegisteredClient {
        id: ID.parse().unwrap_or_else(|_| panic!("an id")),
        redirect_uris: uris.iter().map(|uri| RedirectUri::parse(uri).unwrap_or_else(|_| panic!("{uri}"))).collect(),
        confidential,
        client_type: if confidential { ClientType::ServerSideApp } else { ClientType::JavascriptApp },
        strict: false,
        require_s256: false,
        scopes: [("accounts--all:ro", false), ("accounts--my:rw", true), ("sessions--my:rw", true)].map(scope).to_vec(),
    }
}

fn public() -> RegisteredClient {
    client(false, &[WEB])
}

fn pairs(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The ordinary request for a code with these parameters changed, or (when `-`) left out.
fn ask_in(
    profile: Profile,
    client: &RegisteredClient,
    changes: &[(&str, &str)],
) -> Result<AuthorizationRequest, OAuthRefusal> {
    let ordinary = [
        ("response_type", "code"),
        ("client_id", ID),
        ("redirect_uri", WEB),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let kept = ordinary.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let given: Vec<_> = kept.chain(changes.iter().filter(|(_, value)| *value != "-")).copied().collect();
    request(&Parameters::read(pairs(&given))?, Some(client), profile)
}

fn ask(client: &RegisteredClient, changes: &[(&str, &str)]) -> Result<AuthorizationRequest, OAuthRefusal> {
    ask_in(Profile::Compatible, client, changes)
}

/// The code and detail of an outcome. Every text on the way keeps to the charset of RFC 6749 section 4.1.2.1 (row A22).
fn code<T>(outcome: Result<T, OAuthRefusal>) -> (&'static str, Option<Detail>) {
    let Err(refusal) = outcome else {
        return ("granted", None);
    };
    let texts = [refusal.code(), refusal.description(), refusal.detail().map_or("", Detail::code)];
    let fits = |text: &&str| text.bytes().all(|b| matches!(b, 0x20..=0x7e) && !matches!(b, b'"' | b'\\'));
    assert!(texts.iter().all(fits), "{texts:?}");
    (refusal.code(), refusal.detail())
}

#[test]
fn the_ordinary_request() {
    let changes = [("state", "a b&c"), ("email", "john@example.com"), ("utm_source", "x"), ("utm_source", "y")];
    let asked = ask(&public(), &changes);
    let expected = AuthorizationRequest {
        client_id: public().id,
        response_type: ResponseType::Code,
        redirect_uri: public().redirect_uris[0].clone(),
        state: Some("a b&c".to_owned()),
        challenge: Some(Challenge::S256(CHALLENGE.to_owned())),
        scopes: public().scopes,
        prompt_consent: false,
        organization: None,
        email_hint: Some("john@example.com".to_owned()),
        flow: Flow::Redirect,
    };
    assert_eq!(asked, Ok(expected));
    let all = [
        ("prompt", "consent"),
        ("organization_id", "0191c9a2-7b52-7a10-b3c8-51d0e4f7a68b"),
        ("flow", "button"),
        ("scope", "sessions--my:rw accounts--all:ro"),
    ];
    let asked = ask(&public(), &all).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    assert_eq!((asked.prompt_consent, asked.flow, asked.state), (true, Flow::Button, None));
    assert_eq!(asked.organization.map(|id| id.to_string()).as_deref(), Some("0191c9a2-7b52-7a10-b3c8-51d0e4f7a68b"));
    let scopes: Vec<_> = asked.scopes.iter().map(|scope| (scope.scope.as_str(), scope.required)).collect();
    assert_eq!(scopes, [("accounts--all:ro", false), ("sessions--my:rw", true)]);
}

/// What `@livechat/accounts-sdk` 2.1.3 sends: empty values, its own S256, the short challenge of the documentation.
#[test]
fn what_the_sdk_sends_is_understood() {
    let token = [
        ("response_type", "token"),
        ("code_challenge", "-"),
        ("code_challenge_method", "-"),
        ("flow", ""),
        ("utm_source", "accounts.livechat.com"),
    ];
    let asked = ask(&public(), &token).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    assert_eq!((asked.response_type, asked.flow, asked.challenge), (ResponseType::Token, Flow::Redirect, None));
    let asked = ask(&public(), &[("code_challenge", SDK), ("flow", "button")]);
    assert_eq!(asked.map(|asked| asked.challenge), Ok(Some(Challenge::S256(SDK.to_owned()))));
    let plain = ask(&public(), &[("code_challenge", VERIFIER), ("code_challenge_method", "plain")]);
    assert_eq!(plain.map(|asked| asked.challenge), Ok(Some(Challenge::Plain(VERIFIER.to_owned()))));
    // pkce: {enabled: true} alone: an empty challenge, which a client with a secret may send.
    let empty = [("code_challenge", ""), ("code_challenge_method", "-")];
    assert_eq!(ask(&client(true, &[WEB]), &empty).map(|asked| asked.challenge), Ok(None));
    assert_eq!(code(ask(&public(), &empty)), ("invalid_request", None));
    // A challenge beside response_type=token has no meaning, whatever it is.
    let ignored = ask(&public(), &[("response_type", "token"), ("code_challenge", "x")]);
    assert_eq!(ignored.map(|asked| asked.challenge), Ok(None));
}

#[test]
fn a2_the_client_comes_first() {
    let parameters = Parameters::read(pairs(&[("response_type", "nonsense"), ("scope", "\n")]));
    let unknown = parameters.and_then(|parameters| request(&parameters, None, Profile::Compatible));
    assert_eq!(code(unknown), ("unauthorized_client", Some(Detail::ClientIdNotFound)));
    for id in ["", "x", "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcde"] {
        let read = Parameters::read(pairs(&[("client_id", id)])).and_then(|parameters| parameters.client_id());
        assert_eq!(code(read), ("unauthorized_client", Some(Detail::ClientIdNotFound)), "{id}");
    }
    // Then the redirect URI, then the response type, then the challenge, then the scope.
    let mut worse: Vec<(&str, &str)> = vec![("flow", "x"), ("prompt", "login"), ("organization_id", "x")];
    assert_eq!(code(ask(&public(), &worse)), ("invalid_request", None));
    worse.push(("scope", "x"));
    assert_eq!(code(ask(&public(), &worse)), ("invalid_scope", None));
    worse.push(("code_challenge", "-"));
    assert_eq!(code(ask(&public(), &worse)), ("invalid_request", None));
    worse.push(("response_type", "x"));
    assert_eq!(code(ask(&public(), &worse)), ("unsupported_response_type", None));
    worse.push(("redirect_uri", "https://evil.example"));
    assert_eq!(code(ask(&public(), &worse)), ("unauthorized_client", Some(Detail::InvalidRedirectUri)));
}

#[test]
fn a3_no_redirect_uri_is_the_only_one_registered() {
    let missing = [("redirect_uri", "-")];
    assert_eq!(ask(&public(), &missing).map(|asked| asked.redirect_uri.as_str().to_owned()), Ok(WEB.to_owned()));
    assert_eq!(ask(&public(), &[("redirect_uri", "")]).map(|asked| asked.redirect_uri.is_web()), Ok(true));
    for uris in [&[][..], &[WEB, "https://app.example/other"]] {
        let refused = ask(&client(false, uris), &missing);
        assert_eq!(code(refused), ("unauthorized_client", Some(Detail::RedirectUriNotSet)));
    }
}

#[test]
fn a1_the_requested_uri_is_the_one_that_is_answered() {
    let asked = |uri: &str| ask(&client(false, &["https://other.example/", WEB]), &[("redirect_uri", uri)]);
    let answered = |uri: &str| asked(uri).map(|asked| asked.redirect_uri.as_str().to_owned());
    assert_eq!(answered("HTTPS://APP.example:443/cb/chats"), Ok("https://app.example/cb/chats".to_owned()));
    for uri in ["https://app.example/", "https://app.example/cbx", "https://app.example/cb/../x", "javascript:alert(1)"]
    {
        assert_eq!(code(asked(uri)), ("unauthorized_client", Some(Detail::InvalidRedirectUri)), "{uri}");
    }
    let strict = RegisteredClient { strict: true, ..public() };
    for (profile, client) in [(Profile::Strict, public()), (Profile::Compatible, strict)] {
        let below = ask_in(profile, &client, &[("redirect_uri", "https://app.example/cb/chats")]);
        assert_eq!(code(below), ("unauthorized_client", Some(Detail::InvalidRedirectUri)));
        assert_eq!(code(ask_in(profile, &client, &[])), ("granted", None));
    }
}

#[test]
fn a12_tokens_only_for_browser_applications_of_the_compatible_profile() {
    let token = [("response_type", "token")];
    let unsupported = ("unsupported_response_type", None);
    assert_eq!(code(ask(&public(), &token)), ("granted", None));
    assert_eq!(code(ask_in(Profile::Strict, &public(), &token)), unsupported);
    assert_eq!(code(ask(&RegisteredClient { strict: true, ..public() }, &token)), unsupported);
    assert_eq!(code(ask(&client(true, &[WEB]), &token)), unsupported);
    assert_eq!(code(ask(&RegisteredClient { confidential: true, ..public() }, &token)), unsupported);
    let own = [("response_type", "token"), ("redirect_uri", OWN)];
    assert_eq!(code(ask(&client(false, &[OWN]), &own)), unsupported);
    for odd in ["id_token", "code token", "Code", "none"] {
        assert_eq!(code(ask(&public(), &[("response_type", odd)])), unsupported, "{odd}");
    }
    for missing in ["-", ""] {
        assert_eq!(code(ask(&public(), &[("response_type", missing)])), ("invalid_request", None));
    }
}

#[test]
fn a4_a_client_without_a_secret_must_send_a_challenge() {
    for missing in ["-", ""] {
        for profile in [Profile::Compatible, Profile::Strict] {
            let without = [("code_challenge", missing)];
            assert_eq!(code(ask_in(profile, &public(), &without)), ("invalid_request", None));
            let confidential = ask_in(profile, &client(true, &[WEB]), &without);
            assert_eq!(confidential.map(|asked| asked.challenge), Ok(None));
        }
    }
}

#[test]
fn a5_which_challenges_a_client_may_send() {
    let plain = [("code_challenge", VERIFIER), ("code_challenge_method", "-")];
    let sdk = [("code_challenge", SDK)];
    let strict = RegisteredClient { strict: true, ..public() };
    let s256 = RegisteredClient { require_s256: true, ..public() };
    let own = client(false, &[OWN]);
    let outcome = |profile, client: &RegisteredClient, changes: &[(&str, &str)]| {
        let uri = client.redirect_uris[0].as_str();
        let changes: Vec<_> = changes.iter().copied().chain([("redirect_uri", uri)]).collect();
        code(ask_in(profile, client, &changes)).0
    };
    let rows: [(&str, Profile, &RegisteredClient, [bool; 3]); 5] = [
        ("compatible", Profile::Compatible, &public(), [true, true, true]),
        ("require_s256", Profile::Compatible, &s256, [false, true, true]),
        ("strict client", Profile::Compatible, &strict, [false, false, true]),
        ("strict profile", Profile::Strict, &public(), [false, false, true]),
        ("own scheme", Profile::Compatible, &own, [false, true, true]),
    ];
    for (name, profile, client, expected) in rows {
        let taken = [&plain[..], &sdk, &[]].map(|changes| outcome(profile, client, changes) == "granted");
        assert_eq!(taken, expected, "{name}: plain, the SDK's, RFC 7636's");
    }
    // A secret does not help where another application may have the same scheme.
    let confidential = client(true, &[OWN]);
    assert_eq!(outcome(Profile::Compatible, &confidential, &[("code_challenge", "-")]), "invalid_request");
    assert_eq!(outcome(Profile::Compatible, &confidential, &plain), "invalid_request");
    assert_eq!(outcome(Profile::Compatible, &confidential, &[]), "granted");
}

#[test]
fn scopes_are_a_subset_of_the_clients_own() {
    let asked = |scope: &str| {
        let asked = ask(&public(), &[("scope", scope)])?;
        Ok(asked.scopes.into_iter().map(|scope| scope.scope).collect::<Vec<_>>().join(" "))
    };
    let all = Ok("accounts--all:ro accounts--my:rw sessions--my:rw".to_owned());
    assert_eq!(asked("-"), all);
    assert_eq!(asked(""), all);
    for both in [
        "accounts--my:rw,sessions--my:rw",
        "sessions--my:rw accounts--my:rw",
        "sessions--my:rw,, accounts--my:rw,sessions--my:rw",
    ] {
        assert_eq!(asked(both), Ok("accounts--my:rw sessions--my:rw".to_owned()), "{both}");
    }
    for wrong in [
        "accounts--all:rw",
        "accounts--my:ro",
        "accounts--my:rw,reports_read",
        "x",
        ",",
        " ",
        "accounts--my:rw\u{0}",
        "<script>",
    ] {
        assert_eq!(asked(wrong), Err(OAuthRefusal::InvalidScope), "{wrong}");
    }
}

#[test]
fn what_only_this_service_knows_is_checked_last() {
    for (name, value) in [
        ("prompt", "login"),
        ("prompt", "none"),
        ("prompt", "consent login"),
        ("organization_id", "x"),
        ("organization_id", "0191c9a27b527a10b3c851d0e4f7a68b"),
        ("flow", "popup"),
    ] {
        assert_eq!(code(ask(&public(), &[(name, value)])), ("invalid_request", None), "{name}={value}");
    }
    let own = [("redirect_uri", OWN), ("flow", "button")];
    assert_eq!(code(ask(&client(false, &[OWN]), &own)), ("invalid_request", None), "a message needs an origin");
}

#[test]
fn a11_no_known_parameter_is_given_twice() {
    let known = [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "scope",
        "prompt",
        "code_challenge",
        "code_challenge_method",
        "organization_id",
        "email",
        "flow",
    ];
    for name in known {
        for values in [["a", "b"], ["a", "a"], ["a", ""], ["", ""]] {
            let twice = Parameters::read(pairs(&[(name, values[0]), ("x", "y"), (name, values[1])]));
            assert_eq!(code(twice), ("invalid_request", None), "{name} {values:?}");
        }
    }
    assert!(Parameters::read(pairs(&[("x", "a"), ("x", "b"), ("State", "a"), ("state", "b")])).is_ok());
}

#[test]
fn a10_state_is_kept_as_it_came() {
    let state = |value: &str| Parameters::read(pairs(&[("state", value)])).map(|parameters| parameters.state);
    for value in
        ["", " ", "a=b&c#d", "\r\nSet-Cookie: x", "<script>", "\u{17c}\u{f3}\u{142}w\0", &"x".repeat(MAX_STATE)]
    {
        assert_eq!(state(value), Ok(Some(value.to_owned())));
    }
    assert_eq!(Parameters::read(pairs(&[])).map(|parameters| parameters.state), Ok(None));
    assert!(state(&"x".repeat(MAX_STATE + 1)).is_err());
    assert!(state("a\u{fffd}").is_err(), "what was no UTF-8");
}

#[test]
fn oversized_parameters_are_refused() {
    let long = "x".repeat(10_000);
    for name in ["client_id", "redirect_uri", "scope", "code_challenge", "email", "flow", "organization_id", "prompt"] {
        assert!(Parameters::read(pairs(&[(name, &long)])).is_err(), "{name}");
    }
    assert!(Parameters::read(pairs(&[("utm_source", &long)])).is_ok());
}

proptest! {
    /// Whatever is asked for, nothing is granted beyond what is registered.
    #[test]
    fn no_request_gets_more_than_the_client_has(
        response_type in "code|token|x",
        uri in "https://app\\.example(/cb|/cb/x|/cbx|/)?|com\\.example\\.app:/cb",
        scope in "(accounts--my:rw|sessions--my:rw|accounts--all:rw|,| ){0,5}",
        challenge in "|[A-Za-z0-9_-]{40,50}",
        method in "|S256|plain|x",
        confidential: bool,
        strict: bool,
    ) {
        let client = RegisteredClient { strict, ..client(confidential, &[WEB, OWN]) };
        let changes = [
            ("response_type", response_type.as_str()), ("redirect_uri", &uri), ("scope", &scope),
            ("code_challenge", &challenge), ("code_challenge_method", &method),
        ];
        if let Ok(asked) = ask(&client, &changes) {
            let strictness = if strict { Strictness::Exact } else { Strictness::Prefix };
            prop_assert!(client.redirect_uris.iter().any(|own| RedirectUri::matches(own, &asked.redirect_uri, strictness)));
            prop_assert!(asked.scopes.iter().all(|scope| client.scopes.contains(scope)));
            prop_assert!(asked.response_type == ResponseType::Code || (!confidential && !strict && asked.redirect_uri.is_web()));
            let proved = confidential || asked.challenge.is_some() || asked.response_type == ResponseType::Token;
            prop_assert!(proved, "A4");
            if strict || !asked.redirect_uri.is_web() {
                prop_assert!(!matches!(asked.challenge, Some(Challenge::Plain(_))), "A5");
            }
        }
    }
}
