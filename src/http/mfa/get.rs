//! `GET /v2/accounts/me/mfa`

use axum::response::Response;
use serde::Serialize;

use crate::domain::time::Timestamp;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::second_factor::get::get;

#[derive(Serialize)]
struct Body {
    enabled: bool,
    totp: Option<Totp>,
    passkeys: u64,
    recovery_codes: u64,
    required_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Totp {
    confirmed_at: Timestamp,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let row = get(&call.app, &call.caller()?).await?;
    answer::ok(&Body {
        enabled: row.enabled,
        totp: row.totp_since.map(|at| Totp { confirmed_at: at }),
        passkeys: row.passkeys,
        recovery_codes: row.recovery_codes,
        required_at: row.required_at,
    })
}
