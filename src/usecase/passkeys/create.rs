//! The caller makes a passkey.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::{PasskeyRow, options};
use crate::app::App;
use crate::domain::id::{OutboxId, PasskeyId};
use crate::mail::Template;
use crate::oauth::digest::Digest;
use crate::store::audit::Change;
use crate::store::passkeys::{self, CREDENTIAL_KNOWN, NewPasskey};
use crate::store::second_factors::{self, SecondFactorRow};
use crate::store::webauthn_challenges::{self, GONE, Purpose};
use crate::store::{outbox, recovery_codes as stored_codes};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::second_factor::enrolment_over;
use crate::usecase::second_factor::recovery_codes;
use crate::usecase::{Failure, InvalidFields, Refusal, present};
use crate::webauthn::cose_key::ES256;
use crate::webauthn::registration::{AttestationResponse, Registration};

/// What a browser made, and what it is to be called.
#[derive(Clone)]
pub struct New {
    /// The person's name for it.
    pub name: String,
    /// The browser's answer.
    pub response: AttestationResponse,
    /// How it is reached, as the browser says.
    pub transports: Vec<String>,
}

/// A new passkey.
pub struct Created {
    /// As the list shows it.
    pub row: PasskeyRow,
    /// Shown once; none unless it is the account's first second factor.
    pub recovery_codes: Vec<String>,
}

/// Verifies and stores it, and tells the person by mail. That the person proved who they are is in the challenge, which this
/// uses up. A credential that anybody has already is refused (section 7.1, step 26).
///
/// The first second factor of an account brings ten recovery codes and ends every other session, as the first code by time
/// does. Two round trips: whether it is the first, and whose, is read before; the second writes only if that is so still.
pub async fn create(app: &App, caller: &Caller, new: &New) -> Result<Created, Failure> {
    let now = app.now();
    let made = Registration::verify(&new.response, app.relying_party()).map_err(|invalid| refuse(&invalid))?;
    let id = PasskeyId::new(now, &app.random()?);
    let mail = OutboxId::new(now, &app.random()?);
    let (target, after) = (id.to_string(), json!({"name": new.name}).to_string());
    let credential_id = URL_SAFE_NO_PAD.encode(&made.credential_id);
    let public_key = URL_SAFE_NO_PAD.encode(made.public_key.to_cose());
    let passkey = NewPasskey {
        id,
        credential_id: &credential_id,
        public_key: &public_key,
        algorithm: ES256,
        sign_count: made.sign_count,
        backed_up: made.backed_up,
        transports: &new.transports,
        name: &new.name,
    };

    let mut first = AuthorizedBatch::new(app, caller, None);
    let has = first.push(second_factors::find_for_caller(first.token(), enrolment_over(now)));
    let outcome = first.run(|_| None).await?;
    let SecondFactorRow { enabled, .. } = present(outcome.first(has)?)?;
    let (texts, digests) = match enabled {
        true => (Vec::new(), Vec::new()),
        false => recovery_codes::mint(app, outcome.principal.account())?,
    };

    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    let challenge = Digest::of(&made.challenge.0);
    batch.extend(webauthn_challenges::answer_for_caller(by, &challenge, Purpose::Register, now));
    batch.push(passkeys::refuse_too_many(by, app.config().limits.passkeys));
    if !enabled {
        batch.push(second_factors::refuse_some(by));
        batch.extend(stored_codes::replace_for_caller(by, &digests, now));
        batch.push(second_factors::end_other_sessions(by, now));
        batch.push(second_factors::note_proof(by, now));
    }
    batch.audit(&Change { after: &after, ..Change::new("passkey.create", "passkey", &target) })?;
    batch.push(passkeys::insert_for_caller(by, &passkey, now));
    batch.push(outbox::tell_caller(by, mail, Template::PasskeyAdded.name(), "{}".to_owned(), now));
    let found = batch.push(passkeys::get_for_caller(by, id));
    let outcome = batch.run(refused).await?;
    Ok(Created { row: present(outcome.first(found)?)?, recovery_codes: texts })
}

fn refused(name: &str) -> Option<Refusal> {
    match name {
        GONE => Some(refuse(&"the challenge was answered already, is too old, or was not given to this credential")),
        second_factors::refusal::SOME => {
            let description = "Another second factor was set up at the same time. Try again.";
            Some(Refusal::Conflict { resource: "passkey", description })
        }
        CREDENTIAL_KNOWN => {
            Some(Refusal::Conflict { resource: "passkey", description: "The passkey is known already." })
        }
        other => options::refused(other),
    }
}

fn refuse(problem: &dyn std::fmt::Display) -> Refusal {
    Refusal::Invalid(InvalidFields::from([("credential".to_owned(), problem.to_string())]))
}
