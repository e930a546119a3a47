//! The floors of `make bench`: what a Rust Worker costs that does nothing of its own.
//!
//! - R, without features: fixed bytes through the raw response constructor.
//! - S, feature `stock`: an axum router with one route behind `worker`'s own conversions.
//! - feature `storage`: R after the storage calls in the variable `CALLS`.
//!
//! Each writes one log line, of the length of the service's own.

#[cfg(not(feature = "stock"))]
mod raw;
#[cfg(feature = "stock")]
mod stock;
#[cfg(feature = "storage")]
mod storage;

use std::sync::OnceLock;

use worker::Env;

/// A variable of the Worker, read once per isolate.
struct Text(OnceLock<String>);

impl Text {
    const fn new() -> Self {
        Self(OnceLock::new())
    }

    fn of(&self, env: &Env, name: &str) -> &str {
        self.0.get_or_init(|| env.var(name).map(|value| value.to_string()).unwrap_or_default())
    }
}

static ANSWER: Text = Text::new();
static LINE: Text = Text::new();

fn log(env: &Env) {
    worker::console_log!("{}", LINE.of(env, "LINE"));
}
