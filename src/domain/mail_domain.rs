//! Domains of e-mail addresses: an organization's own, and those that belong to everybody.

use super::email::{self, Email};

/// Most domains of one organization (API, section 1.2).
pub const MAX_DOMAINS: u64 = 10;
/// Longest domain name, in characters: an address of it has at least two more.
pub const MAX_LENGTH: usize = email::MAX_LENGTH - 2;
/// Label below which the DNS record of the proof stands.
const CHALLENGE_LABEL: &str = "_accounts-challenge";
/// Domains that are nobody's own, each with its kind.
const SHARED: &str = include_str!("mail_domain/shared.txt");

/// A domain name in the form that [`email::Email::key`] has behind its `@`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailDomain(String);

/// Why a text is no domain for an organization. `Display` is what `invalid_fields` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDomain {
    /// More than [`MAX_LENGTH`] characters.
    #[error("value too long")]
    TooLong,
    /// No dotted domain name.
    #[error("invalid domain")]
    Form,
    /// Anybody can have an address there.
    #[error("Free e-mail domain.")]
    Free,
    /// Its addresses are made to be thrown away.
    #[error("Disposable domain.")]
    Disposable,
}

impl MailDomain {
    /// Parses a name. One of which the public has addresses is refused, and so is every name below it.
    pub fn parse(text: &str) -> Result<Self, InvalidDomain> {
        let name = idna::domain_to_ascii_strict(text.trim()).map_err(|_| InvalidDomain::Form)?;
        if name.len() > MAX_LENGTH {
            return Err(InvalidDomain::TooLong);
        }
        // What ends in a number is an address of a network (WHATWG URL, section 3.5).
        let numeric = name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        if !name.contains('.') || name.split('.').any(str::is_empty) || numeric {
            return Err(InvalidDomain::Form);
        }
        match kind_of(&name) {
            Some("free") => Err(InvalidDomain::Free),
            Some(_) => Err(InvalidDomain::Disposable),
            None => Ok(Self(name)),
        }
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the TXT record of a domain's proof stands: apart from the domain's own records, and not below a wildcard that
/// somebody else may answer for.
pub fn challenge_name(domain: &str) -> String {
    format!("{CHALLENGE_LABEL}.{domain}")
}

/// Whether an address is of a domain whose addresses are made to be thrown away.
pub fn is_disposable(email: &Email) -> bool {
    email.key().rsplit_once('@').is_some_and(|(_, domain)| kind_of(domain) == Some("disposable"))
}

/// The kind of the shared domain that a name is or is below.
fn kind_of(name: &str) -> Option<&'static str> {
    let is_it = |shared: &str| name.strip_suffix(shared).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    SHARED.lines().filter_map(|line| line.split_once(' ')).find(|(_, shared)| is_it(shared)).map(|(kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use super::{InvalidDomain, MAX_LENGTH, MailDomain, SHARED};
    use crate::domain::email::Email;

    fn parsed(text: &str) -> Result<String, InvalidDomain> {
        MailDomain::parse(text).map(|domain| domain.as_str().to_owned())
    }

    #[test]
    fn z9_a_name_has_the_form_that_it_has_in_an_address() {
        for text in ["Example.COM", " example.com", "b\u{fc}cher.example", "a.b.c.example", "xn--bcher-kva.example"] {
            let key = Email::parse(&format!("a@{}", text.trim())).map(|email| email.key().to_owned());
            assert_eq!(parsed(text).map(|name| format!("a@{name}")), Ok(key.unwrap_or_default()), "{text}");
        }
        for text in [
            "",
            "example",
            "localhost",
            ".com",
            "a..b",
            "example.com.",
            "a b.com",
            "a@example.com",
            "*.example.com",
            "192.0.2.1",
            "[::1]",
            "example.com/x",
            "https://example.com",
            "_dmarc.example.com",
            "-a.com",
            "a.\u{202e}com",
        ] {
            assert_eq!(parsed(text), Err(InvalidDomain::Form), "{text}");
        }
        let long = format!("{}.{}.example", "a".repeat(63), "b".repeat(63));
        assert!(long.len() > MAX_LENGTH && parsed(&long) == Err(InvalidDomain::TooLong));
    }

    #[test]
    fn what_everybody_has_is_nobody_s() {
        for (text, problem) in [
            ("gmail.com", InvalidDomain::Free),
            ("GMAIL.com", InvalidDomain::Free),
            ("poczta.onet.pl", InvalidDomain::Free),
            ("mailinator.com", InvalidDomain::Disposable),
            ("anything.mailinator.com", InvalidDomain::Disposable),
        ] {
            assert_eq!(parsed(text), Err(problem), "{text}");
        }
        for text in ["notgmail.com", "gmail.com.example", "com.example", "mail.example"] {
            assert!(parsed(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn the_list_holds_normal_forms_in_order() {
        let lines: Vec<&str> = SHARED.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 900, "{}", lines.len());
        for line in &lines {
            let (kind, name) = line.split_once(' ').unwrap_or_default();
            assert!(["free", "disposable"].contains(&kind), "{line}");
            assert_eq!(idna::domain_to_ascii_strict(name).ok().as_deref(), Some(name), "{line}");
        }
        assert!(lines.iter().filter(|line| line.starts_with("free")).is_sorted());
        assert!(lines.iter().filter(|line| line.starts_with("disp")).is_sorted());
    }
}
