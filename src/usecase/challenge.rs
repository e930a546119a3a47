//! The challenge of a sign-up, where the operator wants one (Cloudflare Turnstile).

use serde::Deserialize;

use super::{Failure, Fault, InvalidFields, Refusal};
use crate::app::App;
use crate::config::Turnstile;

/// The field of a sign-up that holds the answer, in the API.
pub const FIELD: &str = "turnstile_token";
/// What the widget calls its answer in a form.
pub const FORM_FIELD: &str = "cf-turnstile-response";
/// What the widget says it is for; an answer given elsewhere on the same site counts for nothing here.
pub const ACTION: &str = "signup";
/// Longest answer that the widget gives.
const MAX_ANSWER: usize = 2_048;

/// What Turnstile says of an answer.
#[derive(Deserialize)]
struct Verdict {
    success: bool,
    #[serde(default)]
    hostname: String,
    #[serde(default)]
    action: String,
}

/// An answer to the challenge that may be asked about, or that none is needed.
pub(super) struct Answered<'a>(Option<(&'a Turnstile, &'a str)>);

/// Refuses a sign-up without an answer, before anything is counted or asked.
pub(super) fn answered<'a>(app: &'a App, answer: Option<&'a str>) -> Result<Answered<'a>, Refusal> {
    let Some(turnstile) = &app.config().turnstile else {
        return Ok(Answered(None));
    };
    match answer.filter(|answer| (1..=MAX_ANSWER).contains(&answer.len())) {
        Some(answer) => Ok(Answered(Some((turnstile, answer)))),
        None => Err(wrong()),
    }
}

impl Answered<'_> {
    /// For who comes by a link of a mail.
    pub(super) const NOT_NEEDED: Self = Self(None);

    /// Asks whether the answer is right, given at this service's own form. Behind the counting of the attempt, before any
    /// hash. If nobody can be asked the sign-up is refused as unavailable: an operator who wants the challenge wants no
    /// sign-ups without it. Nothing of the request is told but the answer.
    pub(super) async fn verify(&self, app: &App) -> Result<(), Failure> {
        let Self(Some((turnstile, answer))) = self else {
            return Ok(());
        };
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("secret", &turnstile.secret)
            .append_pair("response", answer)
            .finish();
        let unavailable = |what: String| Failure::Fault(Fault::Unavailable(format!("turnstile: {what}")));
        let bytes = app.submit(&turnstile.url, &form).await.map_err(|error| unavailable(error.to_string()))?;
        let verdict: Verdict =
            serde_json::from_slice(&bytes).map_err(|_| unavailable("the answer is not understood".into()))?;
        match verdict.success && verdict.action == ACTION && verdict.hostname == host(&app.config().public_url) {
            true => Ok(()),
            false => Err(wrong().into()),
        }
    }
}

/// The name of the host in an origin, without its port.
fn host(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn wrong() -> Refusal {
    Refusal::Invalid(InvalidFields::from([(FIELD.to_owned(), "must answer the challenge".to_owned())]))
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_host_of_an_origin() {
        for (origin, expected) in [
            ("https://accounts.example.com", "accounts.example.com"),
            ("http://localhost:8787", "localhost"),
            ("http://[::1]:8787", "[::1]"),
            ("http://[::1]", "[::1]"),
        ] {
            assert_eq!(host(origin), expected);
        }
    }
}
