//! The step is taken: a half session becomes a whole one.

use crate::app::App;
use crate::domain::id::AccountId;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::Opened;
use crate::oauth::refusal::IdentityRefusal;
use crate::ports::{DatabaseError, Statement};
use crate::store::{authorization_requests, half_sessions, recovery_codes, totps};
use crate::usecase::authorize::{Handle, Visitor, named};
use crate::usecase::sign_in::{self, NewSession, SignedIn};
use crate::usecase::{Failure, Refusal};

/// What one method has proven about the person behind a half session.
pub(in crate::usecase) struct Proven {
    /// Whose step it is, as read with the half session.
    pub account: AccountId,
    /// Uses the proof up, once (row R9): stops the batch where it was used meanwhile. What a method of its own refuses by
    /// name, [`refused`] must know.
    pub used: Vec<Statement>,
    /// Runs once the session is whole and acts in its organization: what is written down and told of this method.
    pub noted: Vec<Statement>,
}

/// One batch: the kept request waits still, the half session of `cookie` becomes whole with new cookies (row A19), the proof
/// is used up; then all that a sign-in by password alone does. All of it, or nothing: of twenty at once one succeeds.
pub(in crate::usecase) async fn complete(
    app: &App,
    visitor: &Visitor,
    cookie: &Opened,
    request: Option<Handle>,
    proven: Proven,
) -> Result<SignedIn, Failure> {
    let now = app.now();
    let session = NewSession::mint(app, now)?;
    let request = request.map(|handle| Digest::of(&handle.id));
    let request = request.as_ref().map(|digest| named(digest, visitor));
    let mut batch: Vec<_> =
        request.map(|request| authorization_requests::refuse_gone(request, now)).into_iter().collect();
    batch.extend(session.completed(&cookie.digest));
    batch.extend(proven.used);
    batch.extend(session.settled(app, proven.account)?);
    batch.extend(proven.noted);
    batch.extend(session.noted(app, proven.account, &visitor.browser.digest)?);
    let fresh = session.cookies().page;
    batch.extend(request.map(|request| authorization_requests::continue_in(request, fresh, now)));
    app.batch(&batch).await.map_err(refused)?;
    Ok(session.given())
}

/// Why the step was not taken, by the name of the assertion that stopped it.
fn refused(error: DatabaseError) -> Failure {
    match &error {
        DatabaseError::Refused(name) => match name.as_str() {
            half_sessions::OVER => Refusal::Identity(IdentityRefusal::IdentityLost).into(),
            totps::refusal::STEP_USED | recovery_codes::UNKNOWN => super::wrong(),
            // What a passkey's proof is refused for, `sign_in` knows.
            _ => sign_in::refused(error),
        },
        _ => error.into(),
    }
}
