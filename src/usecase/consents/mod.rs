//! What people have allowed applications.

pub mod withdraw;

pub use crate::store::consents::ConsentRow;
