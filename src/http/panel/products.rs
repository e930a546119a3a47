//! What an organization has of the catalogue.

pub(in crate::http) mod disable;
pub(in crate::http) mod enable;
mod page;
pub(in crate::http) mod show;
