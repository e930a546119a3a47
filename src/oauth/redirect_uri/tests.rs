use proptest::prelude::*;

use super::{InvalidRedirectUri as Invalid, MAX_LENGTH, RESERVED, RedirectUri, Strictness};

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

fn matches(registered: &str, requested: &str, strictness: Strictness) -> bool {
    let parse = |text: &str| RedirectUri::parse(text).unwrap_or_else(|reason| panic!("{text}: {reason}"));
    // What does not parse is refused before it is compared.
    match RedirectUri::parse(requested) {
        Ok(requested) => RedirectUri::matches(&parse(registered), &requested, strictness),
        Err(_) => false,
    }
}

/// The examples of the API, section 2.3, with both ways of writing the base.
#[test]
fn a1_the_apis_examples() {
    let cases = [
        ("https://example.com", "https://example.com", true),
        ("https://example.com", "https://example.com/", true),
        ("https://example.com/", "https://example.com", true),
        ("https://example.com", "https://example.com/archives", true),
        ("https://example.com/", "https://example.com/archives", true),
        ("https://example.com", "https://example.com/archives/../", false),
        ("https://example.com/archives", "https://example.com/archives/../", false),
        ("https://example.com/archives", "https://example.com", false),
        ("https://example.com/archives", "https://example.com/", false),
        ("https://example.com/archives", "https://example.com/archives/chats", true),
        ("https://example.com", "https://example.com:8443", false),
        ("https://example.com:8443", "https://example.com", false),
        ("http://localhost", "https://localhost", false),
        ("https://localhost", "http://localhost", false),
    ];
    for (registered, requested, expected) in cases {
        assert_eq!(matches(registered, requested, Strictness::Prefix), expected, "{registered} for {requested}");
    }
}

#[test]
fn a1_a_path_goes_on_only_at_a_segment_boundary() {
    let registered = "https://example.com/cb";
    for (requested, expected) in [
        ("https://example.com/cb", true),
        ("https://EXAMPLE.com:443/cb", true),
        ("https://example.com/cb/", true),
        ("https://example.com/cb/x", true),
        ("https://example.com/cbx", false),
        ("https://example.com/cb.evil", false),
        ("https://example.com/cb%20", false),
        ("https://example.com/CB", false),
        ("https://example.com/c", false),
        ("https://example.com/x/cb", false),
        ("https://example.com.evil.example/cb", false),
        ("https://evil.example/cb", false),
        ("https://sub.example.com/cb", false),
        ("https://example.com/cb?x", false),
        ("https://example.com/cb#x", false),
        ("https://x@example.com/cb", false),
        ("https://example.com/cb//x", false),
        ("https://example.com/cb/%2e%2e/x", false),
        ("https://example.com/cb\\x", false),
    ] {
        assert_eq!(matches(registered, requested, Strictness::Prefix), expected, "{requested}");
    }
    let with_slash = "https://example.com/cb/";
    assert!(matches(with_slash, "https://example.com/cb/x", Strictness::Prefix));
    assert!(!matches(with_slash, "https://example.com/cb", Strictness::Prefix));
    // The host ends where the path begins, also when none is registered.
    assert!(!matches("https://example.com", "https://example.com.evil.example/", Strictness::Prefix));
    assert!(!matches("https://example.com", "https://example.community/", Strictness::Prefix));
    assert!(!matches("https://example.com:80", "https://example.com:8080/", Strictness::Prefix));
}

#[test]
fn a1_strict_and_own_schemes_are_compared_whole() {
    assert!(matches("https://example.com/cb", "https://EXAMPLE.com/cb", Strictness::Exact));
    assert!(!matches("https://example.com/cb", "https://example.com/cb/", Strictness::Exact));
    assert!(!matches("https://example.com/cb", "https://example.com/cb/x", Strictness::Exact));
    for strictness in [Strictness::Prefix, Strictness::Exact] {
        assert!(matches("com.example.app:/cb", "com.example.app:/cb", strictness));
        assert!(!matches("com.example.app:/cb", "com.example.app:/cb/x", strictness));
        assert!(!matches("com.example.app://host", "com.example.app://host/x", strictness));
        assert!(!matches("com.example.app:/cb", "com.example.app2:/cb", strictness));
    }
}

#[test]
fn origins_and_sources() {
    let parts = |text: &str| {
        let uri = RedirectUri::parse(text).unwrap_or_else(|reason| panic!("{text}: {reason}"));
        (uri.origin().map(str::to_owned), uri.form_action_source().to_owned(), uri.as_visited())
    };
    let web = |origin: &str, visited: &str| (Some(origin.to_owned()), origin.to_owned(), visited.to_owned());
    assert_eq!(parts("https://example.com"), web("https://example.com", "https://example.com/"));
    assert_eq!(parts("https://example.com/a/b"), web("https://example.com", "https://example.com/a/b"));
    assert_eq!(parts("http://localhost:80/"), web("http://localhost", "http://localhost/"));
    assert_eq!(parts("http://localhost:4173/x"), web("http://localhost:4173", "http://localhost:4173/x"));
    let ipv6 = (Some("http://[::1]:3000".to_owned()), "http:".to_owned(), "http://[::1]:3000/cb".to_owned());
    assert_eq!(parts("http://[::1]:3000/cb"), ipv6);
    for text in ["com.example.app:/cb", "com.example.app://host/cb", "com.example.app:cb"] {
        assert_eq!(parts(text), (None, "com.example.app:".to_owned(), text.to_owned()));
    }
}

proptest! {
    #[test]
    fn a1_whatever_matches_has_the_same_origin_and_begins_with_the_path(
        registered in "(https://(a|b)\\.example(:8443)?|http://localhost|app:)(/[ab]{0,2}){0,3}",
        requested in "(https://(a|b)\\.example(:8443)?|http://localhost|app:)(/[ab.%2e]{0,3}){0,4}",
    ) {
        if let (Ok(registered), Ok(requested)) = (RedirectUri::parse(&registered), RedirectUri::parse(&requested)) {
            let exact = RedirectUri::matches(&registered, &requested, Strictness::Exact);
            let prefix = RedirectUri::matches(&registered, &requested, Strictness::Prefix);
            prop_assert!(prefix || !exact);
            if prefix {
                prop_assert_eq!(registered.origin(), requested.origin());
                let (whole, begin) = (requested.as_visited(), registered.as_visited());
                let rest = whole.strip_prefix(&begin);
                prop_assert!(rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || begin.ends_with('/')));
            }
        }
    }
}
