use super::*;
use crate::domain::brand::Brand;

fn facts(value: &str) -> Facts {
    let fact = || Some(value.to_owned());
    Facts {
        recipient: fact(),
        organization: fact(),
        source: fact(),
        person: fact(),
        product: fact(),
        token: fact(),
        device: fact(),
        ip: fact(),
    }
}

fn written(template: Template, language: Language, facts: &Facts) -> Written {
    let (brand, link) = (Brand::default(), Some("https://accounts.example.com/verify?token=dal:abc"));
    let mailing = Mailing { template, language, facts, link, origin: "https://accounts.example.com", brand: &brand };
    write(&mailing).expect("a mail")
}

#[test]
fn every_template_has_words_in_every_language_and_no_gap_is_left() {
    for template in Template::ALL {
        let [english, polish] = Language::ALL.map(|language| written(*template, language, &facts("Zażółć")));
        for mail in [&english, &polish] {
            for text in [&mail.subject, &mail.text, &mail.html] {
                assert!(!text.trim().is_empty() && !text.contains(['{', '}']), "{}: {text}", template.name());
            }
            assert!(!mail.text.contains("&#") && !mail.text.contains('<'), "plain text: {}", mail.text);
        }
        assert_ne!(english.subject, polish.subject, "{}", template.name());
        assert_ne!(english.text, polish.text, "{}", template.name());
        assert_eq!(Template::of(template.name()), Some(*template));
    }
    assert_eq!(Template::of("no such mail"), None);
}

#[test]
fn subjects_are_their_own_and_hold_nobody_s_text() {
    for language in Language::ALL {
        let of = |template: &Template| written(*template, language, &facts("canary")).subject;
        let subjects: std::collections::BTreeSet<String> = Template::ALL.iter().map(of).collect();
        assert_eq!(subjects.len(), Template::ALL.len(), "each has its own");
        assert!(subjects.iter().all(|subject| !subject.contains("canary") && !subject.contains(['\r', '\n'])), "E10");
    }
}

#[test]
fn e10_a_name_stays_on_its_line_is_escaped_and_becomes_no_link() {
    let hostile = "Eve\r\nBcc: x@example.com\u{2028}http://evil.example <script>\"{organization}";
    let mail = written(Template::AccessRequest, Language::English, &facts(hostile));
    assert!(!mail.text.contains("\nBcc"), "{}", mail.text);
    assert!(!mail.text.contains('\u{2028}') && !mail.html.contains('\u{2028}'));
    for text in [&mail.text, &mail.html] {
        for linked in ["x@example.com", "http://evil", "evil.example"] {
            assert!(!text.contains(linked), "{text}");
        }
    }
    assert!(!mail.html.contains("<script>") && mail.text.contains("{organization}"), "a value is no gap");
    let long = written(Template::AccessRequest, Language::English, &facts(&"x".repeat(5_000)));
    assert!(long.text.len() < 2_000);
}

#[test]
fn a_mail_that_needs_a_link_is_not_written_without_and_others_lead_to_the_configured_origin() {
    let (brand, facts) = (Brand::default(), Facts::default());
    let mailing = |template| {
        let language = Language::English;
        write(&Mailing { template, language, facts: &facts, link: None, origin: "https://a.example", brand: &brand })
    };
    assert_eq!(mailing(Template::ResetPassword), None);
    let notice = mailing(Template::NewDevice).expect("a mail");
    assert!(notice.text.contains("https://a.example/account#sessions"), "E7 {}", notice.text);
    assert!(notice.text.starts_with("Hello,\n") && notice.text.contains("Browser: (no name)"), "{}", notice.text);
}

#[test]
fn a_locale_chooses_the_language() {
    for (locale, tag) in [("pl", "pl"), ("pl-PL", "pl"), ("PL_pl", "pl"), ("en-GB", "en"), ("de", "en"), ("", "en")] {
        assert_eq!(Language::of(locale).tag(), tag, "{locale}");
    }
}

#[test]
fn a_link_leads_to_a_page_in_the_language_of_the_mail() {
    for (language, address) in [(Language::English, "?token=dal:abc\n"), (Language::Polish, "?token=dal:abc&lang=pl\n")]
    {
        let mail = written(Template::VerifyEmail, language, &facts("x"));
        assert!(mail.text.contains(address), "{}", mail.text);
    }
}

#[test]
fn who_may_have_no_account_is_not_told_of_one() {
    for template in [Template::Invitation, Template::DomainChallenge] {
        let mail = written(template, Language::English, &facts("x"));
        assert!(!mail.text.contains("your account"), "{}", mail.text);
    }
}
