//! What an organization is called and how it is reached.

pub(in crate::http) mod delete;
mod page;
pub(in crate::http) mod require_second_factor;
pub(in crate::http) mod show;
pub(in crate::http) mod update;
