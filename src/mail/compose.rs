//! From words and facts to a mail.

use askama::Template as _;

use super::{Language, Leads, Template, around};
use crate::domain::brand::Brand;

/// Longest value that a mail repeats.
const MAX_VALUE: usize = 100;

/// What the gaps of a mail are filled with, as looked up now. Everything in it may be somebody's own text.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Name of the recipient.
    pub recipient: Option<String>,
    /// Name of an organization.
    pub organization: Option<String>,
    /// Name of the organization that a merge ends.
    pub source: Option<String>,
    /// Name of the person it is about.
    pub person: Option<String>,
    /// Name of a product.
    pub product: Option<String>,
    /// Name of a personal token.
    pub token: Option<String>,
    /// How a browser names itself.
    pub device: Option<String>,
    /// Address of a network.
    pub ip: Option<String>,
}

/// What is to be written.
pub struct Mailing<'a> {
    /// Which mail.
    pub template: Template,
    /// In which language.
    pub language: Language,
    /// About what.
    pub facts: &'a Facts,
    /// The link of the row, whole; `None` where it has none.
    pub link: Option<&'a str>,
    /// Origin of all other links: the configured one (row E7).
    pub origin: &'a str,
    /// As whom.
    pub brand: &'a Brand,
}

/// A mail without its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
}

#[derive(askama::Template)]
#[template(path = "mail/mail.txt")]
struct Text<'a> {
    letter: &'a Letter<'a>,
}

#[derive(askama::Template)]
#[template(path = "mail/mail.html")]
struct Html<'a> {
    letter: &'a Letter<'a>,
}

struct Letter<'a> {
    lang: &'static str,
    subject: &'a str,
    brand: &'a str,
    colour: String,
    ink: String,
    greeting: String,
    before: Vec<String>,
    button: Option<(&'static str, String)>,
    by_hand: &'static str,
    after: Vec<String>,
    why: String,
}

/// The mail; `None` if its template needs a link and there is none, or a page of it cannot be rendered.
pub fn write(mailing: &Mailing<'_>) -> Option<Written> {
    let Mailing { template, language, facts, link, origin, brand } = *mailing;
    let (words, around) = (template.words(language), around(language));
    let button = match words.button {
        None => None,
        Some((label, Leads::Page(path))) => Some((label, format!("{origin}{path}"))),
        Some((label, Leads::Link)) => Some((label, in_language(link?, language))),
    };
    let paragraphs = |written: &[&str]| written.iter().map(|one| fill(one, facts, brand, around.nameless)).collect();
    let name = facts.recipient.as_deref().map(tamed).filter(|name| !name.is_empty());
    let subject = format!("{} · {}", words.subject, brand.name);
    let why = match template {
        Template::Invitation | Template::DomainChallenge => around.why_without_account,
        _ => around.why,
    };
    let letter = Letter {
        lang: language.tag(),
        subject: &subject,
        brand: &brand.name,
        colour: brand.colour.to_string(),
        ink: brand.colour.ink().to_string(),
        greeting: match name {
            Some(name) => around.greeting.replace("{recipient}", &name),
            None => around.greeting_unnamed.to_owned(),
        },
        before: paragraphs(words.before),
        button,
        by_hand: around.link_by_hand,
        after: paragraphs(words.after),
        why: why.replace("{brand}", &brand.name),
    };
    let (text, html) = (Text { letter: &letter }.render().ok()?, Html { letter: &letter }.render().ok()?);
    Some(Written { subject, text, html })
}

/// The page behind a link is in the language of the mail. English is also what somebody is written to who has chosen nothing:
/// then the browser knows better.
fn in_language(link: &str, language: Language) -> String {
    match language {
        Language::English => link.to_owned(),
        Language::Polish => format!("{link}&lang={}", language.tag()),
    }
}

/// The sentence with its gaps filled, each once and from left to right: what stands in a value is no gap.
fn fill(sentence: &str, facts: &Facts, brand: &Brand, nameless: &str) -> String {
    let mut filled = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        let (gap, after) = after.split_once('}').unwrap_or((after, ""));
        let fact = match gap {
            "organization" => &facts.organization,
            "source" => &facts.source,
            "person" => &facts.person,
            "product" => &facts.product,
            "token" => &facts.token,
            "device" => &facts.device,
            "ip" => &facts.ip,
            _ => &None,
        };
        filled.push_str(before);
        match (gap, fact.as_deref().map(tamed)) {
            ("brand", _) => filled.push_str(&brand.name),
            (_, Some(value)) if !value.is_empty() => filled.push_str(&value),
            _ => filled.push_str(nameless),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Somebody's own text on one line, of bounded length, and never a link: a word joiner behind each point and slash keeps
/// mail programs from making one of it.
fn tamed(value: &str) -> String {
    let mut tamed = String::new();
    for c in value.chars().take(MAX_VALUE) {
        match c {
            '.' | '/' | ':' | '@' => tamed.extend([c, '\u{2060}']),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => tamed.push(' '),
            c if crate::domain::text::is_forbidden(c) => {}
            c => tamed.push(c),
        }
    }
    tamed.trim().to_owned()
}
