//! A signed command is presented.

use std::time::Duration;

use serde::Deserialize;

use super::DELAY;
use crate::app::App;
use crate::domain::id::{AccountId, CommandId, OrganizationId, OutboxId};
use crate::domain::time::Timestamp;
use crate::mail::Template;
use crate::ports::DatabaseError;
use crate::store::audit;
use crate::store::operator_commands::{self as commands, NewCommand, refusal};
use crate::usecase::{Failure, Refusal, audit_entry};

/// The one thing that a command may ask for.
const KIND: &str = "reset_second_factor";
/// Longest time between signature and presentation.
const LONGEST_LIFE: Duration = Duration::from_hours(7 * 24);
/// By how much the operator's clock may be ahead.
const CLOCK_SKEW: Duration = Duration::from_mins(5);

const FORGED: &str = "The command is not one that the operator of this service has signed.";
const OVER: &str = "The time of the command is over, or has not come.";

/// What a command says. Times are in seconds (RFC 7519, `NumericDate`).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    /// The service it is for: its public address.
    aud: String,
    /// Key, so that it is accepted once.
    jti: CommandId,
    iat: i64,
    exp: i64,
    kind: String,
    account_id: AccountId,
    organization_id: OrganizationId,
}

/// An accepted command.
pub struct Accepted {
    /// Key.
    pub command: CommandId,
    /// When it will be carried out.
    pub due_at: Timestamp,
}

/// Accepts a command: from now on it waits. The person, and every owner and administrator of every organization of theirs,
/// is told by mail. No storage is asked about one that is forged, too old or for another service; of any number at once
/// one is accepted.
pub async fn present(app: &App, command: &str) -> Result<Accepted, Failure> {
    let now = app.now();
    let new = read(app, command, now)?;
    let entry = audit_entry(app, now)?;
    let mut batch = Vec::from(commands::refuse_unfit(&new));
    batch.push(commands::insert(&new, now));
    batch.push(commands::record(&entry, new.id, "second_factor.ask_reset"));
    batch.push(audit::origin(&entry, app.origin()));
    let first = OutboxId::new(now, &app.random()?);
    batch.push(commands::tell_everybody(new.id, first, Template::SecondFactorResetAsked.name(), now));
    match app.batch(&batch).await {
        Ok(_) => Ok(Accepted { command: new.id, due_at: new.due_at }),
        Err(DatabaseError::Refused(name)) => {
            Err(refused(&name, &new).map_or_else(|| DatabaseError::Refused(name).into(), Failure::Refused))
        }
        Err(error) => Err(error.into()),
    }
}

fn read(app: &App, command: &str, now: Timestamp) -> Result<NewCommand, Refusal> {
    let Some(key) = &app.config().operator_key else {
        return Err(Refusal::NotFound { resource: "operator_command", id: None });
    };
    let payload = key.open(command).map_err(|_| Refusal::Forbidden(FORGED))?;
    let claims: Claims = serde_json::from_slice(&payload).map_err(|_| Refusal::Forbidden(FORGED))?;
    if claims.aud != app.config().public_url || claims.kind != KIND {
        return Err(Refusal::Forbidden(FORGED));
    }
    let at = |seconds: i64| Timestamp::from_millis(seconds.saturating_mul(1_000));
    let (issued, expires) = (at(claims.iat), at(claims.exp));
    let in_time = issued <= now.plus(CLOCK_SKEW) && now < expires && expires <= issued.plus(LONGEST_LIFE);
    match in_time {
        true => Ok(NewCommand {
            id: claims.jti,
            account: claims.account_id,
            organization: claims.organization_id,
            due_at: now.plus(DELAY),
        }),
        false => Err(Refusal::Forbidden(OVER)),
    }
}

fn refused(name: &str, new: &NewCommand) -> Option<Refusal> {
    let conflict = |resource, description| Some(Refusal::Conflict { resource, description });
    match name {
        refusal::KNOWN => conflict("operator_command", "This command was presented already."),
        refusal::WAITING => conflict("operator_command", "Another command about this account waits."),
        refusal::NOTHING => conflict("account", "The account has no second factor."),
        refusal::STRANGER => Some(Refusal::NotFound { resource: "account", id: Some(new.account.to_string()) }),
        _ => None,
    }
}
