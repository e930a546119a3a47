//! The operators' pages in `docs/operations`: what they tell an operator to run does run, on this schema.

use std::collections::BTreeSet;

use crate::support::client::World;
use crate::support::person::Ann;
use crate::support::plans::{explain, scans};
use crate::support::source;

const PAGES: &[&str] = &["README.md", "audit-log.md", "restore.md", "rotate-secrets.md", "way-back.md"];
/// What a statement says that may read a whole table. Inside of it: D1 takes a comment behind the last one for another.
const WHOLE: &str = "/* reads the whole table */";

fn page(name: &str) -> String {
    source::read(&format!("docs/operations/{name}"))
}

/// The statements of every block of SQL, with whether each may read a whole table.
fn statements(page: &str) -> Vec<(String, bool)> {
    let blocks = page.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut all = Vec::new();
    for block in blocks {
        let mut open = String::new();
        for line in block.lines() {
            open += line;
            open.push('\n');
            if line.ends_with(';') {
                all.push((std::mem::take(&mut open), line.contains(WHOLE)));
            }
        }
        assert!(open.trim().is_empty(), "an unfinished statement: {open}");
    }
    all
}

#[test]
fn every_statement_of_the_pages_runs_on_this_schema_and_says_if_it_scans() {
    let mut seen = 0;
    for name in PAGES {
        let ann = Ann::new(World::default());
        for (sql, may_scan) in statements(&page(name)) {
            let connection = ann.world.database.raw();
            let plan = explain(&connection, &sql).unwrap_or_else(|error| panic!("{name}: {error}\n{sql}"));
            let scans = scans(&sql, &plan);
            assert_eq!(!scans.is_empty(), may_scan, "{name}: {scans:?}\n{sql}");
            connection.execute_batch(&sql).unwrap_or_else(|error| panic!("{name}: {error}\n{sql}"));
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}

/// After the third part of a restore no credential of before is alive, and an erasure that is done again is whole.
#[test]
fn s4_the_third_part_of_a_restore_ends_every_credential() {
    let ann = Ann::new(World::default());
    let personal = ann.world.personal(&ann.id, &ann.home.organization, &["accounts--my:rw"]);
    let browser = ann.world.browser_of(&ann.id, &ann.home.organization);
    let client = ann.client();
    for caller in [&client, &personal, &ann.home.owner.client] {
        assert_eq!(caller.get("/v2/accounts/me").status, http::StatusCode::OK);
    }
    let restore = page("restore.md");
    let third = restore.split_once("## 3.").expect("the third part").1;
    for (sql, _) in statements(third) {
        let sql = sql.replace("018bcfe5-6800-7b77-a51e-8b550182b3df", &ann.home.member.id);
        ann.world.database.raw().execute_batch(&sql).expect("it runs");
    }
    for caller in [&client, &personal, &ann.home.owner.client] {
        assert_eq!(caller.get("/v2/accounts/me").status, http::StatusCode::UNAUTHORIZED);
    }
    assert_eq!(browser.get("/account").status, http::StatusCode::SEE_OTHER);
    let gone = ann.world.count(&format!("account WHERE account_id = '{}'", ann.home.member.id));
    assert_eq!(gone, 0);
}

/// Codes of the log, settings and files that the pages name exist.
#[test]
fn what_the_pages_name_exists() {
    let words: BTreeSet<&str> =
        global_accounts::http::pages::panel::action_codes(global_accounts::http::pages::Language::English).into_iter().collect();
    let restore = page("restore.md");
    let listed = restore.split_once("action IN (").expect("a list").1.split_once(')').expect("its end").0;
    for code in listed.split(',') {
        let code = code.trim().trim_matches('\'');
        assert!(words.contains(code), "{code}");
    }
    for name in PAGES {
        let page = page(name);
        for link in page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let path = link.split('#').next().unwrap_or_default();
            let known = path.is_empty() || path.starts_with("http");
            assert!(known || std::path::Path::new("docs/operations").join(path).exists(), "{name}: {link}");
        }
        for setting in ["AUDIT_DETAIL_DAYS", "OPERATOR_PUBLIC_KEY", "INTROSPECTION_MAX_STALENESS", "PASSWORD_PEPPER_PREVIOUS"] {
            assert!(!page.contains(setting) || source::read("src/config.rs").contains(setting), "{setting}");
        }
    }
}
