//! `/invitation`: the page behind the link in a mail, and its forms. Reading it uses nothing up (row E8).

pub(super) mod answer;
mod page;
pub(super) mod show;
pub(super) mod sign_in;
pub(super) mod sign_up;
mod visit;

pub(super) use visit::address;
