//! A client that presents wrong secrets is not asked any more for a while.

use std::time::Duration;

use crate::app::App;
use crate::domain::time::Timestamp;
use crate::oauth::client::PresentedClient;
use crate::ports::{DatabaseError, Statement};
use crate::store::throttles;
use crate::usecase::{Failure, Refusal};

const WINDOW: Duration = Duration::from_mins(15);
const TOO_MANY: &str = "client_failures";

/// The first statement of a batch that authenticates a client, and the one that counts if that fails. Counted per client and
/// network, so that nobody elsewhere can keep the real one out; the right secret, too, has to wait.
pub(super) fn guarded(app: &App, client: &PresentedClient, now: Timestamp) -> [Statement; 2] {
    let bucket = app.bucket("client_secret", &format!("{} {}", app.origin().network(), client.id));
    [
        throttles::refuse_full(&bucket, app.config().limits.client_failures, now, TOO_MANY),
        throttles::count_unless_authentic(&bucket, client, now, WINDOW),
    ]
}

/// The refusal of the first of them. It tells the longest that one may have to wait, because a batch that stops gives no
/// rows.
pub(super) fn refused(error: DatabaseError) -> Failure {
    match error {
        DatabaseError::Refused(name) if name == TOO_MANY => Refusal::Throttled { retry_after: WINDOW.as_secs() }.into(),
        other => other.into(),
    }
}
