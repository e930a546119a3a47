//! A browser: it keeps cookies, follows its own pages' forms, and says where it comes from.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use global_accounts::domain::id::OrganizationId;
use global_accounts::oauth::digest::Digest;
use global_accounts::oauth::envelope::Kind;
use global_accounts::ports::Clock as _;
use global_accounts::store::browser_sessions;
use http::{Method, Request};

use super::client::{Answer, World};

/// The origin of the service, as its browsers see it.
pub const ORIGIN: &str = "http://localhost";
/// Cookie of the sign-in.
pub const SESSION: &str = "__Host-session";
/// Cookie of the sign-in within other sites' pages.
pub const EMBEDDED: &str = "__Host-embedded";

/// Clones are windows of the same browser: they share cookies and the page that was seen last.
#[derive(Clone)]
pub struct Browser {
    pub world: World,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    page: Arc<Mutex<String>>,
}

impl World {
    /// One that nobody has used yet.
    pub fn browser(&self) -> Browser {
        Browser { world: self.clone(), cookies: Arc::default(), page: Arc::default() }
    }

    /// One in which this account is signed in, without the sign-in's own endpoints; its pages act in `organization`.
    pub fn browser_of(&self, account: &str, organization: &str) -> Browser {
        let browser = self.browser();
        browser.sign_in_as(account, organization);
        browser
    }
}

impl Browser {
    /// Plants a sign-in, whose pages act in `organization`, and gives its session's id.
    pub fn sign_in_as(&self, account: &str, organization: &str) -> String {
        let session_id = self.sign_in_nowhere(account);
        let organization: OrganizationId = organization.parse().expect("an id");
        let act_in = browser_sessions::act_in(&self.session_digest(), Some(organization));
        let rows = futures_executor::block_on(self.world.app().batch(&[act_in])).expect("a batch");
        assert_eq!(rows[0].changes(), 1, "a member");
        session_id
    }

    /// Plants a sign-in of somebody who is suspended wherever they belong, and gives its session's id.
    pub fn sign_in_nowhere(&self, account: &str) -> String {
        let (app, now, lives) = (self.world.app(), self.world.clock.now(), self.world.isolate.config.lifetimes);
        let session_id = app.request_id().to_string();
        let mint = || app.mint(Kind::Session, Some(now.plus(lives.session))).expect("randomness");
        let (page, embedded) = (mint(), mint());
        let planted = self.world.database.raw().execute(
            "INSERT INTO session (session_id, account_id, account_epoch, cookie_digest, embedded_digest,
               identity_source, user_agent, ip, authenticated_at, created_at, seen_at, idle_expires_at, expires_at)
             SELECT ?1, account_id, token_epoch, ?3, ?4, 'credentials', 'test/1', '192.0.2.1', ?5, ?5, ?5, ?6, ?7
             FROM account WHERE account_id = ?2",
            (
                &session_id,
                account,
                page.digest.as_str(),
                embedded.digest.as_str(),
                now.millis(),
                now.plus(lives.session_idle).millis(),
                now.plus(lives.session).millis(),
            ),
        );
        assert_eq!(planted, Ok(1), "an account");
        self.set_cookie(SESSION, &page.text);
        self.set_cookie(EMBEDDED, &embedded.text);
        session_id
    }

    /// Another browser with the same cookies and the same page.
    pub fn copy(&self) -> Self {
        let copied = |text: &str| Arc::new(Mutex::new(text.to_owned()));
        let cookies = self.cookies.lock().expect("lock").clone();
        Self { world: self.world.clone(), cookies: Arc::new(Mutex::new(cookies)), page: copied(&self.page()) }
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("lock").get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().expect("lock").insert(name.to_owned(), value.to_owned());
    }

    pub fn remove_cookie(&self, name: &str) {
        self.cookies.lock().expect("lock").remove(name);
    }

    /// The key of the signed-in session's row.
    pub fn session_digest(&self) -> Digest {
        let text = self.cookie(SESSION).expect("signed in");
        self.world.app().open(Kind::Session, &text).expect("genuine").digest
    }

    /// Follows a link or types an address.
    pub fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path, &[], "")
    }

    /// Sends a form of the page that was seen last.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.form();
        let all: Vec<_> = [("form", form.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.post_as(path, Some(ORIGIN), &all)
    }

    /// Sends exactly these fields from a page of `origin`; `None`: the browser does not say.
    pub fn post_as(&self, path: &str, origin: Option<&str>, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let headers = [("content-type", Some("application/x-www-form-urlencoded")), ("origin", origin)];
        let headers: Vec<_> = headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        self.request(Method::POST, path, &headers, &body.finish())
    }

    /// Any request, with this browser's cookies. What comes back is the page that was seen last, unless it has no text.
    pub fn request(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.request_with(method, path, headers, body.as_bytes().to_vec())
    }

    /// Sends a form with a file and this hidden field.
    pub fn upload(&self, path: &str, form: &str, file: &[u8]) -> Answer {
        let part = |head: &str, bytes: &[u8]| {
            let head = format!("--frontier\r\nContent-Disposition: form-data; {head}\r\n\r\n");
            [head.as_bytes(), bytes, b"\r\n"].concat()
        };
        let texts = part("name=\"form\"", form.as_bytes());
        let file = part("name=\"avatar\"; filename=\"me.png\"\r\nContent-Type: image/png", file);
        let body = [texts, file, b"--frontier--\r\n".to_vec()].concat();
        let headers = [("content-type", "multipart/form-data; boundary=frontier"), ("origin", ORIGIN)];
        self.request_with(Method::POST, path, &headers, body)
    }

    fn request_with(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{ORIGIN}{path}"));
        let cookies: Vec<String> =
            self.cookies.lock().expect("lock").iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = self.world.send(request.body(Body::from(body)).expect("a request"));
        for cookie in answer.headers.get_all("set-cookie") {
            self.keep(cookie.to_str().expect("ASCII"));
        }
        if !answer.text.is_empty() {
            answer.text.clone_into(&mut self.page.lock().expect("lock"));
        }
        answer
    }

    /// The text of the page that was seen last.
    pub fn page(&self) -> String {
        self.page.lock().expect("lock").clone()
    }

    /// The hidden field of the page that was seen last.
    pub fn form(&self) -> String {
        hidden(&self.page(), "form").unwrap_or_else(|| panic!("no form in {}", self.page()))
    }

    /// What a browser demands of a cookie whose name begins with `__Host-`, and this service of all of them (row S1).
    fn keep(&self, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        let attributes: Vec<&str> = parts.collect();
        let same_site = if name == EMBEDDED { "SameSite=None" } else { "SameSite=Lax" };
        assert!(name.starts_with("__Host-"), "S1 {cookie}");
        for attribute in ["Path=/", "Secure", "HttpOnly", same_site] {
            assert!(attributes.contains(&attribute), "S1 {attribute}: {cookie}");
        }
        assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")), "S1 {cookie}");
        let age = attributes.iter().find_map(|attribute| attribute.strip_prefix("Max-Age=")).expect("an age");
        match age {
            "0" => self.remove_cookie(name),
            _ => self.set_cookie(name, value),
        }
    }
}

/// The value of the first hidden field of that name in a page.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    let inputs = page.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let attribute = |input: &str, key: &str| -> Option<String> {
        Some(input.split_once(&format!(" {key}=\""))?.1.split_once('"')?.0.to_owned())
    };
    inputs.filter(|input| attribute(input, "name").as_deref() == Some(name)).find_map(|input| attribute(input, "value"))
}
