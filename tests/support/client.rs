//! A service in memory, and one client per kind of caller.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use base64::Engine as _;
use global_accounts::app::{App, Isolate, Ports, StorageCalls};
use global_accounts::config::Config;
use global_accounts::domain::origin::Origin;
use global_accounts::http::Service;
use http::{Method, Request, StatusCode};
use serde_json::Value;

use super::border;
use super::cache::MemoryCache;
use super::ports::{AfterAnswer, Elsewhere, FixedClock, MemoryLog, MemoryMailer, MemoryShield, SeededEntropy};
use super::sqlite::Sqlite;

/// Secrets of the tests; not those of any deployment.
pub const MASTER_SECRET: &str = "0:bWFzdGVyLXNlY3JldC1vZi10aGUtdGVzdHMtMDAwMDA";
pub const PEPPER: &str = "0:cGVwcGVyLW9mLXRoZS10ZXN0cy0wMDAwMDAwMDAwMDA";

/// The whole service in memory.
#[derive(Clone)]
pub struct World {
    pub database: Sqlite,
    pub cache: MemoryCache,
    pub clock: FixedClock,
    pub entropy: SeededEntropy,
    pub mailer: MemoryMailer,
    pub outbound: Elsewhere,
    pub shield: MemoryShield,
    pub log: MemoryLog,
    pub background: AfterAnswer,
    pub isolate: Arc<Isolate>,
    service: Arc<Service>,
    heard: Arc<Mutex<Option<Vec<Heard>>>>,
    ip: Arc<Mutex<String>>,
}

/// A request and its answer, word for word.
#[derive(Clone, Debug)]
pub struct Heard {
    pub method: Method,
    pub uri: http::Uri,
    pub headers: http::HeaderMap,
    pub body: String,
    pub status: StatusCode,
    pub answer_headers: http::HeaderMap,
    pub answer: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub text: String,
    /// Storage calls of this request.
    pub calls: StorageCalls,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

impl Default for World {
    fn default() -> Self {
        Self::with(&[])
    }
}

impl World {
    /// With settings of its own.
    pub fn with(settings: &[(&str, &str)]) -> Self {
        let find = |name: &str| {
            let given = settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            given.or_else(|| match name {
                "MASTER_SECRET" => Some(MASTER_SECRET.to_owned()),
                "PASSWORD_PEPPER" => Some(PEPPER.to_owned()),
                _ => None,
            })
        };
        let config = Config::read(find).unwrap_or_else(|problems| panic!("{problems:?}"));
        let clock = FixedClock::default();
        Self {
            database: Sqlite::default(),
            cache: MemoryCache::on(&clock),
            clock,
            entropy: SeededEntropy::default(),
            mailer: MemoryMailer::default(),
            outbound: Elsewhere::default(),
            shield: MemoryShield::default(),
            log: MemoryLog::default(),
            background: AfterAnswer::default(),
            isolate: Arc::new(Isolate::new(config)),
            service: Arc::new(Service::default()),
            heard: Arc::default(),
            ip: Arc::new(Mutex::new("192.0.2.1".to_owned())),
        }
    }

    /// The same storage under other settings: another deployment's view, or the next one after a rotation.
    pub fn reconfigured(&self, settings: &[(&str, &str)]) -> Self {
        Self { isolate: Self::with(settings).isolate, ..self.clone() }
    }

    /// The address from which the next requests come.
    pub fn come_from(&self, ip: &str) {
        ip.clone_into(&mut self.ip.lock().expect("lock"));
    }

    /// This request's view, for tests that go below HTTP.
    pub fn app(&self) -> App {
        let ports = Ports {
            database: Box::new(self.database.clone()),
            cache: Arc::new(self.cache.clone()),
            clock: Box::new(self.clock.clone()),
            entropy: Box::new(self.entropy.clone()),
            mailer: Box::new(self.mailer.clone()),
            outbound: Box::new(self.outbound.clone()),
            shield: Box::new(self.shield.clone()),
            background: Box::new(self.background.clone()),
            log: Box::new(self.log.clone()),
        };
        let origin = Origin { ip: self.ip.lock().expect("lock").clone(), user_agent: "test/1".into() };
        App::new(Arc::clone(&self.isolate), ports, origin).expect("randomness")
    }

