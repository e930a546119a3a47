//! `POST /operator/commands`

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::domain::id::CommandId;
use crate::domain::time::Timestamp;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::operator::present::present;

#[derive(Serialize)]
struct AcceptedBody {
    command_id: CommandId,
    due_at: Timestamp,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let mut fields = call.fields()?;
    let command = fields.required_text("command", |text| Ok::<_, std::convert::Infallible>(text.to_owned()));
    let command = fields.finish(command)?;
    let accepted = present(&call.app, &command).await?;
    answer::json(StatusCode::ACCEPTED, &AcceptedBody { command_id: accepted.command, due_at: accepted.due_at })
}
