//! Commands that the operator signs outside this service: the way back in for who has lost the second factor.
//!
//! A command is accepted once, waits for [`DELAY`] in which everybody concerned is told and may withdraw it, and is then
//! carried out by the cron trigger.

pub mod carry_out;
pub mod present;
pub mod withdraw;

use std::time::Duration;

pub use crate::store::operator_commands::WaitingRow;

/// How long a command waits before it is carried out.
pub const DELAY: Duration = Duration::from_hours(24);
