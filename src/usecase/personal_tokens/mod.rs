//! Personal access tokens: a member's own credentials for scripts.

pub mod create;
pub mod delete;
pub mod list;

pub use crate::store::personal_tokens::PersonalTokenRow;
