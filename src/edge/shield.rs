//! The shield port on the rate limiting bindings. A deployment without them has none.

use std::sync::Arc;

use worker::js_sys::Reflect;
use worker::send::IntoSendFuture as _;
use worker::{Env, Error};

use crate::authz::gate::Gate;
use crate::ports::{Pending, Shield, ShieldError};

pub(super) struct RateLimits(Arc<Env>);

impl RateLimits {
    pub(super) fn new(env: Arc<Env>) -> Self {
        Self(env)
    }

    async fn ask(&self, gate: Gate, source: &str) -> Result<bool, ShieldError> {
        let name = match gate {
            Gate::People => "SHIELD",
            Gate::Applications => "SHIELD_APPLICATIONS",
            Gate::Visits => "SHIELD_VISITS",
        };
        if !Reflect::get(&self.0, &name.into()).is_ok_and(|binding| binding.is_object()) {
            return Ok(true);
        }
        let failed = |error: Error| ShieldError(error.to_string());
        let limiter = self.0.rate_limiter(name).map_err(failed)?;
        limiter.limit(source.to_owned()).await.map(|outcome| outcome.success).map_err(failed)
    }
}

impl Shield for RateLimits {
    fn admits<'a>(&'a self, gate: Gate, source: &'a str) -> Pending<'a, Result<bool, ShieldError>> {
        Box::pin(self.ask(gate, source).into_send())
    }
}
