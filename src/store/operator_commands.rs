//! Commands of the operator, signed outside this service: the way back in for who has lost the second factor.

use serde::Deserialize;

use super::audit::Entry;
use super::catalogue::{ADMINISTRATOR_ROLE, OWNER_ROLE};
use super::second_factors::second_factor_due;
use super::{refuse_unless, refuse_unless_changed};
use crate::domain::id::{AccountId, CommandId, OrganizationId, OutboxId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::outbox::DEFAULT_LOCALE;

/// Names with which the guards below refuse.
pub mod refusal {
    /// The command was presented before.
    pub const KNOWN: &str = "command_known";
    /// The account is no member of the organization that the command names.
    pub const STRANGER: &str = "command_stranger";
    /// The account has no second factor.
    pub const NOTHING: &str = "command_nothing";
    /// Another command about the account waits.
    pub const WAITING: &str = "command_waiting";
    /// The command does not wait, or is not about the caller or a member whom the caller administers.
    pub const UNKNOWN: &str = "command_unknown";
    /// The command was carried out or withdrawn meanwhile.
    pub const OVER: &str = "command_over";
}

/// A command that is about to be accepted.
#[derive(Clone, Copy, Debug)]
pub struct NewCommand {
    /// Inside the signature.
    pub id: CommandId,
    /// Whose second factor.
    pub account: AccountId,
    /// In whose log it is written.
    pub organization: OrganizationId,
    /// Not carried out before.
    pub due_at: Timestamp,
}

/// Only a command that was not presented before, about a member of its organization who has a second factor and about
/// whom no other waits; one statement each, in this order. The rows of commands stay, so that none is accepted twice.
pub fn refuse_unfit(new: &NewCommand) -> [Statement; 4] {
    let fresh = "NOT EXISTS (SELECT 1 FROM operator_command WHERE command_id = ?1)";
    let member = "EXISTS (SELECT 1 FROM membership WHERE organization_id = ?1 AND account_id = ?2)";
    let has_one = "EXISTS (SELECT 1 FROM account WHERE account_id = ?1 AND mfa = 1)";
    let alone = "NOT EXISTS (SELECT 1 FROM operator_command
  WHERE account_id = ?1 AND done_at IS NULL AND cancelled_at IS NULL)";
    [
        refuse_unless(refusal::KNOWN, fresh).bind(new.id),
        refuse_unless(refusal::STRANGER, member).bind(new.organization).bind(new.account),
        refuse_unless(refusal::NOTHING, has_one).bind(new.account),
        refuse_unless(refusal::WAITING, alone).bind(new.account),
    ]
}

/// Accepts a command.
pub fn insert(new: &NewCommand, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO operator_command (command_id, kind, account_id, organization_id, created_at, due_at)
VALUES (?1, 'reset_second_factor', ?2, ?3, ?4, ?5)",
    )
    .bind(new.id)
    .bind(new.account)
    .bind(new.organization)
    .bind(now)
    .bind(new.due_at)
}

/// The row of what the operator does by a command; the account is the target.
pub fn record(entry: &Entry, command: CommandId, action: &'static str) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, target_kind, target_id, request_id, facts)
SELECT ?2, ?3, ?4, organization_id, 'operator', 'account', account_id, ?5, json_object('command_id', command_id)
FROM operator_command WHERE command_id = ?1",
    )
    .bind(command)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
}

/// The row of what the caller does about a command; the account that it is about is the target.
pub fn record_of_caller(caller: &Digest, entry: &Entry, command: CommandId, action: &'static str) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id, facts)
SELECT ?3, ?4, ?5, command.organization_id, 'account', caller.account_id, caller.client_id, caller.session_id, 'account',
  command.account_id, ?6, json_object('command_id', command.command_id)
FROM live_caller AS caller CROSS JOIN operator_command AS command ON command.command_id = ?2
WHERE caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(command)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
}

/// One mail to the person whom a command is about, and to every owner and administrator of every organization of theirs.
/// The rows' ids are `first` with their last twelve digits counted.
pub fn tell_everybody(command: CommandId, first: OutboxId, template: &'static str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, parameters, created_at,
  next_attempt_at)
SELECT substr(?2, 1, 24) || printf('%012x', row_number() OVER ()), ?3, coalesce(account.locale, ?5), 'account',
  account.account_id, (SELECT json_object('account_id', account_id) FROM operator_command WHERE command_id = ?1), ?4, ?4
