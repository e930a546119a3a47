//! Pages: every screen in every language and state, as text; how they look is the matter of the suite `browser`.
//!
//! Each run leaves them in `target/tmp/gallery`, for that suite and for people who want to look.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use askama::Template as _;
use global_accounts::domain::brand::Brand;
use global_accounts::http::pages::{self, Csp, Error, Frame, Language, Problem, Spoken, StaleForm, assets, panel};
use http::{Method, StatusCode};

use crate::support::client::World;
use crate::support::gallery::{Shown, screens};
use crate::support::source;

const HOSTILE: &str = "<script>\"'&--></script>";

fn all(v: impl Fn(&'static str) -> &'static str + Copy) -> Vec<(Language, Shown)> {
    let brand = Brand::default();
    Language::ALL
        .iter()
        .flat_map(|language| screens(*language, &brand, v).into_iter().map(|shown| (*language, shown)))
        .collect()
}

/// A start tag: name and attributes.
struct Tag<'a> {
    name: &'a str,
    attributes: BTreeMap<&'a str, &'a str>,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).copied().unwrap_or_default()
    }
}

/// Every start tag in order. Panics where an element is not closed, an attribute is not quoted or is there twice.
fn tags<'a>(name: &str, html: &'a str) -> Vec<Tag<'a>> {
    const VOID: [&str; 5] = ["br", "img", "input", "link", "meta"];
    let (mut found, mut open, mut rest) = (Vec::new(), Vec::new(), html);
    while let Some((_, after)) = rest.split_once('<') {
        let end = closing(after).unwrap_or_else(|| panic!("{name}: a tag without an end: {after:.60}"));
        let (inside, next) = (&after[..end], &after[end + 1..]);
        rest = next;
        if let Some(closed) = inside.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name}: </{closed}> before {next:.60}");
        } else if !inside.starts_with('!') {
            let tag = tag(name, inside);
            if !VOID.contains(&tag.name) {
                open.push(tag.name);
            }
            found.push(tag);
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{name}");
    found
}

/// Where a tag ends, outside its quotes.
fn closing(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '>' && !quoted).then_some(at)
    })
}

fn tag<'a>(page: &str, inside: &'a str) -> Tag<'a> {
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Tag { name, attributes };
        }
        let end = rest.find(['=', ' ', '\n']).unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').expect("a closing quote"),
            None => ("", after),
        };
        let plain = attribute.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        assert!(plain || (name, attribute) == ("svg", "viewBox"), "{page}: {attribute} in {inside}");
        assert!(attributes.insert(attribute, value).is_none(), "{page}: {attribute} twice in {inside}");
        rest = after;
    }
}

#[test]
fn a16_a22_no_page_holds_a_script_a_style_or_a_handler_of_its_own_whatever_the_values() {
    for v in [|text| text, |_| HOSTILE] {
        for (_, Shown { name, html }) in all(v) {
            assert!(!html.contains("<script>") && !html.contains("\"'&"), "{name}: not escaped");
            for tag in tags(&name, &html) {
                assert!(!matches!(tag.name, "style" | "iframe" | "object" | "embed" | "base"), "{name}");
                assert!(tag.name != "img" || tag.get("src").starts_with("/avatars/"), "{name}: only our own pictures");
                if tag.name == "script" {
                    assert!(tag.get("src").starts_with("/assets/"), "{name}");
                    assert!(html.contains("\" defer></script>"), "{name}");
                }
                for (attribute, value) in &tag.attributes {
                    assert!(!attribute.starts_with("on") && *attribute != "style", "{name}: {attribute}");
                    assert!(!value.trim_start().to_lowercase().starts_with("javascript:"), "{name}: {value}");
                }
            }
        }
    }
}

/// With hostile values the same elements and attributes, in the same order.
#[test]
fn a22_a_value_never_becomes_a_part_of_the_page() {
    let shape = |html: &str| {
        let tags = tags("", html);
        tags.into_iter().map(|tag| format!("{} {:?}", tag.name, tag.attributes.keys())).collect::<Vec<_>>()
    };
    for ((_, plain), (_, hostile)) in all(|text| text).iter().zip(&all(|_| HOSTILE)) {
        assert_eq!(shape(&plain.html), shape(&hostile.html), "{}", plain.name);
    }
}

/// Structure that assistive technology relies on; the rest is axe-core's.
#[test]
fn every_page_has_a_language_a_title_one_heading_and_names_that_lead_somewhere() {
    for (language, Shown { name, html }) in all(|text| text) {
        let tags = tags(&name, &html);
        let of = |element: &str| tags.iter().filter(|tag| tag.name == element).collect::<Vec<_>>();
        assert_eq!(of("html")[0].get("lang"), if language == Language::English { "en" } else { "pl" }, "{name}");
        assert_eq!(of("h1").len(), 1, "{name}");
        assert!(html.contains(" · Global Accounts</title>") && !html.contains("<title> "), "{name}");
        let ids: Vec<&str> = tags.iter().map(|tag| tag.get("id")).filter(|id| !id.is_empty()).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        let named = ["for", "aria-labelledby", "aria-describedby", "data-copy"];
        for tag in &tags {
            for id in named.iter().flat_map(|attribute| tag.get(attribute).split_whitespace()) {
                assert!(unique.contains(id), "{name}: {id} in {:?}", tag.attributes);
            }
            if let Some(id) = tag.get("href").strip_prefix('#') {
                assert!(unique.contains(id), "{name}: #{id}");
            }
        }
        for field in tags.iter().filter(|tag| matches!(tag.name, "input" | "select")) {
            let labelled = tags.iter().any(|tag| tag.name == "label" && tag.get("for") == field.get("id"));
            let unseen = matches!(field.get("type"), "hidden" | "checkbox") || field.get("class") == "hidden";
            assert!(unseen || labelled, "{name}: {:?}", field.attributes);
        }
    }
}

