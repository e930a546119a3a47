//! Mail: sending what waits, and what its links do.

pub mod send;
