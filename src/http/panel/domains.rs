//! The domains by whose addresses people may join.

pub(in crate::http) mod add;
pub(in crate::http) mod list;
mod page;
pub(in crate::http) mod prove;
pub(in crate::http) mod remove;

use crate::domain::id::DomainId;
use crate::http::call::Call;
use crate::usecase::Failure;

/// The domain that the path names.
fn target(call: &Call) -> Result<DomainId, Failure> {
    super::around::named(call, "domain_id", "domain")
}
