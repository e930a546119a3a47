//! Sign-out: the session ends, and with it every token that was given in it.

use crate::app::App;
use crate::oauth::envelope::Opened;
use crate::store::audit::{self, Act, Sitting};
use crate::store::browser_sessions;
use crate::usecase::{Failure, audit_entry};

/// Ends the session of a cookie. One that is over already stays so. If the database does not answer, nothing has ended
/// and the caller must say so (row I2).
pub async fn sign_out(app: &App, cookie: &Opened) -> Result<(), Failure> {
    let now = app.now();
    let entry = audit_entry(app, now)?;
    let act = Act { sitting: Sitting::Cookie(&cookie.digest), organization: None, client: None, action: "session.end" };
    let batch = [
        browser_sessions::end(&cookie.digest, now),
        audit::record_act_if_changed(&entry, &act),
        audit::origin(&entry, app.origin()),
    ];
    app.batch(&batch).await?;
    Ok(())
}
