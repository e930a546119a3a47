//! Applications that ask, and people who answer them in browsers.

use base64::Engine as _;
use http::{Method, StatusCode};
use serde_json::Value;

use super::browser::Browser;
use super::cast::Cast;
use super::client::{Answer, World};
use super::oauth::{CHALLENGE, REDIRECT_URI, SECRET, VERIFIER};

/// A browser application of the cast's organization, for its members.
pub const PRIVATE: &str = "0123456789abcdef0123456789abcda0";
/// A browser application of another organization, for anybody.
pub const PUBLIC: &str = "0123456789abcdef0123456789abcda1";
/// A server application of the cast's organization, with a secret, for its members.
pub const CONFIDENTIAL: &str = "0123456789abcdef0123456789abcda2";
/// The product client of LiveChat.
pub const LIVECHAT: &str = "1887ed48fa338511da234a28cd8b750a";
/// Where it is answered.
pub const LIVECHAT_URI: &str = "https://livechat.example/";
/// Everybody's.
pub const PASSWORD: &str = "BG0SaleEBL";

/// An organization with its people, and applications that they use.
pub struct Stage {
    pub cast: Cast,
    pub world: World,
    /// Of [`PUBLIC`].
    pub vendor: String,
}

impl Default for Stage {
    fn default() -> Self {
        Self::of(World::default())
    }
}

impl Stage {
    pub fn of(world: World) -> Self {
        let cast = Cast::of(world.clone(), "owner@example.com");
        let (_, vendor) = world.sign_up("vendor@example.com");
        let vendor = vendor["organization"]["organization_id"].as_str().expect("an id").to_owned();
        world.asks(PRIVATE, &cast.organization, "private", None);
        world.asks(PUBLIC, &vendor, "public", None);
        world.asks(CONFIDENTIAL, &cast.organization, "private", Some(SECRET));
        Self { cast, world, vendor }
    }

    /// The same people in a deployment of the strict profile.
    pub fn strict() -> Self {
        let stage = Self::default();
        stage.world.database.execute("UPDATE account SET email_verified = 1");
        Self { world: stage.world.reconfigured(&[("PROFILE", "strict")]), ..stage }
    }

    /// The owner's browser, signed in.
    pub fn owner(&self) -> Browser {
        self.world.browser_of(&self.cast.owner.id, &self.cast.organization)
    }

    /// The member's browser, signed in.
    pub fn member(&self) -> Browser {
        self.world.browser_of(&self.cast.member.id, &self.cast.organization)
    }

    /// A second organization of the owner, whose id sorts behind the first; gives its id.
    pub fn second(&self, name: &str) -> String {
        self.organization_of(&self.cast.owner.id, name)
    }

    /// A further organization of an account; gives its id.
    pub fn organization_of(&self, account: &str, name: &str) -> String {
        self.world.clock.advance(std::time::Duration::from_millis(1)); // ids in this order
        let (_, created) = self.world.sign_up(&format!("{}@elsewhere.example", self.world.rows("organization")));
        let organization = created["organization"]["organization_id"].as_str().expect("an id").to_owned();
        self.world.join(account, &organization, super::cast::MEMBER);
        self.world
            .database
            .execute(&format!("UPDATE organization SET name = '{name}' WHERE organization_id = '{organization}'"));
        organization
    }

    /// A product of an organization in a state.
    pub fn enable(&self, organization: &str, product: &str, state: &str) {
        self.world.database.execute(&format!(
            "INSERT INTO organization_product (organization_id, product, state, created_at)
             VALUES ('{organization}', '{product}', '{state}', 0)
             ON CONFLICT DO UPDATE SET state = excluded.state"
        ));
    }
}

impl World {
    /// A client with one redirect URI that asks for `accounts--my:ro`, and for `organization--my:rw` where it can have it.
    pub fn asks(&self, client: &str, organization: &str, visibility: &str, secret: Option<&str>) {
        self.application(client, organization, secret);
        self.database.execute(&format!("UPDATE client SET visibility = '{visibility}' WHERE client_id = '{client}'"));
        self.redirects_to(client, &[REDIRECT_URI]);
        for (scope, required) in [("accounts--my:ro", 1), ("organization--my:rw", 0)] {
            self.database.execute(&format!("INSERT INTO client_scope VALUES ('{client}', '{scope}', {required})"));
        }
    }

    /// Registers these redirect URIs and no others.
    pub fn redirects_to(&self, client: &str, uris: &[&str]) {
        self.database.execute(&format!("DELETE FROM client_redirect_uri WHERE client_id = '{client}'"));
        for (position, uri) in uris.iter().enumerate() {
            let row = format!("INSERT INTO client_redirect_uri VALUES ('{client}', {position}, '{uri}')");
            self.database.execute(&row);
        }
    }

    /// The exchange of a code by a public client that kept [`VERIFIER`].
    pub fn exchange_code(&self, client: &str, code: &str, redirect_uri: &str) -> Answer {
        let body = serde_json::json!({
            "grant_type": "authorization_code", "client_id": client, "code": code, "redirect_uri": redirect_uri,
            "code_verifier": VERIFIER,
        });
        self.ask_token(Some("application/json"), None, "/v2/token", &body.to_string())
    }

    /// How often a password was hashed by this isolate (row P8).
    pub fn isolate_hashes(&self) -> u64 {
        self.app().hasher().computed()
    }

