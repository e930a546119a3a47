//! Every operation of the service, by name.

/// What a route does. A route without an operation cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `GET /health`
    CheckHealth,
    /// `POST /v2/organizations`
    CreateOrganization,
    /// `GET /v2/accounts`
    ListAccounts,
    /// `GET /v2/accounts/{account_id}`
    GetAccount,
    /// `GET /v2/info`
    Introspect,
}
