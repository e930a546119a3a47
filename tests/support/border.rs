//! What of a request reaches the core at the edge: no header field that `entry.js` does not name.

use axum::body::Body;
use http::{Method, Request};

const ENTRY: &str = include_str!("../../src/edge/entry.js");

/// The request as the core would see it on the platform.
pub fn crossed(mut request: Request<Body>) -> Request<Body> {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let api = request.uri().path().starts_with("/v2/");
    let names = request.headers().keys().cloned().collect::<Vec<_>>();
    for name in names {
        let crosses = names_after("const ALWAYS ").contains(&name.as_str())
            || !(reading && api) && names_after("const UNLESS_READING_THE_API ").contains(&name.as_str())
            || !reading && names_after("const UNLESS_READING ").contains(&name.as_str());
        if !crosses {
            request.headers_mut().remove(name);
        }
    }
    request
}

/// The quoted words of a list in `entry.js`.
fn names_after(list: &str) -> Vec<&'static str> {
    let text = ENTRY.split_once(list).expect("the list").1;
    let text = text.split_once("];").expect("its end").0;
    text.split('"').skip(1).step_by(2).collect()
}

/// What a constant of `entry.js` is set to.
pub fn constant(name: &str) -> &'static str {
    let text = ENTRY.split_once(&format!("const {name} = ")).expect("the constant").1;
    text.split_once(';').expect("its end").0
}
