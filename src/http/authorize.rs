//! The authorization endpoint and the pages on the way through it (API, sections 2.1, 2.2, 2.4, 2.9 and 4.1).

pub(super) mod access;
pub(super) mod activate;
pub(super) mod begin;
pub(super) mod choose;
pub(super) mod consent;
pub(super) mod explain;
pub(super) mod forget;
pub(super) mod go_on;
mod message;
mod page;
pub(super) mod passkey_options;
pub(super) mod second_step;
mod second_step_page;
pub(super) mod second_step_passkey_options;
pub(super) mod second_step_with_passkey;
pub(super) mod set_up_second_factor;
mod show;
pub(super) mod show_second_step;
pub(super) mod sign_in;
pub(super) mod sign_in_with_passkey;
pub(super) mod sign_out;
pub(super) mod sign_up;
mod visit;

pub(super) use visit::SECOND_STEP;
