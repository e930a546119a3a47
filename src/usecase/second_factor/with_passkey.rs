//! The step by a passkey of the account.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::complete::{Proven, complete};
use super::{admit_in_sign_in, guess, lost, wrong};
use crate::app::App;
use crate::oauth::digest::Digest;
use crate::store::browser_sessions::Door;
use crate::store::half_sessions::{self, HalfSessionRow};
use crate::store::passkeys::{self, DescriptorRow, StoredPasskey};
use crate::store::throttles::second_factor as counters;
use crate::store::webauthn_challenges;
use crate::usecase::authorize::{Handle, Visitor};
use crate::usecase::passkeys::{CHALLENGE_LIVES, FreshChallenge, verify};
use crate::usecase::sign_in::{SECOND_STEP, SignedIn};
use crate::usecase::{Failure, present};
use crate::webauthn::assertion::{Assertion, AssertionResponse};
use crate::webauthn::client_data::Challenge;

/// A challenge for the account behind a half session, and which passkeys may answer it. One round trip, counted as a guess
/// of this sign-in, so that there are never many.
pub async fn options(app: &App, visitor: &Visitor) -> Result<(Challenge, Vec<DescriptorRow>), Failure> {
    let Some((cookie, Door::Page)) = &visitor.session else {
        return Err(lost());
    };
    let now = app.now();
    let fresh = FreshChallenge::mint(app)?;
    let batch = [
        half_sessions::find(&cookie.digest, now),
        counters::count_in_sign_in(&cookie.digest, now, SECOND_STEP),
        webauthn_challenges::insert_for_second_step(&cookie.digest, &fresh.digest, now, now.plus(CHALLENGE_LIVES)),
        passkeys::descriptors_of_session(&cookie.digest),
    ];
    let rows = app.batch(&batch).await?;
    let [half, counted, _, descriptors] = rows.as_slice() else {
        return present(None);
    };
    let _half: HalfSessionRow = half.first()?.ok_or_else(lost)?;
    admit_in_sign_in(app, &present(counted.first()?)?, now)?;
    Ok((fresh.challenge, descriptors.all()?))
}

/// Takes the step. Two round trips, as [`with_code`](super::with_code::with_code). The passkey is one of the very account
/// whose step it is; another's is as good as none (row M5).
pub async fn with_passkey(
    app: &App,
    visitor: &Visitor,
    request: Option<Handle>,
    response: &AssertionResponse,
) -> Result<SignedIn, Failure> {
    let Some((cookie, Door::Page)) = &visitor.session else {
        return Err(lost());
    };
    let now = app.now();
    let assertion = Assertion::read(response, app.relying_party()).map_err(|_| wrong())?;
    let stored = passkeys::find_by_credential(&URL_SAFE_NO_PAD.encode(&response.credential_id));
    let (half, stored) = guess(app, visitor, cookie, Some(stored), now).await?;
    let stored: Option<StoredPasskey> = present(stored)?.first()?;
    let passkey = stored.filter(|passkey| passkey.account_id == half.account_id).ok_or_else(wrong)?;
    let another = |handle: &Vec<u8>| handle.as_slice() != half.account_id.bytes().as_slice();
    if response.user_handle.as_ref().is_some_and(another) {
        return Err(wrong());
    }
    let verified = verify(&assertion, &passkey)?;

    let challenge = Digest::of(&assertion.challenge.0);
    let mut used = webauthn_challenges::answer_for_second_step(&cookie.digest, &challenge, &half, now).to_vec();
    used.extend(passkeys::note_use(passkey.passkey_id, verified.sign_count, verified.backed_up, now));
    let noted = vec![counters::forget_guesses_from(half.account_id, &visitor.browser.digest, now)];
    complete(app, visitor, cookie, request, Proven { account: half.account_id, used, noted }).await
}
