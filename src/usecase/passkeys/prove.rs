//! A person who is signed in proves to be there still, by a passkey: for ten minutes nothing more is asked (row M4).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::options::{ASKED, TOO_OFTEN, refused};
use super::{CHALLENGE_LIVES, DescriptorRow, FreshChallenge, verify};
use crate::app::App;
use crate::oauth::digest::Digest;
use crate::oauth::refusal::IdentityRefusal;
use crate::store::passkeys::{self, StoredPasskey, refusal};
use crate::store::throttles::second_factor as counters;
use crate::store::webauthn_challenges::{self, GONE, Purpose};
use crate::store::{browser_sessions, second_factors, throttles};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::second_factor::count_guess;
use crate::usecase::sign_in::SignedIn;
use crate::usecase::sign_in::fresh_cookies::FreshCookies;
use crate::usecase::{Failure, Refusal, guesses};
use crate::webauthn::assertion::{Assertion, AssertionResponse};
use crate::webauthn::client_data::Challenge;

const HOUR: Duration = Duration::from_hours(1);

/// A challenge for this very session, and the passkeys that may answer it. One round trip.
pub async fn ask(app: &App, caller: &Caller) -> Result<(Challenge, Vec<DescriptorRow>), Failure> {
    let now = app.now();
    let fresh = FreshChallenge::mint(app)?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    batch.push(throttles::count_for_caller(by, ASKED, now, HOUR));
    let most = app.config().limits.passkey_challenges_per_hour;
    batch.push(throttles::refuse_above_for_caller(by, ASKED, most, TOO_OFTEN));
    let (purpose, until) = (Purpose::StepUp, now.plus(CHALLENGE_LIVES));
    batch.push(webauthn_challenges::insert_for_caller(by, &fresh.digest, purpose, now, until));
    let own = batch.push(passkeys::descriptors_of_caller(by));
    let outcome = batch.run(refused).await?;
    Ok((fresh.challenge, outcome.all(own)?))
}

/// Notes the proof; the session gets new cookies (row A19). Two round trips: the first counts the attempt with the guesses of
/// codes and reads; the second uses the challenge up.
pub async fn prove(app: &App, caller: &Caller, response: &AssertionResponse) -> Result<SignedIn, Failure> {
    let now = app.now();
    let assertion = Assertion::read(response, app.relying_party()).map_err(|_| wrong())?;
    let mut first = AuthorizedBatch::new(app, caller, None);
    let counted = count_guess(app, &mut first, now)?;
    let stored = first.push(passkeys::find_by_credential(&URL_SAFE_NO_PAD.encode(&response.credential_id)));
    let outcome = first.run(|_| None).await?;
    guesses::admit_caller(&outcome, counted, now)?;
    let account = outcome.principal.account();
    let stored: Option<StoredPasskey> = outcome.first(stored)?;
    let passkey = stored.filter(|passkey| passkey.account_id == account).ok_or_else(wrong)?;
    let verified = verify(&assertion, &passkey)?;

    let fresh = FreshCookies::instead_of(app, caller.credential.expires_at())?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    let challenge = Digest::of(&assertion.challenge.0);
    batch.extend(webauthn_challenges::answer_for_caller(by, &challenge, Purpose::StepUp, now));
    batch.extend(passkeys::note_use(passkey.passkey_id, verified.sign_count, verified.backed_up, now));
    batch.push(counters::forget_guesses(account));
    batch.push(second_factors::note_proof(by, now));
    batch.audit_own_token("session.prove")?;
    batch.push(browser_sessions::replace_cookies(by, fresh.digests()));
    batch.run(|name| matches!(name, GONE | refusal::MOVED_ON).then(wrong)).await?;
    Ok(fresh.given(now))
}

fn wrong() -> Refusal {
    Refusal::Identity(IdentityRefusal::Unauthorized)
}
