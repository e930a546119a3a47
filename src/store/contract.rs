//! What every database adapter must do, as checks that run natively and on the platform.
//!
//! Always compiled; a Worker that does not serve them does not contain them.

use serde::Deserialize;

use super::{flag, refuse_unless};
use crate::ports::contract::Check;
use crate::ports::{Database, DatabaseError, MAX_PARAMETERS, MAX_SAFE_INTEGER, Rows, Statement, Value};

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Probe {
    id: i64,
    number: Option<i64>,
    words: Option<String>,
    bytes: Option<Vec<u8>>,
    #[serde(deserialize_with = "flag")]
    truth: bool,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Count {
    n: i64,
}

fn insert(id: i64, number: impl Into<Value>, words: Option<&str>, bytes: Option<Vec<u8>>, truth: bool) -> Statement {
    Statement::new("INSERT INTO contract_probe (id, number, words, bytes, truth) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(id)
        .bind(number)
        .bind(words)
        .bind(bytes)
        .bind(truth)
}

fn select(id: i64) -> Statement {
    Statement::new("SELECT id, number, words, bytes, truth FROM contract_probe WHERE id = ?1").bind(id)
}

fn count() -> Statement {
    Statement::new("SELECT count(*) AS n FROM contract_probe")
}

async fn counted(database: &dyn Database) -> Result<i64, DatabaseError> {
    let rows = database.batch(&[count()]).await?;
    Ok(rows.first().map(Rows::first::<Count>).transpose()?.flatten().map_or(-1, |count| count.n))
}

async fn stored(database: &dyn Database, probe: Statement, id: i64) -> Result<Option<Probe>, DatabaseError> {
    let rows = database.batch(&[probe, select(id)]).await?;
    rows.last().map(Rows::first).transpose().map(Option::flatten)
}

/// Every promise of [`Database`], on a table of its own.
pub async fn database(database: &dyn Database) -> Result<Vec<Check>, DatabaseError> {
    let fresh = [
        Statement::new("DROP TABLE IF EXISTS contract_probe"),
        Statement::new(
            "CREATE TABLE contract_probe (id INTEGER PRIMARY KEY, number INTEGER, words TEXT, bytes BLOB,
  truth INTEGER NOT NULL CONSTRAINT probe_truth CHECK (truth IN (0, 1)),
  CONSTRAINT probe_words UNIQUE (words)) STRICT",
        ),
        Statement::new(
            "CREATE TRIGGER contract_probe_kept BEFORE DELETE ON contract_probe WHEN OLD.id = 1
BEGIN SELECT RAISE(ABORT, 'probe:kept'); END",
        ),
    ];
    database.batch(&fresh).await?;
    let mut checks = values(database).await?;
    checks.extend(limits(database).await?);
    checks.extend(refusals(database).await?);
    checks.extend(guards(database).await?);
    database.batch(&[Statement::new("DROP TABLE contract_probe")]).await?;
    Ok(checks)
}

async fn values(database: &dyn Database) -> Result<Vec<Check>, DatabaseError> {
    let words = "za\u{17c}\u{f3}\u{142}\u{107} \u{1f600} \"quoted\" \\ \u{1} '";
    let bytes: Vec<u8> = (0..=255).collect();
    let full = stored(database, insert(1, 7_i64, Some(words), Some(bytes.clone()), true), 1).await?;
    let expected = Probe { id: 1, number: Some(7), words: Some(words.to_owned()), bytes: Some(bytes), truth: true };
    let null = stored(database, insert(2, None::<i64>, None, None, false), 2).await?;
    let nothing = Probe { id: 2, number: None, words: None, bytes: None, truth: false };
    let empty = stored(database, insert(3, 0_i64, Some(""), Some(Vec::new()), false), 3).await?;
    let empties = Probe { id: 3, number: Some(0), words: Some(String::new()), bytes: Some(Vec::new()), truth: false };
    let top = stored(database, insert(4, MAX_SAFE_INTEGER, None, None, false), 4).await?;
    let bottom = stored(database, insert(5, -MAX_SAFE_INTEGER, None, None, false), 5).await?;
    Ok(vec![
        Check::equal("integer, text, blob and flag come back as they went", full, Some(expected)),
        Check::equal("NULL is NULL", null, Some(nothing)),
        Check::equal("empty text and blob are not NULL", empty, Some(empties)),
        Check::equal("2^53-1 is exact", top.and_then(|probe| probe.number), Some(MAX_SAFE_INTEGER)),
        Check::equal("-(2^53-1) is exact", bottom.and_then(|probe| probe.number), Some(-MAX_SAFE_INTEGER)),
    ])
}

async fn limits(database: &dyn Database) -> Result<Vec<Check>, DatabaseError> {
    let before = counted(database).await?;
    let beyond = database.batch(&[insert(90, MAX_SAFE_INTEGER + 1, None, None, false)]).await;
    let below = database.batch(&[insert(91, i64::MIN, None, None, false)]).await;
    let sum = |n: usize| {
        let terms: Vec<String> = (1..=n).map(|i| format!("?{i}")).collect();
        let statement = Statement::new(format!("SELECT {} AS n", terms.join("+")));
        (0..n).fold(statement, |statement, _| statement.bind(1_i64))
    };
    let hundred = database.batch(&[sum(MAX_PARAMETERS)]).await?;
    let hundred = hundred.first().map(Rows::first::<Count>).transpose()?.flatten();
    let more = database.batch(&[sum(MAX_PARAMETERS + 1)]).await;
    let rejected = |result: &Result<Vec<Rows>, DatabaseError>| matches!(result, Err(DatabaseError::Rejected(_)));
    Ok(vec![
        Check::equal("2^53 is refused, not rounded", rejected(&beyond), true),
        Check::equal("-2^63 is refused, not rounded", rejected(&below), true),
        Check::equal("and nothing was written", counted(database).await?, before),
        Check::equal("100 parameters pass", hundred, Some(Count { n: 100 })),
        Check::equal("101 parameters are refused", rejected(&more), true),
    ])
}

async fn refusals(database: &dyn Database) -> Result<Vec<Check>, DatabaseError> {
    let before = counted(database).await?;
    let first = insert(10, 1_i64, Some("taken"), None, true);
    database.batch(&[first]).await?;
    let unique =
        database.batch(&[insert(11, 1_i64, None, None, true), insert(12, 1_i64, Some("taken"), None, true)]).await;
    let check = Statement::new("INSERT INTO contract_probe (id, truth) VALUES (13, 2)");
    let not_null = Statement::new("INSERT INTO contract_probe (id) VALUES (14)");
    let kept = Statement::new("DELETE FROM contract_probe WHERE id = 1");
    let wrong_type = insert(15, "seven", None, None, true);
    let refused = [insert(16, 1_i64, None, None, true), refuse_unless("probe_name", "1 = 2")];
    let syntax = [insert(17, 1_i64, None, None, true), Statement::new("SELECT nothing FROM nowhere")];
    let constraint = |name: &str| Some(DatabaseError::Constraint(name.to_owned()));
    let checks = vec![
        Check::equal("UNIQUE is named by its column", unique.err(), constraint("contract_probe.words")),
        Check::equal("CHECK is named", database.batch(&[check]).await.err(), constraint("probe_truth")),
        Check::equal("NOT NULL is named", database.batch(&[not_null]).await.err(), constraint("contract_probe.truth")),
        Check::equal(
            "a trigger's own words come through",
            database.batch(&[kept]).await.err(),
            constraint("probe:kept"),
        ),
        Check::equal("a wrong type is a constraint", database.batch(&[wrong_type]).await.err(), constraint("datatype")),
        Check::equal(
            "a named refusal comes through",
            database.batch(&refused).await.err(),
            Some(DatabaseError::Refused("probe_name".into())),
        ),
        Check::equal(
            "a wrong statement is our fault",
            matches!(database.batch(&syntax).await, Err(DatabaseError::Rejected(_))),
            true,
        ),
        Check::equal("each of them undid its whole batch", counted(database).await?, before + 1),
    ];
    Ok(checks)
}

async fn guards(database: &dyn Database) -> Result<Vec<Check>, DatabaseError> {
    let update = |id: i64| Statement::new("UPDATE contract_probe SET number = 99 WHERE id = ?1").bind(id);
    let follow =
        |id: i64| Statement::new("INSERT INTO contract_probe (id, truth) SELECT ?1, 1 WHERE changes() = 1").bind(id);
    let hit = database.batch(&[update(10), follow(20), count()]).await?;
    let miss = database.batch(&[update(404), follow(21), count()]).await?;
    let changes = |rows: &[Rows]| rows.iter().map(Rows::changes).collect::<Vec<_>>();
    let nothing = database.batch(&[]).await.map(|rows| rows.len());
    Ok(vec![
        Check::equal("changes() of a matched guard lets the next statement act", changes(&hit), vec![1, 1, 0]),
        Check::equal("changes() of an unmatched guard stops it", changes(&miss), vec![0, 0, 0]),
        Check::equal("an empty batch is nothing", nothing, Ok(0)),
    ])
}
