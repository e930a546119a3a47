//! A passkey on the wire.

use serde::Serialize;

use crate::domain::id::PasskeyId;
use crate::domain::time::Timestamp;
use crate::usecase::passkeys::PasskeyRow;

/// Passkey. Neither its key nor the authenticator's name for it is told.
#[derive(Serialize)]
pub(super) struct Passkey {
    passkey_id: PasskeyId,
    name: String,
    backed_up: bool,
    transports: Vec<String>,
    created_at: Timestamp,
    used_at: Option<Timestamp>,
}

impl From<PasskeyRow> for Passkey {
    fn from(row: PasskeyRow) -> Self {
        Self {
            passkey_id: row.passkey_id,
            name: row.name,
            backed_up: row.backed_up,
            transports: row.transports,
            created_at: row.created_at,
            used_at: row.used_at,
        }
    }
}
