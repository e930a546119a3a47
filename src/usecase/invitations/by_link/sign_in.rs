//! The account with the invited address signs in on the invitation's page.

use super::{Needs, closed, open};
use crate::app::App;
use crate::oauth::envelope::Opened;
use crate::usecase::Failure;
use crate::usecase::authorize::Visitor;
use crate::usecase::sign_in::SignedIn;
use crate::usecase::sign_in::with_password::{Credentials, Occasion, begin};

/// Begins a session of that account, by the same steps and with the same counters as the sign-in form; nothing is accepted
/// by it. Whoever was signed in here before is not any more. Three round trips: which address it is, then those of a
/// sign-in.
pub async fn sign_in(app: &App, visitor: &Visitor, link: &Opened, password: &str) -> Result<SignedIn, Failure> {
    let cookie = visitor.session.as_ref().map(|(cookie, _)| cookie);
    let linked = open(app, link, cookie).await?;
    if linked.needs() == Needs::Account {
        return Err(closed().into());
    }
    begin(app, visitor, Occasion::Link, &Credentials { email: &linked.row.email, password }).await
}
