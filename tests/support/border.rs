//! What of a request reaches the core at the edge: no header field that `entry.js` does not name.

use axum::body::Body;
use http::{Method, Request};

const ENTRY: &str = include_str!("../../src/edge/entry.js");

/// The request as the core would see it on the platform.
pub fn crossed(mut request: Request<Body>) -> Request<Body> {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let api = request.uri().path().starts_with("/v2/");
    let crossing = match (api, reading) {
        (true, true) => names_of("OF_API_READS"),
        (true, false) => names_of("OF_API_CHANGES"),
        (false, _) => names_of("OF_ALL_ELSE"),
    };
    let names = request.headers().keys().cloned().collect::<Vec<_>>();
    for name in names.iter().filter(|name| !crossing.contains(&name.as_str())) {
        request.headers_mut().remove(name);
    }
    request
}

/// The quoted words of a list in `entry.js`, and of the list that it begins with.
fn names_of(list: &str) -> Vec<&'static str> {
    let text = ENTRY.split_once(&format!("const {list} = [")).expect("the list").1;
    let text = text.split_once("];").expect("its end").0;
    let before = text.trim_start().strip_prefix("...").and_then(|rest| rest.split_once(','));
    let words = text.split('"').skip(1).step_by(2);
    before.map(|(name, _)| names_of(name)).unwrap_or_default().into_iter().chain(words).collect()
}

/// What a constant of `entry.js` is set to.
pub fn constant(name: &str) -> &'static str {
    let text = ENTRY.split_once(&format!("const {name} = ")).expect("the constant").1;
    text.split_once(';').expect("its end").0
}
