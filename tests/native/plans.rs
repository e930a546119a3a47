//! Every statement of the store uses its indexes: what a call reads grows with its answer, not with the tables.
//!
//! Besides this suite, the database adapter of all native suites looks at the plan of each text it is given for the
//! first time and fails on a scan (`support::plans::watch`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::support::client::World;
use crate::support::exercise::exercise_everything;
use crate::support::plans::{explain, scans};
use crate::support::source;
use crate::support::sqlite::Sqlite;

/// The contract suite's statements are about a table of its own.
const NOT_THE_SERVICES: &[&str] = &["contract.rs"];

/// The texts of one pass over everything, by the function that made each.
fn statements() -> (Vec<StoreFunction>, BTreeSet<String>) {
    let world = World::default();
    exercise_everything(&world);
    (store_functions(), world.database.texts())
}

#[test]
fn every_statement_of_the_store_is_exercised() {
    let (functions, texts) = statements();
    assert!(functions.len() >= 15, "{} functions", functions.len());
    let missed: Vec<&str> = functions
        .iter()
        // What only gives a name to another function's statement has no text of its own.
        .filter(|function| !function.pieces.is_empty() && !texts.iter().any(|text| function.made(text)))
        .map(|function| function.name.as_str())
        .collect();
    let of = |name: &str| functions.iter().find(|function| function.name == name).map(|function| &function.pieces);
    let pieces: Vec<_> = missed.iter().map(|name| (name, of(name))).collect();
    assert!(missed.is_empty(), "extend support::exercise: {pieces:#?}");
}