#[test]
fn a17_every_form_posts_the_hidden_field_to_this_service() {
    for (_, Shown { name, html }) in all(|text| text) {
        for form in html.split("<form ").skip(1) {
            let form = form.split("</form>").next().expect("a form");
            if form.starts_with("method=\"get\" action=\"/panel") {
                assert!(!form.contains("name=\"form\""), "{name}: a search puts no token into an address");
                continue;
            }
            assert!(form.starts_with("method=\"post\" action=\"/"), "{name}: {form:.80}");
            assert_eq!(form.matches("<input type=\"hidden\" name=\"form\" value=\"csrf:form\">").count(), 1, "{name}");
        }
    }
}

#[test]
fn a_problem_is_told_on_top_and_beside_its_field() {
    for (_, Shown { name, html }) in all(|text| text) {
        let wrong = ["_problems", "sign_in_"].iter().any(|mark| name.contains(mark)) && name != "sign_in_plain";
        assert_eq!(html.contains("role=\"alert\""), wrong, "{name}");
        let title = html.split("<title>").nth(1).expect("a title");
        assert_eq!(title.starts_with("Problem: ") || title.starts_with("Błąd: "), wrong, "{name}: {title:.40}");
    }
}

/// That the link leads to it, the test of names says.
#[test]
fn every_field_of_a_problem_is_shown_with_one_on_some_page() {
    let fields = Problem::ALL.iter().filter_map(|problem| problem.field()).map(|field| (false, field.name()));
    let panel = panel::Problem::ALL.iter().filter_map(|problem| problem.field()).map(|field| (true, field.name()));
    let shown: Vec<Shown> = all(|text| text).into_iter().map(|(_, shown)| shown).collect();
    for (in_panel, field) in fields.chain(panel) {
        let link = format!("<a href=\"#{field}\">");
        let leads = |page: &&Shown| page.name.starts_with("panel_") == in_panel && page.html.contains(&link);
        assert!(shown.iter().any(|page| leads(&page)), "{field}, in the panel: {in_panel}");
    }
}

