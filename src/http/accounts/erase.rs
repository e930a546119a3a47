//! `POST /v2/accounts/me/erasure`

use axum::response::Response;

use crate::domain::email::Email;
use crate::domain::password::Password;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::accounts::erase::erase;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (email, password) = read(call.fields()?)?;
    erase(&call.app, &caller, &email, password.as_ref()).await?;
    Ok(answer::empty())
}

fn read(mut fields: Fields) -> Result<(Email, Option<Password>), Failure> {
    let email = fields.required_text("email", Email::parse);
    let password = fields.text("password", |text| Ok::<_, std::convert::Infallible>(Password::given(text)));
    fields.forbid("code", &"is not taken; give the password");
    fields.finish(email.map(|email| (email, password)))
}