/// The reviewed table: read it when it changes. "SEARCH" on an index is what a list or lookup may do.
#[test]
fn no_statement_reads_a_whole_table() {
    let (functions, texts) = statements();
    let database = Sqlite::default();
    let mut table = BTreeSet::new();
    for text in &texts {
        let plan = explain(&database.raw(), text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let scans = scans(text, &plan);
        assert!(scans.is_empty(), "{scans:?}\n{text}\n\n{}", plan.join("\n"));
        let makers: Vec<&str> =
            functions.iter().filter(|function| function.made(text)).map(|function| function.name.as_str()).collect();
        let plan = if plan.is_empty() { "(values only)".to_owned() } else { plan.join("\n  ") };
        table.insert(format!("{}\n  {plan}\n", makers.join(" | ")));
    }
    let printed = table.iter().fold(String::new(), |mut printed, entry| {
        let _never = writeln!(printed, "{entry}");
        printed
    });
    insta::assert_snapshot!("query_plans", printed);
}

/// By its beginning the service knows a statement that leaves a mail.
#[test]
fn what_leaves_a_mail_begins_so() {
    let (_, texts) = statements();
    let mails: Vec<&String> = texts.iter().filter(|text| text.contains("INTO outbox")).collect();
    assert!(mails.len() > 5, "{}", mails.len());
    let others: Vec<_> = mails.iter().filter(|text| !text.starts_with("INSERT INTO outbox ")).collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn the_check_sees_a_scan() {
    let database = Sqlite::default();
    let found = |sql: &str| scans(sql, &explain(&database.raw(), sql).expect("a plan"));
    let scanning = [
        "SELECT * FROM account",
        "SELECT name FROM account WHERE name = ?1",
        "SELECT count(*) FROM membership m WHERE m.active = 1",
        "SELECT s.session_id FROM session s ORDER BY s.expires_at LIMIT 1",
        "UPDATE account SET name = ?1 WHERE name = ?2",
        "DELETE FROM session WHERE user_agent = ?1",
        "WITH every AS MATERIALIZED (SELECT * FROM account) SELECT * FROM every",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM organization WHERE name = ?1)",
        "INSERT INTO throttle SELECT account_id, 0, 0, 0, 0 FROM account",
        "SELECT * FROM account a JOIN organization o ON o.name = a.name WHERE a.account_id = ?1",
    ];
    for sql in scanning {
        assert!(!found(sql).is_empty(), "{sql}");
    }
    let searching = [
        "SELECT * FROM account WHERE account_id = ?1",
        "SELECT value FROM json_each(?1)",
        "SELECT 1",
        "SELECT version FROM schema_meta",
        "SELECT a.name FROM json_each(?1) AS id JOIN account a ON a.account_id = id.value",
        "WITH one AS MATERIALIZED (SELECT * FROM account WHERE account_id = ?1) SELECT * FROM one",
        "INSERT INTO throttle VALUES (?1, 1, 0, NULL, 0)",
    ];
    for sql in searching {
        assert_eq!(found(sql), Vec::<String>::new(), "{sql}");
    }
}

/// Proof that the adapter's own look works: a statement that scans does not get through.
#[test]
fn the_adapter_refuses_a_scan_in_any_suite() {
    let run = std::panic::catch_unwind(|| {
        let database = Sqlite::default();
        let scan =
            [global_accounts::ports::Statement::new("SELECT email FROM account WHERE avatar_url = ?1").bind("x")];
        futures_executor::block_on(global_accounts::ports::Database::batch(&database, &scan))
    });
    assert!(run.is_err());
}

/// A function of the store that makes a statement, known by the pieces of SQL in it.
struct StoreFunction {
    name: String,
    pieces: Vec<String>,
}

impl StoreFunction {
    /// Whether `text` can be this function's: it holds all its pieces.
    fn made(&self, text: &str) -> bool {
        let text = plain(text);
        !self.pieces.is_empty() && self.pieces.iter().all(|piece| text.contains(piece))
    }
}

/// Every `pub fn ... -> Statement` below `src/store`.
fn store_functions() -> Vec<StoreFunction> {
    let mut found = Vec::new();
    let shared = items(&source::read("src/store/mod.rs"));
    for (path, text) in source::files("src/store") {
        if NOT_THE_SERVICES.contains(&path.as_str()) {
            continue;
        }
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let mut items = items(text);
        items.extend(shared.clone());
        for (name, item) in &items {
            let head = item.split('{').next().unwrap_or_default();
            let makes_one = head.contains("-> Statement") || head.contains("-> Vec<Statement>");
            let only_binds = head.contains("(statement: Statement");
            if head.starts_with("pub") && head.contains("fn ") && makes_one && !only_binds {
                let pieces = pieces(item, &items, &mut BTreeSet::from([name.clone()]));
                found.push(StoreFunction { name: format!("{path} {name}"), pieces });
            }
        }
    }
    found
}

/// How an item begins; a line of SQL may stand at the margin too.
const BEGINNINGS: &[&str] =
    &["pub", "fn ", "const ", "static ", "struct ", "enum ", "impl", "macro_rules", "mod ", "use ", "type "];

/// Functions and constants of a file, by name. rustfmt begins each at the margin and ends it with the next.
fn items(text: &str) -> BTreeMap<String, String> {
    let mut items = BTreeMap::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        let named = words.iter().position(|word| matches!(*word, "fn" | "const" | "static" | "macro_rules"));
        let begins = BEGINNINGS.iter().any(|word| line.starts_with(word));
        if begins && let Some((name, body)) = open.take() {
            items.insert(name, body);
        }
        let name = |at: usize| words.iter().skip(at + 1).find(|word| !word.is_empty());
        match (begins.then_some(named).flatten().and_then(name), &mut open) {
            (Some(name), _) => open = Some(((*name).to_owned(), format!("{line}\n"))),
            (None, Some((_, body))) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    items.extend(open);
    items
}

/// The SQL of an item: its own literals, and those of the private functions, constants and macros that it names.
fn pieces(item: &str, items: &BTreeMap<String, String>, seen: &mut BTreeSet<String>) -> Vec<String> {
    let own = source::literals(item).into_iter().flat_map(|(_, text)| sql_pieces(&text));
    let mut all: Vec<String> = own.collect();
    for word in item.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        let helper = items.get(word).filter(|helper| !helper.starts_with("pub fn"));
        if let Some(helper) = helper
            && seen.insert(word.to_owned())
        {
            all.extend(pieces(helper, items, seen));
        }
    }
    all
}

/// A literal without the places that `format!` fills; nothing if it is no SQL.
fn sql_pieces(text: &str) -> Vec<String> {
    const WORDS: &[&str] =
        &["SELECT", "INSERT", "UPDATE", "DELETE", "FROM", "WHERE", "AND", "ORDER BY", "VALUES", "WITH"];
    let text = plain(text);
    if !WORDS.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let escaped = text.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let mut pieces = Vec::new();
    for part in escaped.split('{') {
        let part = part.split_once('}').map_or(part, |(_, after)| after);
        pieces.push(part.replace('\u{1}', "{").replace('\u{2}', "}").trim().to_owned());
    }
    pieces.retain(|piece| piece.len() > 3);
    pieces
}

/// One space for any white space.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