FROM account WHERE account.account_id IN (
  SELECT account_id FROM operator_command WHERE command_id = ?1
  UNION
  SELECT held.account_id FROM operator_command AS command
  CROSS JOIN membership AS own ON own.account_id = command.account_id
  CROSS JOIN membership_role AS held ON held.role_id IN (?6, ?7) AND held.organization_id = own.organization_id
  CROSS JOIN membership AS active ON active.organization_id = held.organization_id
    AND active.account_id = held.account_id AND active.suspended = 0
  WHERE command.command_id = ?1)",
    )
    .bind(command)
    .bind(first)
    .bind(template)
    .bind(now)
    .bind(DEFAULT_LOCALE)
    .bind(OWNER_ROLE)
    .bind(ADMINISTRATOR_ROLE)
}

/// Condition on `command`: it waits, and is about the caller or a member of an organization that the caller administers, who
/// has the second factor that the organization demands at `?4`.
macro_rules! concerns_caller {
    () => {
        concat!(
            "command.done_at IS NULL AND command.cancelled_at IS NULL AND EXISTS (
    SELECT 1 FROM live_caller AS caller WHERE caller.token_digest = ?1 AND (
      caller.account_id = command.account_id
      OR EXISTS (SELECT 1 FROM membership AS own
        CROSS JOIN membership AS mine ON mine.organization_id = own.organization_id
          AND mine.account_id = caller.account_id AND mine.suspended = 0 AND NOT ",
            second_factor_due!("mine", "?4"),
            "
        CROSS JOIN membership_role AS held ON held.organization_id = mine.organization_id
          AND held.account_id = mine.account_id AND held.role_id IN (?2, ?3)
        WHERE own.account_id = command.account_id)))"
        )
    };
}

/// A command that waits, as those see it who may withdraw it.
#[derive(Debug, Deserialize)]
pub struct WaitingRow {
    /// Key.
    pub command_id: CommandId,
    /// Name or address of whom it is about.
    pub person: String,
    /// When it will be carried out.
    pub due_at: Timestamp,
}

/// The commands that the caller may withdraw, the most urgent first. Of all that wait, which are few.
pub fn list_waiting_for_caller(caller: &Digest, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "SELECT command.command_id, iif(account.name = '', account.email, account.name) AS person, command.due_at
FROM operator_command AS command JOIN account ON account.account_id = command.account_id
WHERE command.due_at > 0 AND ",
        concerns_caller!(),
        " ORDER BY command.due_at LIMIT 20"
    ))
    .bind(caller)
    .bind(OWNER_ROLE)
    .bind(ADMINISTRATOR_ROLE)
    .bind(now)
}

/// Withdraws a command of [`list_waiting_for_caller`]; no row changes if it is none.
pub fn withdraw(caller: &Digest, command: CommandId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE operator_command AS command SET cancelled_at = ?4 WHERE command.command_id = ?5 AND ",
        concerns_caller!()
    ))
    .bind(caller)
    .bind(OWNER_ROLE)
    .bind(ADMINISTRATOR_ROLE)
    .bind(now)
    .bind(command)
}

/// Directly behind [`withdraw`].
pub fn refuse_not_withdrawn() -> Statement {
    refuse_unless_changed(refusal::UNKNOWN)
}

/// A command whose time has come.
#[derive(Debug, Deserialize)]
pub struct DueRow {
    /// Key.
    pub command_id: CommandId,
    /// Whom it is about.
    pub account_id: AccountId,
}

/// The commands whose time has come, at most `most`.
pub fn list_due(now: Timestamp, most: u32) -> Statement {
    Statement::new(
        "SELECT command_id, account_id FROM operator_command
WHERE due_at <= ?1 AND done_at IS NULL AND cancelled_at IS NULL ORDER BY due_at LIMIT ?2",
    )
    .bind(now)
    .bind(i64::from(most))
}

/// Marks a due command as carried out, and stops the batch if it was carried out or withdrawn meanwhile.
pub fn finish(command: CommandId, now: Timestamp) -> [Statement; 2] {
    let done = Statement::new(
        "UPDATE operator_command SET done_at = ?2
WHERE command_id = ?1 AND due_at <= ?2 AND done_at IS NULL AND cancelled_at IS NULL",
    );
    [done.bind(command).bind(now), refuse_unless_changed(refusal::OVER)]
}

/// Removes every second factor of an account.
pub fn remove_second_factor(account: AccountId) -> [Statement; 3] {
    [
        Statement::new("DELETE FROM totp WHERE account_id = ?1").bind(account),
        Statement::new("DELETE FROM recovery_code WHERE account_id = ?1").bind(account),
        Statement::new("DELETE FROM passkey WHERE account_id = ?1").bind(account),
    ]
}
