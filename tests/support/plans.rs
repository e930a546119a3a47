//! How SQLite would run a statement, and whether that reads a whole table.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rusqlite::Connection;

/// Tables that may be read whole, each with its reason.
const SMALL: &[(&str, &str)] = &[
    ("schema_meta", "one row"),
    ("main.sqlite_master", "the schema itself, which DROP TABLE reads"),
    ("product", "the catalogue: as many rows as there are products"),
    ("scope", "the catalogue: as many rows as there are scopes"),
    ("contract_probe", "the adapters' contract suite makes and drops it"),
];

/// Views that the planner may make first and then read: each step of making one is looked at by itself.
const VIEWS: &[&str] = &["live_caller"];

/// The plan, one step a line, indented by depth.
pub fn explain(connection: &Connection, sql: &str) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = statement.raw_query(); // every parameter is NULL
    let mut lines: Vec<String> = Vec::new();
    let mut depths = std::collections::BTreeMap::from([(0_i64, 0_usize)]);
    while let Some(row) = rows.next()? {
        let (id, parent, detail): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let depth = depths.get(&parent).copied().unwrap_or(0);
        depths.insert(id, depth + 1);
        lines.push(format!("{}{detail}", "  ".repeat(depth)));
    }
    Ok(lines)
}

/// The steps that read a whole table or build an index for one query.
///
/// Reading all of a table-valued function, of a constant or of a result that the same plan has made is no scan: what
/// made it has its own step.
///
/// `sql` tells what an alias stands for.
pub fn scans(sql: &str, plan: &[String]) -> Vec<String> {
    let mut made: BTreeSet<&str> = plan
        .iter()
        .filter_map(|line| {
            let line = line.trim_start();
            ["MATERIALIZE ", "CO-ROUTINE "].iter().find_map(|step| line.strip_prefix(step))
        })
        .collect();
    let words: Vec<&str> = sql.split_whitespace().map(|word| word.trim_matches(['(', ')', ','])).collect();
    for alias in words.windows(3).filter(|alias| alias[1] == "AS") {
        if made.contains(alias[0]) || VIEWS.contains(&alias[0]) {
            made.insert(alias[2]);
        }
    }
    let harmless =
        |name: &str| name.starts_with('(') || made.contains(name) || SMALL.iter().any(|(table, _)| *table == name);
    let whole = |line: &&String| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["SCAN", "CONSTANT", "ROW"] | ["SCAN", _, "VIRTUAL", ..] => false,
            ["SCAN", name, ..] => !harmless(name),
            ["SEARCH", name, ..] => line.contains("AUTOMATIC") && !harmless(name),
            _ => false,
        }
    };
    plan.iter().filter(whole).map(|line| line.trim_start().to_owned()).collect()
}

/// Texts that were looked at already, in any test of this process.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Fails the test that first executes a statement which scans. So every statement that any suite reaches is held to
/// its indexes without being listed anywhere. Benches do not pay for it.
pub fn watch(connection: &Connection, sql: &str) {
    if !cfg!(test) || !SEEN.lock().is_ok_and(|mut seen| seen.insert(sql.to_owned())) {
        return;
    }
    // A statement that does not compile is its own test's matter.
    if let Ok(plan) = explain(connection, sql) {
        let scans = scans(sql, &plan);
        assert!(scans.is_empty(), "reads a whole table: {scans:?}\n{sql}\n\n{}", plan.join("\n"));
    }
}
