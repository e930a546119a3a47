//! Sign-in by e-mail address and password.

use super::{NewSession, SignedIn, refused};
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::password::Password;
use crate::domain::password::hash::Verdict;
use crate::domain::profile::Profile;
use crate::oauth::digest::Digest;
use crate::oauth::refusal::IdentityRefusal;
use crate::store::authorization_requests::{self, Named, StoredRequest};
use crate::store::passwords::{self, StoredPassword};
use crate::store::{browser_sessions, throttles};
use crate::usecase::authorize::{Door, Handle, Visitor, named};
use crate::usecase::guesses::Attempt;
use crate::usecase::{Failure, Refusal, present};

/// What a person writes into the form.
pub struct Credentials<'a> {
    /// The address, as written.
    pub email: &'a str,
    /// The password, as written.
    pub password: &'a str,
}

/// Signs in on the way through a kept authorization request, which then goes on.
pub async fn sign_in(
    app: &App,
    visitor: &Visitor,
    handle: Handle,
    credentials: &Credentials<'_>,
) -> Result<SignedIn, Failure> {
    let request = Digest::of(&handle.id);
    begin(app, visitor, Occasion::Request(named(&request, visitor)), credentials).await
}

/// What somebody signs in for.
#[derive(Clone, Copy)]
pub(in crate::usecase) enum Occasion<'a> {
    /// A kept authorization request: it has to wait still, and goes on in the session.
    Request(Named<'a>),
    /// A link that was sent to the address and is here, which proves it.
    Link,
}

/// Begins a session, or renews the one that this browser has with the same account; one with another account is left. For
/// an account with a second factor it is a half session, whatever this browser had before (row M1); see
/// [`second_factor`](crate::usecase::second_factor).
///
/// Two round trips with the hash between them. The first counts the attempt before anything is evaluated, so that parallel
/// guesses cannot all read the same count (row E4): see [`Attempt`]. Known and unknown addresses cost the same: same statements, one hash of the same cost (rows E1, P8). The second begins the session only
/// if the password is still the one that was verified (row R8).
///
/// In the strict profile an account whose address was never proven, nor is by the occasion, is refused like an unknown one:
/// else a sign-up and a sign-in together would tell whether an address was free (row E2).
pub(in crate::usecase) async fn begin(
    app: &App,
    visitor: &Visitor,
    occasion: Occasion<'_>,
    credentials: &Credentials<'_>,
) -> Result<SignedIn, Failure> {
    let now = app.now();
    let request = match occasion {
        Occasion::Request(request) => Some(request),
        Occasion::Link => None,
    };
    let wrong = || Failure::Refused(Refusal::Identity(IdentityRefusal::Unauthorized));
    let email = Email::parse(credentials.email.trim()).map_err(|_| wrong())?;
    let attempt = Attempt::new(app, &email, &visitor.browser.digest);
    let mut first = Vec::from(attempt.statements(app, now));
    first.push(passwords::find_by_email(&email));
    first.extend(request.map(|request| authorization_requests::find(request, now)));
    let rows = app.batch(&first).await?;
    let [_, _, _, _, stored, kept @ ..] = rows.as_slice() else {
        return present(None);
    };
    if let Some(kept) = kept.first() {
        let _waits: StoredRequest = kept.first()?.ok_or(Refusal::StaleForm)?;
    }
    let bucket = attempt.admit(&rows, now)?;

    let password = Password::given(credentials.password);
    let stored: Option<StoredPassword> = stored.first()?;
    let proven = stored.as_ref().is_some_and(|stored| stored.email_verified) || matches!(occasion, Occasion::Link);
    let may_enter = proven || app.config().profile != Profile::Strict;
    let known = stored.and_then(|stored| Some((stored.account_id, stored.phc?, stored.mfa)));
    let verdict = match &known {
        Some((_, phc, _)) => app.hasher().verify(&password, phc)?,
        None => app.hasher().refuse(&password)?,
    };
    let (Some((account, phc, mfa)), Verdict::Right { outdated }, true) = (known, verdict, may_enter) else {
        return Err(wrong());
    };

    let session = if mfa { NewSession::half(app, now)? } else { NewSession::mint(app, now)? };
    let mut batch: Vec<_> =
        request.map(|request| authorization_requests::refuse_gone(request, now)).into_iter().collect();
    if let Some((cookie, Door::Page)) = &visitor.session {
        let renewed = browser_sessions::renew(&cookie.digest, account, &phc, session.cookies(), now, session.expiry);
        batch.extend([renewed, browser_sessions::detach(&cookie.digest)]);
    }
    batch.push(session.begun(app, account, &phc));
    if mfa {
        batch.extend(session.half_begun(app)?);
    } else {
        batch.extend(match occasion {
            Occasion::Request(_) => session.settled(app, account)?,
            Occasion::Link => session.settled_nowhere_too(app, account)?,
        });
        batch.extend(session.noted(app, account, &visitor.browser.digest)?);
    }
    let cookie = session.cookies().page;
    batch.extend(request.map(|request| authorization_requests::continue_in(request, cookie, now)));
    batch.push(throttles::forget(bucket));
    if outdated {
        batch.push(passwords::rehash(account, &phc, app.hasher().hash(&password, &app.random()?)?));
    }
    app.batch(&batch).await.map_err(refused)?;
    Ok(session.given())
}
