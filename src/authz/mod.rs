//! Who may do what: one table, and the value that proves it was asked.

pub mod credential;
pub mod gate;
pub mod granting;
pub mod operation;
pub mod panel;
pub mod policy;
pub mod principal;
