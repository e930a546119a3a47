//! Mail: sending what waits, and what its links do.

pub mod change_email;
pub mod confirm_email;
pub mod forgot;
pub mod link;
pub mod prove_domain;
pub mod reset_password;
pub mod send;
pub mod send_verification;
pub mod undo_email;
pub mod verify_email;