    /// How many answers applications were given: codes and tokens of clients.
    pub fn answers(&self) -> i64 {
        self.rows("authorization_code") + self.rows("access_token WHERE client_id IS NOT NULL")
    }
}

/// A request for a code, with PKCE and a state.
pub fn code_request(client: &str) -> Vec<(&str, &str)> {
    vec![
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", uri_of(client)),
        ("state", "st"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

/// A request for a token, with a state.
pub fn token_request(client: &str) -> Vec<(&str, &str)> {
    vec![("response_type", "token"), ("client_id", client), ("redirect_uri", uri_of(client)), ("state", "st")]
}

fn uri_of(client: &str) -> &'static str {
    if client == LIVECHAT { LIVECHAT_URI } else { REDIRECT_URI }
}

/// The same with a parameter set anew, or (`None`) left out.
pub fn but<'a>(mut request: Vec<(&'a str, &'a str)>, name: &'a str, value: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    request.retain(|(key, _)| *key != name);
    request.extend(value.map(|value| (name, value)));
    request
}

/// `path?..`
pub fn url(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    format!("{path}?{}", query.finish())
}

impl Browser {
    /// An application sends the browser here.
    pub fn ask(&self, pairs: &[(&str, &str)]) -> Answer {
        self.get(&url("/", pairs))
    }

    /// The same inside a page of the application.
    pub fn ask_framed(&self, pairs: &[(&str, &str)]) -> Answer {
        self.request(Method::GET, &url("/", pairs), &[("sec-fetch-dest", "iframe")], "")
    }

    /// The same in a window that the application opened.
    pub fn ask_popup(&self, pairs: &[(&str, &str)]) -> Answer {
        self.request(Method::GET, &url("/", pairs), &[("sec-fetch-dest", "document")], "")
    }

    /// Fills the sign-in form of the page that was seen last.
    pub fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/signin", &[("email", email), ("password", password)])
    }

    /// Goes where a redirect of this service leads.
    pub fn follow(&self, answer: &Answer) -> Answer {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "A13 {}", answer.text);
        let location = answer.header("location");
        assert!(location.starts_with('/'), "a path of ours: {location}");
        self.get(location)
    }
}

/// A 303 to the application; gives its parameters, wherever they stand.
pub fn given(answer: &Answer, redirect_uri: &str) -> Vec<(String, String)> {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "A13 {}", answer.text);
    assert_eq!((answer.header("cache-control"), answer.text.as_str()), ("no-store", ""));
    let rest = answer.header("location").strip_prefix(redirect_uri);
    let rest = rest.unwrap_or_else(|| panic!("leads to {}", answer.header("location")));
    form_urlencoded::parse(&rest.as_bytes()[1..]).into_owned().collect()
}

/// One parameter of [`given`].
pub fn parameter(pairs: &[(String, String)], name: &str) -> String {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The code in a redirect to [`REDIRECT_URI`].
pub fn code_of(answer: &Answer) -> String {
    let code = parameter(&given(answer, REDIRECT_URI), "code");
    assert!(code.starts_with("dal:"), "{code}");
    code
}

/// What the message page hands over, and to which origin, and to which window.
pub fn message(answer: &Answer) -> (Value, String, String) {
    assert_eq!(answer.status, StatusCode::OK, "{} {}", answer.header("location"), answer.text);
    assert!(!answer.text.contains("<form") && !answer.text.contains("<input"), "never a form: {}", answer.text);
    let attribute = |name: &str| {
        let (_, rest) = answer.text.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("{}", answer.text));
        unescaped(rest.split_once('"').expect("an end").0)
    };
    let payload = attribute("data-message");
    let payload = serde_json::from_str(&payload).unwrap_or_else(|error| panic!("{error}: {payload}"));
    (payload, attribute("data-origin"), attribute("data-target"))
}

fn unescaped(text: &str) -> String {
    let marks = [("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&lt;", "<")];
    let text = marks.into_iter().fold(text.to_owned(), |text, (name, mark)| text.replace(name, mark));
    text.replace("&gt;", ">").replace("&#38;", "&").replace("&amp;", "&")
}

/// The page's title, to know a screen by.
pub fn title(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{} {}", answer.header("location"), answer.text);
    let (_, rest) = answer.text.split_once("<h1").expect("a heading");
    let (_, rest) = rest.split_once('>').expect("a heading");
    unescaped(rest.split_once("</h1>").expect("a heading").0)
}

/// A refusal: told here, nothing sent to the application.
pub fn to_ooops(answer: &Answer, exception: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{exception}: {}", answer.text);
    assert_eq!(answer.header("location"), format!("/ooops?oauth_exception={exception}"));
    assert!(!answer.headers.contains_key("set-cookie"), "{exception}");
}

/// The name of the kept request in the addresses of the page that was seen last.
pub fn handle(page: &str) -> String {
    let (_, rest) = page.split_once("request=").unwrap_or_else(|| panic!("no request in {page}"));
    rest.split(['"', '&']).next().expect("a value").to_owned()
}

/// A token's text without its region and its tag: what a dump must not contain.
pub fn body_of(token: &str) -> &str {
    let body = token.split_once(':').map_or(token, |(_, body)| body);
    assert!(base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body).is_ok(), "{token}");
    body
}
