//! What the database said about a live token, and for how long that may be repeated.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::time::Timestamp;

/// A token that was alive at `verified_at_ms`. Holds no token text; the refresh token only in its sealed form, which
/// nobody but the bearer of the access token can open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Taken before the database was asked: the staleness bound counts from here, whatever a cache does.
    pub verified_at_ms: i64,
    /// Whose.
    pub account: AccountId,
    /// In which organization.
    pub organization: OrganizationId,
    /// Given to which application, if any.
    pub client_id: Option<String>,
    /// What it could do, sorted and joined by commas.
    pub scope: String,
    /// End of its life.
    pub expires_at_ms: i64,
    /// The refresh token given with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_refresh: Option<String>,
}

impl Verified {
    /// Whether this may still be repeated at `now`: at most `bound` after it was verified, to the millisecond. What
    /// claims to come from the future is not believed.
    pub fn counts(&self, now: Timestamp, bound: Duration) -> bool {
        let verified_at = Timestamp::from_millis(self.verified_at_ms);
        verified_at <= now && now.since(verified_at) <= bound
    }

    /// How long the token still lives by itself.
    pub fn expires_in(&self, now: Timestamp) -> Duration {
        Timestamp::from_millis(self.expires_at_ms).since(now)
    }

    /// Bytes of its texts.
    pub fn text_bytes(&self) -> usize {
        let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        self.scope.len() + optional(&self.client_id) + optional(&self.sealed_refresh)
    }
}
