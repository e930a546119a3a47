//! The clients of an organization.

pub(in crate::http) mod create;
pub(in crate::http) mod delete;
mod fields;
pub(in crate::http) mod list;
mod list_page;
pub(in crate::http) mod new_secret;
mod page;
pub(in crate::http) mod set_scopes;
pub(in crate::http) mod show;
pub(in crate::http) mod update;

use crate::domain::client::ClientId;
use crate::http::call::Call;
use crate::usecase::Failure;

/// The client that the path names.
fn target(call: &Call) -> Result<ClientId, Failure> {
    super::around::named(call, "client_id", "client")
}
