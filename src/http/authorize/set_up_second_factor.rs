//! On the way to an application: the organization demands a second factor that the person has not (row M6).

pub(in crate::http) mod begin;
pub(in crate::http) mod confirm;
pub(super) mod page;