/// Password managers and the clipboard are welcome, and no password is cut off.
#[test]
fn p5_every_password_field_says_what_it_is_for_and_hinders_nobody() {
    let mut seen = 0;
    for (_, Shown { name, html }) in all(|text| text) {
        for tag in tags(&name, &html).iter().filter(|tag| tag.get("type") == "password") {
            let kind = tag.get("autocomplete");
            assert!(matches!(kind, "current-password" | "new-password"), "{name}: {kind}");
            assert_eq!((tag.get("maxlength"), tag.get("onpaste"), tag.get("readonly")), ("", "", ""), "{name}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

/// The language that somebody chose stays: no link or form of these pages forgets it.
#[test]
fn a_chosen_language_is_kept_by_every_address() {
    for (_, Shown { name, html }) in all(|text| text).into_iter().filter(|(language, _)| *language == Language::Polish)
    {
        for tag in tags(&name, &html) {
            for address in [tag.get("href"), tag.get("action")] {
                let own = address.starts_with('/') && !address.starts_with("/assets/");
                assert!(!own || address.contains("lang="), "{name}: {address}");
            }
        }
    }
}

/// A text that no page says any more is in the way.
#[test]
fn every_text_is_used() {
    let whole = source::read("src/http/pages/texts/en.rs");
    let panel: String = source::files("src/http/pages/texts/en").into_iter().map(|(_, text)| text).collect();
    let panel: String = panel.lines().map(|line| format!("    {line}\n")).collect();
    let catalogue = whole + &panel;
    let users: String = source::files("templates")
        .into_iter()
        .chain(source::files("src/http/pages").into_iter().filter(|(path, _)| !path.starts_with("texts")))
        .map(|(_, text)| text)
        .collect();
    let words: BTreeSet<&str> = users.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let keys: Vec<&str> = catalogue
        .lines()
        .filter(|line| line.starts_with("        ") && !line.starts_with("         "))
        .filter_map(|line| line.trim().split_once(':').map(|(key, _)| key))
        .filter(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        .collect();
    assert!(keys.len() > 150, "{}", keys.len());
    let unused: Vec<_> = keys.iter().filter(|key| !words.contains(*key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_scope_of_the_default_catalogue_has_words_in_polish() {
    let words = source::read("src/http/pages/scope_words/pl.rs");
    let scopes: String = World::default().database.value("SELECT group_concat(scope) FROM scope");
    for scope in scopes.split(',') {
        assert!(words.contains(&format!("(\"{scope}\", ")), "{scope}");
    }
}

#[test]
fn a16_an_answer_has_the_headers_of_a_page() {
    let brand = Brand::default();
    let spoken = Spoken::negotiate(None, None);
    let frame = Frame { spoken, brand: &brand, request_id: "id", person: None, here: "/" };
    let page = StaleForm { frame, go_on_url: "/" };
    for (csp, framed) in [(Csp::Own, false), (Csp::FramedBy("https://app.example.com"), true)] {
        let answer = pages::respond(StatusCode::FORBIDDEN, &page, csp).expect("an answer");
        let header = |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().expect("ASCII"));
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-frame-options"), if framed { "" } else { "DENY" });
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.ends_with(if framed { "ancestors https://app.example.com" } else { "ancestors 'none'" }));
        assert_eq!(header("cross-origin-opener-policy"), "", "a popup reaches its opener");
    }
}

#[test]
fn a22_the_error_page_knows_its_codes_and_repeats_no_other() {
    let brand = Brand::default();
    let spoken = Spoken::negotiate(None, None);
    let frame = Frame { spoken, brand: &brand, request_id: "the-request", person: None, here: "/" };
    let text = |exception, detail| Error::of(frame, exception, detail).render().expect("a page");
    let known = text(Some("unauthorized_client"), Some("invalid_redirect_uri"));
    for told in ["<code>unauthorized_client</code>", "<code>invalid_redirect_uri</code>", "<code>the-request</code>"] {
        assert!(known.contains(told), "{told}");
    }
    assert!(text(Some("access_denied"), Some("to_many_redirects")).contains("<code>too_many_redirects</code>"));
    for made_up in ["canary", "<script>", "Invalid_Request", "invalid_request\r\n", ""] {
        let page = text(Some(made_up), Some(made_up));
        assert!(page.contains("Something went wrong") && !page.contains("canary"), "{made_up}");
        assert!(!page.contains("<dl"), "{made_up}");
    }
}

#[test]
fn assets_are_kept_for_ever_under_a_name_that_changes_with_them() {
    let world = World::default();
    let brand = Brand::default();
    let brand_url = assets::brand_url(&brand);
    for (url, media_type) in [
        (assets::url("pages.css"), "text/css; charset=utf-8"),
        (assets::url("account.js"), "text/javascript; charset=utf-8"),
        (assets::url("panel.js"), "text/javascript; charset=utf-8"),
        (assets::url("passkey.js"), "text/javascript; charset=utf-8"),
        (assets::url("message.js"), "text/javascript; charset=utf-8"),
        (&brand_url, "text/css; charset=utf-8"),
    ] {
        let answer = world.anonymous().send(Method::GET, url, axum::body::Body::empty());
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, media_type), "{url}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable", "{url}");
        assert!(!answer.text.contains("http://") && !answer.text.contains("https://"), "{url}");
        assert!(!answer.text.contains('$'), "{url}: {}", answer.text);
    }
    for url in ["/assets/pages.css", "/assets/pages-AAAAAAAAAAAA.css", "/assets/brand-ff0000-AAAAAAAAAAAA.css"] {
        let answer = world.anonymous().send(Method::GET, url, axum::body::Body::empty());
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NOT_FOUND, ""), "{url}");
        assert_eq!(answer.header("cache-control"), "no-store", "{url}");
    }
    let scripts =
        ["account.js", "panel.js", "message.js"].map(|name| source::read(&format!("templates/assets/{name}")).len());
    assert!(scripts.iter().sum::<usize>() < 4096, "{scripts:?}");
}

#[test]
fn the_words_of_two_screens() {
    for (language, shown) in all(|text| text) {
        if language == Language::English && matches!(shown.name.as_str(), "sign_in_WrongCredentials" | "consent") {
            let digested = [assets::url("pages.css").to_owned(), assets::brand_url(&Brand::default())];
            let text = digested.iter().fold(shown.html, |text, url| text.replace(url, "/assets/..."));
            insta::assert_snapshot!(format!("page_{}", shown.name), text);
        }
    }
}

/// For the suite `browser`: every page, every asset under its address, in `target/tmp/gallery`.
#[test]
fn the_gallery_is_written() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("assets")).expect("a folder");
    for (language, Shown { name, html }) in all(|text| text) {
        let name = name.replace(['(', ')'], "").to_lowercase();
        fs::write(folder.join(format!("{name}.{}.html", language.tag())), html).expect("a file");
    }
    let brand = Brand::default();
    let urls =
        ["pages.css", "account.js", "panel.js", "passkey.js", "message.js"].map(|name| assets::url(name).to_owned());
    for url in urls.into_iter().chain([assets::brand_url(&brand)]) {
        let name = url.strip_prefix("/assets/").expect("an asset");
        fs::write(folder.join("assets").join(name), assets::find(name, &brand).expect("an asset").text)
            .expect("a file");
    }
}
