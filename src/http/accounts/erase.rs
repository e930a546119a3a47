//! `POST /v2/accounts/me/erasure`

use axum::response::Response;

use crate::domain::email::Email;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::http::proof::Proof;
use crate::usecase::Failure;
use crate::usecase::accounts::erase::erase;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (email, proof) = read(call.fields()?)?;
    erase(&call.app, &caller, &email, proof.presented()).await?;
    Ok(answer::empty())
}

fn read(mut fields: Fields) -> Result<(Email, Proof), Failure> {
    let email = fields.required_text("email", Email::parse);
    let proof = Proof::read(&mut fields);
    fields.finish(email.map(|email| (email, proof)))
}
