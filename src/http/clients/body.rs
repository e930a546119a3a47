//! A client on the wire (API, section 1.3).

use serde::Serialize;
use serde_json::Value;

use crate::domain::address::{InvalidAddress, web_address};
use crate::domain::client::{ClientId, ClientScope};
use crate::domain::id::OrganizationId;
use crate::domain::scope;
use crate::http::fields::Fields;
use crate::usecase::clients::{ClientRow, ScopeOfClient};

/// Client, without its secret.
#[derive(Serialize)]
pub(super) struct Client {
    client_id: ClientId,
    organization_id: OrganizationId,
    name: String,
    r#type: String,
    visibility: String,
    configuration_uri: Option<String>,
    redirect_uri: String,
    scopes: Vec<Scope>,
    /// Only clients of the catalogue have a product, and those are no organization's.
    products: [(); 0],
}

/// What a client asks people for.
#[derive(Serialize)]
struct Scope {
    scope: String,
    required: bool,
    description: String,
}

impl From<ClientRow> for Client {
    fn from(row: ClientRow) -> Self {
        Self {
            client_id: row.client_id,
            organization_id: row.organization_id,
            name: row.name,
            r#type: row.r#type,
            visibility: row.visibility,
            configuration_uri: row.configuration_uri,
            redirect_uri: row.redirect_uris.join(","),
            scopes: row.scopes.into_iter().map(Scope::from).collect(),
            products: [],
        }
    }
}

impl From<ScopeOfClient> for Scope {
    fn from(scope: ScopeOfClient) -> Self {
        let ScopeOfClient { scope, required, description } = scope;
        Self { scope, required, description }
    }
}

/// The field `scopes`: texts, or objects `{scope, required}`. Required unless it says otherwise.
pub(super) fn scopes(fields: &mut Fields) -> Option<Vec<ClientScope>> {
    fields.values("scopes", scope::MAX_LIST, |item| {
        let (text, required) = match item {
            Value::String(text) => (Some(text.as_str()), &Value::Bool(true)),
            item => (item["scope"].as_str(), item.get("required").unwrap_or(&Value::Bool(true))),
        };
        let text = text.ok_or_else(|| "must be a scope, or {scope, required}".to_owned())?;
        let scope = scope::parse(text).map_err(|error| error.to_string())?;
        let required = required.as_bool().ok_or_else(|| "required must be true or false".to_owned())?;
        Ok::<_, String>(ClientScope { scope, required })
    })
}

/// The value of `configuration_uri`; an empty text is none.
pub(super) fn configuration_uri(text: &str) -> Result<Option<String>, InvalidAddress> {
    match text.trim() {
        "" => Ok(None),
        text => web_address(text).map(Some),
    }
}
