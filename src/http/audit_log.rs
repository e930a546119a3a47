//! `/v2/audit_log`.

mod body;
pub(super) mod list;
