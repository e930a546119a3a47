//! Accounts: what a caller may set.

/// Longest name, in code points (API, Account schema).
pub const MAX_NAME: usize = 191;
/// Longest product name, in code points (schema, product table).
pub const MAX_PRODUCT: usize = 64;
/// The product that every organization is made of: its roles are the primary ones.
pub const ACCOUNTS: &str = "Accounts";
