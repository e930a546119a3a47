//! Pages of mails and their links. Whoever follows a link reads a page; only its button does something (row E8).

pub(super) mod confirm_email;
pub(super) mod domain;
pub(super) mod forgot;
mod page;
pub(super) mod reset;
pub(super) mod show_confirm_email;
pub(super) mod show_domain;
pub(super) mod show_forgot;
pub(super) mod show_reset;
pub(super) mod show_undo_email;
pub(super) mod show_verify;
pub(super) mod undo_email;
pub(super) mod verify;