    /// Remembers every request and answer from now on; gives what was heard before.
    pub fn listen(&self) -> Vec<Heard> {
        self.heard.lock().expect("lock").replace(Vec::new()).unwrap_or_default()
    }

    /// Sends a request through the router.
    pub fn send(&self, request: Request<Body>) -> Answer {
        let listens = self.heard.lock().expect("lock").is_some();
        match listens {
            false => self.pass(request),
            true => {
                let (parts, body) = request.into_parts();
                let body = futures_executor::block_on(axum::body::to_bytes(body, usize::MAX)).expect("a body");
                let again = Request::from_parts(parts.clone(), Body::from(body.clone()));
                let answer = self.pass(again);
                let heard = Heard {
                    method: parts.method,
                    uri: parts.uri,
                    headers: parts.headers,
                    body: String::from_utf8_lossy(&body).into_owned(),
                    status: answer.status,
                    answer_headers: answer.headers.clone(),
                    answer: answer.text.clone(),
                };
                self.heard.lock().expect("lock").as_mut().expect("listening").push(heard);
                answer
            }
        }
    }

    fn pass(&self, request: Request<Body>) -> Answer {
        let request = border::crossed(request);
        let app = self.app();
        let response = self.clock.run(self.service.call(app.clone(), request));
        let (parts, body) = response.into_parts();
        let bytes = futures_executor::block_on(axum::body::to_bytes(body, usize::MAX)).expect("a body");
        self.background.finish();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).expect("UTF-8"),
            calls: app.storage_calls(),
        }
    }

    /// As [`Self::send`], for an answer that is no text.
    pub fn send_for_bytes(&self, request: Request<Body>) -> (http::HeaderMap, Vec<u8>) {
        let (parts, body) = self.clock.run(self.service.call(self.app(), border::crossed(request))).into_parts();
        let bytes = futures_executor::block_on(axum::body::to_bytes(body, usize::MAX)).expect("a body");
        (parts.headers, bytes.to_vec())
    }

    /// Sends a request with exactly these headers, in this order.
    pub fn with_headers(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(body.into()).expect("a request"))
    }

    /// Nobody.
    pub fn anonymous(&self) -> Client {
        Client { world: self.clone(), authorization: None }
    }

    /// The bearer of a token.
    pub fn bearer(&self, token: &str) -> Client {
        Client { world: self.clone(), authorization: Some(format!("Bearer {token}")) }
    }

    /// The owner of a personal token.
    pub fn basic(&self, account: &str, token: &str) -> Client {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{account}:{token}"));
        Client { world: self.clone(), authorization: Some(format!("Basic {pair}")) }
    }

    /// Signs up and gives the new owner with the answer's body.
    pub fn sign_up(&self, email: &str) -> (Client, Value) {
        let body = serde_json::json!({
            "email": email,
            "password": "BG0SaleEBL",
            "organization": {"name": "Acme", "company": {"phone": "+48 123 456 789", "website": "example.com"}},
        });
        let answer = self.anonymous().post("/v2/organizations", &body);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let body = answer.json();
        (self.bearer(body["access_token"].as_str().expect("a token")), body)
    }

    /// Storage calls as the adapters saw them: of the database, of the cache.
    pub fn touched(&self) -> (u32, u32) {
        (self.database.batches(), self.cache.calls())
    }

    /// Every line of the log.
    pub fn lines(&self) -> Vec<String> {
        self.log.0.lock().expect("lock").clone()
    }

    /// The last line of the log.
    pub fn last_line(&self) -> Value {
        let lines = self.log.0.lock().expect("lock");
        serde_json::from_str(lines.last().expect("a line")).expect("JSON")
    }
}

/// One kind of caller.
#[derive(Clone)]
pub struct Client {
    pub world: World,
    pub authorization: Option<String>,
}

impl Client {
    /// The Authorization header.
    pub fn authorization(&self) -> &str {
        self.authorization.as_deref().expect("a credential")
    }

    /// The token itself, for a Bearer.
    pub fn token(&self) -> &str {
        self.authorization.as_deref().and_then(|header| header.strip_prefix("Bearer ")).expect("a bearer")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty())
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Body::empty())
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Body::from(body.to_string()))
    }

    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Body::from(body.to_string()))
    }

    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Body::from(body.to_string()))
    }

    pub fn send(&self, method: Method, path: &str, body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        self.world.send(request.body(body).expect("a request"))
    }
}
