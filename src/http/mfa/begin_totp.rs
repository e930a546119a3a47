//! `POST /v2/accounts/me/mfa/totp`

use axum::response::Response;
use serde::Serialize;

use crate::http::answer;
use crate::http::call::Call;
use crate::http::proof::Proof;
use crate::usecase::Failure;
use crate::usecase::second_factor::begin_totp::begin_totp;

/// The only answer that holds the secret.
#[derive(Serialize)]
struct Body {
    secret: String,
    uri: String,
    qr: String,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let mut fields = call.optional_fields()?;
    let proof = Proof::read(&mut fields);
    let proof = fields.finish(Some(proof))?;
    let enrolment = begin_totp(&call.app, &caller, proof.presented()).await?;
    let body = Body { secret: enrolment.secret, uri: enrolment.uri, qr: enrolment.qr };
    answer::ok(&body).map(answer::never_stored)
}
