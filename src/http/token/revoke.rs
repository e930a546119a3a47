//! `DELETE /v2/token` and `DELETE /token`, by `Authorization: Bearer` or, in the compatible profile, `?code=` (v1:
//! `?token=`).

use axum::response::Response;

use crate::config::Profile;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::tokens::revoke::{Subject, revoke};
use crate::usecase::{Failure, InvalidFields, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let token = token(&call)?;
    let unknown = Refusal::NotFound { resource: "token", id: None };
    revoke(&call.app, &Subject::open(&call.app, &token).ok_or(unknown)?).await?;
    Ok(answer::empty())
}

/// The one token that is presented, of whatever type.
fn token(call: &Call) -> Result<String, Failure> {
    let v1 = call.template() == "/token";
    let in_header = call.bearer()?.map(str::to_owned);
    let in_query = [call.query("code")?, if v1 { call.query("token")? } else { None }];
    let mut given = in_query.into_iter().flatten();
    match (in_header, given.next(), given.next()) {
        (Some(token), None, None) => Ok(token),
        (None, Some(token), None) if call.app.config().profile == Profile::Compatible => Ok(token),
        (None, _, None) => {
            let name = if v1 { "token" } else { "code" };
            Err(Refusal::Invalid(InvalidFields::from([(name.to_owned(), "is required".to_owned())])).into())
        }
        _ => Err(Refusal::Malformed("Two credentials in one request.").into()),
    }
}
