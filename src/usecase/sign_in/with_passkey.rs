//! Sign-in by a passkey alone, which also says who it is.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{NewSession, SignedIn, refused};
use crate::app::App;
use crate::domain::profile::Profile;
use crate::oauth::digest::Digest;
use crate::oauth::refusal::IdentityRefusal;
use crate::store::authorization_requests::{self, StoredRequest};
use crate::store::passkeys::{self, StoredPasskey};
use crate::store::throttles::{self, Counted};
use crate::store::{browser_sessions, passkey_sessions, webauthn_challenges};
use crate::usecase::authorize::{Door, Handle, Visitor, named};
use crate::usecase::passkeys::{CHALLENGE_LIVES, FreshChallenge, verify};
use crate::usecase::{Failure, Refusal, present};
use crate::webauthn::assertion::{Assertion, AssertionResponse};
use crate::webauthn::client_data::Challenge;

const HOUR: Duration = Duration::from_hours(1);
const TOO_OFTEN: &str = "passkey_challenge_too_often";

/// Gives this browser a challenge for whatever passkey its person chooses: the same for everybody (row E1). One round trip,
/// counted for the network.
pub async fn options(app: &App, visitor: &Visitor) -> Result<Challenge, Failure> {
    let now = app.now();
    let fresh = FreshChallenge::mint(app)?;
    let bucket = app.bucket("passkey_challenge", &app.origin().network());
    let batch = [
        throttles::count(&bucket, now, HOUR),
        throttles::refuse_above(&bucket, app.config().limits.sign_ins_per_hour, TOO_OFTEN),
        webauthn_challenges::insert_for_browser(&visitor.browser.digest, &fresh.digest, now, now.plus(CHALLENGE_LIVES)),
    ];
    match app.batch(&batch).await {
        Ok(_) => Ok(fresh.challenge),
        Err(crate::ports::DatabaseError::Refused(name)) if name == TOO_OFTEN => {
            Err(Refusal::Throttled { retry_after: HOUR.as_secs() }.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Signs in on the way through a kept authorization request, which then goes on. The session is a whole one, whatever
/// further factors the account has; what else a sign-in by password does, this does too.
///
/// Two round trips. The first counts the attempt for the network, in one count with those by password, and reads the passkey
/// that the response names; what cannot be one of this service has cost none. The second begins the session only if the
/// challenge was this browser's and waits still, and the passkey is there and has not counted so far already (row M5): of
/// twenty at once one succeeds. Why one is refused, nobody is told.
pub async fn sign_in(
    app: &App,
    visitor: &Visitor,
    handle: Handle,
    response: &AssertionResponse,
) -> Result<SignedIn, Failure> {
    let now = app.now();
    let wrong = || Refusal::Identity(IdentityRefusal::Unauthorized);
    let assertion = Assertion::read(response, app.relying_party()).map_err(|_| wrong())?;
    let digest = Digest::of(&handle.id);
    let request = named(&digest, visitor);
    let first = [
        throttles::count(&app.bucket("sign_in", &app.origin().network()), now, HOUR),
        passkeys::find_by_credential(&URL_SAFE_NO_PAD.encode(&response.credential_id)),
        authorization_requests::find(request, now),
    ];
    let rows = app.batch(&first).await?;
    let [network, stored, kept] = rows.as_slice() else {
        return present(None);
    };
    let _waits: StoredRequest = kept.first()?.ok_or(Refusal::StaleForm)?;
    let counted: Counted = present(network.first()?)?;
    if let Some(retry_after) = counted.retry_after(app.config().limits.sign_ins_per_hour, HOUR, now) {
        return Err(Refusal::Throttled { retry_after }.into());
    }
    let passkey: StoredPasskey = stored.first()?.ok_or_else(wrong)?;
    let account = passkey.account_id;
    let names_account = response.user_handle.as_deref() == Some(account.bytes().as_slice());
    let may_enter = passkey.email_verified || app.config().profile != Profile::Strict;
    if !names_account || !may_enter {
        return Err(wrong().into());
    }
    let verified = verify(&assertion, &passkey)?;

    let (session, id) = (NewSession::mint(app, now)?, passkey.passkey_id);
    let browser = &visitor.browser.digest;
    let mut batch = vec![authorization_requests::refuse_gone(request, now)];
    batch.extend(webauthn_challenges::answer_for_browser(browser, &Digest::of(&assertion.challenge.0), now));
    batch.extend(passkeys::note_use(id, verified.sign_count, verified.backed_up, now));
    if let Some((cookie, Door::Page)) = &visitor.session {
        batch.push(passkey_sessions::renew(&cookie.digest, id, session.cookies(), now, session.expiry));
        batch.push(browser_sessions::detach(&cookie.digest));
    }
    batch.push(session.begun_by_passkey(app, id));
    batch.extend(session.settled(app, account)?);
    batch.extend(session.noted(app, account, browser)?);
    batch.push(authorization_requests::continue_in(request, session.cookies().page, now));
    app.batch(&batch).await.map_err(refused)?;
    Ok(session.given())
}
