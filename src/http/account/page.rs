//! The page as an answer.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::response::Response;
use http::StatusCode;

use super::lines::{Lines, title};
use crate::app::App;
use crate::http::call::Call;
use crate::http::forms::{self, FormOf};
use crate::http::pages::{
    Account, Csp, Lifetime, NewToken, NewTotp, Notice, Passkeys, Person, PersonalTokens, Problem, Profile,
    SecondFactor, respond,
};
use crate::usecase::account_page::read::read;
use crate::usecase::authorized::Caller;
use crate::usecase::second_factor::begin_totp::Enrolment;
use crate::usecase::{Failure, Refusal};

/// How long the page's forms may be sent.
const FORM_LIFETIME: Duration = Duration::from_hours(24);
/// Choices for a new personal token, in days.
const DAYS: [u32; 4] = [30, 7, 90, 365];

/// What the page says besides what is stored.
#[derive(Default)]
pub(super) struct Said<'a> {
    /// What was done just now.
    pub notice: Option<Notice>,
    /// What was refused just now; the answer is 422 then.
    pub problems: Vec<Problem>,
    /// `name` as it was written and refused.
    pub name: Option<&'a str>,
    /// `email` as it was written and refused.
    pub new_email: &'a str,
    /// `passkey_name` as it was written and refused.
    pub passkey_name: &'a str,
    /// `token_name` as it was written and refused.
    pub token_name: &'a str,
    /// `scope` as it was ticked and refused.
    pub ticked: BTreeSet<&'a str>,
    /// Name and text of a new personal token.
    pub created: Option<(&'a str, &'a str)>,
    /// What an authenticator application needs.
    pub enrolment: Option<&'a Enrolment>,
    /// New recovery codes.
    pub recovery_codes: &'a [String],
}

/// The page as of now.
pub(super) async fn show(call: &Call, caller: &Caller, said: &Said<'_>) -> Result<Response, Failure> {
    let app = &call.app;
    let data = read(app, caller).await?;
    let of = FormOf::Session(caller.credential.digest());
    let form = forms::token(app, of, &app.random()?, app.now().plus(FORM_LIFETIME))?;
    let around = call.page();
    let lines = Lines::of(&data);
    let (sessions, organizations) = (lines.sessions(), lines.organizations());
    let passkeys = lines.passkeys();
    let scopes = lines.scopes();
    let (applications, tokens) = (lines.applications(&scopes), lines.personal_tokens(&scopes));
    let account = &data.account;
    let account_id = account.account_id.to_string();
    let organization = data.organizations.first().map(title).unwrap_or_default();
    let name = if account.name.is_empty() { &account.email } else { &account.name };
    let status = match said.problems.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let screen = Account {
        frame: around.frame_at("/account").with_person(Person { name, email: &account.email }),
        form: &form,
        notice: said.notice,
        problems: &said.problems,
        min_password: app.config().profile.min_password_length(),
        profile: Profile {
            name: said.name.unwrap_or(&account.name),
            email: &account.email,
            email_verified: account.email_verified,
            new_email: said.new_email,
        },
        second_factor: SecondFactor {
            totp_since: data.second_factor.totp_since,
            begun: data.second_factor.totp_begun,
            enabled: data.second_factor.enabled,
            recovery_codes: data.second_factor.recovery_codes,
            required_at: data.second_factor.required_at,
            enrolment: said.enrolment.map(|new| NewTotp { secret: &new.secret, qr: &new.qr }),
            new_codes: said.recovery_codes,
        },
        sessions: &sessions,
        passkeys: Passkeys { list: &passkeys, name: said.passkey_name },
        applications: &applications,
        personal_tokens: PersonalTokens {
            organization: &organization,
            list: &tokens,
            created: said.created.map(|(name, text)| NewToken { name, account_id: &account_id, text }),
            name: said.token_name,
            offered: &lines.offered(&said.ticked),
            lifetimes: &lifetimes(app),
        },
        organizations: &organizations,
        joinable: &lines.joinable(),
        panel: data.panel,
    };
    respond(status, &screen, Csp::Own)
}

/// What the form was about is not there.
pub(super) async fn gone(call: &Call, caller: &Caller) -> Result<Response, Failure> {
    show(call, caller, &Said { problems: vec![Problem::Gone], ..Said::default() }).await
}

/// As [`gone`] if that is why it was refused.
pub(super) async fn gone_or(call: &Call, caller: &Caller, failure: Failure) -> Result<Response, Failure> {
    match failure {
        Failure::Refused(Refusal::NotFound { .. }) => gone(call, caller).await,
        other => Err(other),
    }
}

/// How long a personal token may be made to live here; the first is chosen.
pub(super) fn lifetimes(app: &App) -> Vec<Lifetime> {
    const DAY: u64 = 24 * 60 * 60;
    let longest = app.config().lifetimes.personal_token_max.map(|longest| longest.as_secs() / DAY);
    let fits = |days: &u32| longest.is_none_or(|longest| u64::from(*days) <= longest);
    let mut choices: Vec<Lifetime> = DAYS.into_iter().filter(fits).map(Lifetime::Days).collect();
    // Where not even the shortest fits, a token without a wish gets the longest life that there is.
    if longest.is_none() || choices.is_empty() {
        choices.push(Lifetime::Unlimited);
    }
    choices
}
