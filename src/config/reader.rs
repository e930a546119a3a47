//! How each kind of setting is read.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{ConfigProblem, DAY, MAX_CODE_SECONDS, Turnstile};
use crate::domain::brand::{self, Brand};
use crate::domain::email::Email;
use crate::domain::operator_command::OperatorKey;
use crate::domain::password::hash::Pepper;
use crate::domain::profile::Profile;
use crate::oauth::keys::{KEY_IDS, MIN_SECRET_BYTES, MasterSecret};

/// Reads one setting after the other; what is wrong is noted, and a stand-in goes on.
pub(super) struct Reader<F> {
    pub(super) variable: F,
    pub(super) problems: Vec<ConfigProblem>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    pub(super) fn text(&self, name: &str) -> Option<String> {
        (self.variable)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    pub(super) fn problem(&mut self, variable: &'static str, problem: impl Into<String>) {
        self.problems.push(ConfigProblem { variable, problem: problem.into() });
    }

    /// Without the variable, `default`.
    pub(super) fn choice<T: Copy>(&mut self, name: &'static str, default: T, choices: &[(&str, T)]) -> T {
        let Some(given) = self.text(name) else {
            return default;
        };
        match choices.iter().find(|(word, _)| *word == given) {
            Some((_, value)) => *value,
            None => {
                let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                self.problem(name, format!("must be one of {}", words.join(", ")));
                default
            }
        }
    }

    pub(super) fn number(&mut self, name: &'static str, default: u64) -> u64 {
        match self.text(name).map(|text| text.parse::<u32>()) {
            None => default,
            Some(Ok(number)) => number.into(),
            Some(Err(_)) => {
                self.problem(name, "must be a whole number");
                default
            }
        }
    }

    pub(super) fn seconds(&mut self, name: &'static str, default: u64) -> Duration {
        Duration::from_secs(self.number(name, default))
    }

    pub(super) fn code_lifetime(&mut self) -> Duration {
        const NAME: &str = "AUTHORIZATION_CODE_TTL";
        let lifetime = self.number(NAME, 60);
        if !(1..=MAX_CODE_SECONDS).contains(&lifetime) {
            self.problem(NAME, format!("must be 1 to {MAX_CODE_SECONDS} seconds"));
        }
        Duration::from_secs(lifetime)
    }

    pub(super) fn personal_token_max(&mut self, profile: Profile) -> Option<Duration> {
        let default = match profile {
            Profile::Compatible => 0,
            Profile::Strict => 365 * DAY,
        };
        Some(self.seconds("PERSONAL_TOKEN_MAX_TTL", default)).filter(|longest| !longest.is_zero())
    }

    pub(super) fn region(&mut self) -> String {
        let region = self.text("REGION").unwrap_or_else(|| "dal".to_owned());
        let valid =
            region.len() <= 16 && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !valid {
            self.problem("REGION", "must be at most 16 lower-case letters, digits and dashes");
        }
        region
    }

    pub(super) fn origin(&mut self, name: &'static str) -> String {
        let url = self.text(name).unwrap_or_else(|| "http://localhost:8787".to_owned());
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if !host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', '\\'])) {
            self.problem(name, "must be an origin, such as https://accounts.example.com, without a path");
        }
        url
    }

    pub(super) fn turnstile(&mut self) -> Option<Turnstile> {
        let url = self.service("TURNSTILE_URL", "https://challenges.cloudflare.com/turnstile/v0/siteverify");
        let site_key = self.text("TURNSTILE_SITE_KEY");
        if site_key.as_ref().is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            self.problem("TURNSTILE_SITE_KEY", "must be the site key of a Turnstile widget");
        }
        match (site_key, self.text("TURNSTILE_SECRET")) {
            (Some(site_key), Some(secret)) => Some(Turnstile { site_key, secret, url }),
            (None, None) => None,
            (None, Some(_)) => {
                self.problem("TURNSTILE_SITE_KEY", "needs to be set together with TURNSTILE_SECRET");
                None
            }
            (Some(_), None) => {
                self.problem("TURNSTILE_SECRET", "needs to be set together with TURNSTILE_SITE_KEY");
                None
            }
        }
    }

    /// The address of another service: `https`, or a stand-in on this machine.
    pub(super) fn service(&mut self, name: &'static str, default: &str) -> String {
        let url = self.text(name).unwrap_or_else(|| default.to_owned());
        let known = ["https://", "http://127.0.0.1:", "http://localhost:"].iter().any(|start| url.starts_with(start));
        if !known || !url.bytes().all(|byte| byte.is_ascii_graphic()) || url.contains(['?', '#', '@', '\\']) {
            self.problem(name, "must be an https address without a query");
        }
        url
    }

    pub(super) fn mail_from(&mut self) -> Option<Email> {
        match Email::parse(&self.text("MAIL_FROM")?) {
            Ok(email) => Some(email),
            Err(_) => {
                self.problem("MAIL_FROM", "must be one e-mail address, such as accounts@example.com");
                None
            }
        }
    }

    pub(super) fn security_contact(&mut self) -> Option<String> {
        let contact = self.text("SECURITY_CONTACT")?;
        let known = ["mailto:", "https://"].iter().any(|scheme| contact.starts_with(scheme));
        if !known || !contact.bytes().all(|byte| byte.is_ascii_graphic()) {
            self.problem("SECURITY_CONTACT", "must be a mailto: or https: address");
        }
        Some(contact)
    }

    pub(super) fn operator_key(&mut self) -> Option<OperatorKey> {
        const NAME: &str = "OPERATOR_PUBLIC_KEY";
        let key = OperatorKey::parse(&self.text(NAME)?);
        if key.is_none() {
            self.problem(NAME, "must be the public key that scripts/operator.mjs prints");
        }
        key
    }

    pub(super) fn brand(&mut self) -> Brand {
        let mut brand = Brand::default();
        if let Some(name) = self.text("BRAND_NAME") {
            if name.chars().count() > brand::MAX_NAME || name.chars().any(char::is_control) {
                self.problem("BRAND_NAME", format!("must be at most {} characters that can be shown", brand::MAX_NAME));
            }
            brand.name = name;
        }
        match self.text("BRAND_COLOR").map(|text| text.parse()) {
            None => {}
            Some(Ok(colour)) => brand.colour = colour,
            Some(Err(brand::InvalidColour)) => self.problem("BRAND_COLOR", brand::InvalidColour.to_string()),
        }
        brand
    }

    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&mut Self, &'static str) -> Option<T>,
    ) -> Option<T> {
        self.text(name).and_then(|_| read(self, name))
    }

    pub(super) fn master_secret(&mut self, name: &'static str) -> Option<MasterSecret> {
        self.secret(name).map(|(id, bytes)| MasterSecret { id, bytes })
    }

    pub(super) fn pepper(&mut self, name: &'static str) -> Option<Pepper> {
        self.secret(name).map(|(id, key)| Pepper { id, key })
    }

    /// `<key id>:<base64url of at least 32 random bytes>`.
    pub(super) fn secret(&mut self, name: &'static str) -> Option<(u8, Vec<u8>)> {
        let secret = self.text(name).and_then(|text| {
            let (id, body) = text.split_once(':')?;
            let id = id.parse::<u8>().ok().filter(|id| usize::from(*id) < KEY_IDS)?;
            let bytes = URL_SAFE_NO_PAD.decode(body.trim_end_matches('=')).ok()?;
            (bytes.len() >= MIN_SECRET_BYTES).then_some((id, bytes))
        });
        if secret.is_none() {
            self.problem(name, "set this secret to `<0..3>:<base64url of 32 or more random bytes>`");
        }
        secret
    }
}
