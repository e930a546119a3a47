//! The person behind the link says no.

use super::{Linked, look};
use crate::app::App;
use crate::domain::invitation::Standing;
use crate::oauth::envelope::Opened;
use crate::store::invitations::links;
use crate::store::{audit, refuse_unless_changed};
use crate::usecase::{Failure, audit_entry};

const ANSWERED: &str = "invitation_answered";

/// Whoever has the link may say no: it went to the invited address alone, and nothing is given. Nothing happens to an
/// invitation that is not open.
pub async fn decline(app: &App, link: &Opened, cookie: Option<&Opened>) -> Result<(), Failure> {
    let now = app.now();
    let Some(Linked { standing: Standing::Open | Standing::Gone, row, person }) = look(app, link, cookie).await? else {
        return Ok(());
    };
    // Who is signed in as somebody else is not the one who answers.
    let person = person.filter(|person| Some(person.account_id) == row.account_id);
    let cookie = cookie.filter(|_| person.is_some()).map(|cookie| &cookie.digest);
    let entry = audit_entry(app, now)?;
    let account = person.map(|person| person.account_id);
    let batch = [
        links::decline(&link.digest, now),
        refuse_unless_changed(ANSWERED),
        audit::record_invited(&link.digest, account, cookie, &entry, "invitation.decline"),
        audit::origin(&entry, app.origin()),
    ];
    match app.batch(&batch).await {
        Err(crate::ports::DatabaseError::Refused(name)) if name == ANSWERED => Ok(()),
        answered => Ok(answered.map(drop)?),
    }
}
