//! `/panel`: an organization for those who run it.
//!
//! Each form does what an operation of the API does, by the same use case. What succeeded leads back to its screen by
//! GET; what was refused shows the screen again with what was written. A screen that the policy opens to nobody like
//! the caller, and an id that the organization does not have, are told on a page of their own (`http::error::browser`).

pub(super) mod applications;
mod around;
pub(super) mod audit_log;
mod day;
pub(super) mod domains;
mod ended;
pub(super) mod invitations;
pub(super) mod merges;
pub(super) mod organization;
pub(super) mod people;
pub(super) mod products;
mod proof;
pub(super) mod roles;
mod said;
mod scopes;
