//! A person's own page. What the API can do too is done by the API's use cases; here is what only a browser's session can.

pub mod change_password;
pub mod go_on;
pub mod leave_organization;
pub mod read;
pub mod switch_organization;

pub use crate::usecase::sign_in::SignedIn;
use crate::usecase::sign_in::fresh_cookies::FreshCookies;
