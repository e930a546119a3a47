//! Sign-ins of a person.

pub mod end;
pub mod list;

pub use crate::store::sessions::{ApplicationOfSession, SessionRow};
