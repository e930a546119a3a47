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

use std::time::Duration;

// The words of mails and pages say these lifetimes, so that they are no settings (row E6).
/// Of links that prove an address.
pub(super) const VERIFY_LINK_LIVES: Duration = Duration::from_hours(1);
/// Of links that set a password.
const RESET_LINK_LIVES: Duration = Duration::from_mins(30);
/// In which a changed address can be taken back.
const EMAIL_UNDO_LIVES: Duration = Duration::from_hours(7 * 24);
