//! The database port on SQLite in memory: the same SQL text and schema as on D1.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use global_accounts::ports::{Clock as _, Database, DatabaseError, Pending, Rows, Statement, Value};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, StatementStatus, ffi};

use super::plans;
use super::ports::FixedClock;

pub const SCHEMA: &str = include_str!("../../schema.sql");

/// What the next batches do instead of working.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Fails before anything is executed.
    BeforeCommit,
    /// Executes and commits, then loses the answer.
    AfterCommit,
    /// Works so many times more, then fails like `BeforeCommit`.
    Later(u32),
    /// Works so many times more, then loses the answer like `AfterCommit`.
    LostLater(u32),
}

/// A shared handle: clones see the same data.
#[derive(Clone)]
pub struct Sqlite {
    connection: Arc<Mutex<Connection>>,
    fault: Arc<Mutex<Option<Fault>>>,
    batches: Arc<AtomicU32>,
    statements: Arc<AtomicU32>,
    steps: Arc<AtomicU64>,
    texts: Arc<Mutex<BTreeSet<String>>>,
    recorded: Arc<Mutex<Option<Vec<String>>>>,
    meanwhile: Arc<Mutex<Option<(u32, String)>>>,
    slow: Arc<Mutex<Option<(FixedClock, Duration)>>>,
}

impl Default for Sqlite {
    fn default() -> Self {
        let sqlite = Self::empty();
        sqlite.raw().execute_batch(SCHEMA).expect("schema.sql loads");
        sqlite
    }
}

impl Sqlite {
    /// Without any table.
    pub fn empty() -> Self {
        let connection = Connection::open_in_memory().expect("SQLite opens");
        connection.pragma_update(None, "foreign_keys", true).expect("foreign keys are on, as on D1");
        Self {
            connection: Arc::new(Mutex::new(connection)),
            fault: Arc::default(),
            batches: Arc::default(),
            statements: Arc::default(),
            steps: Arc::default(),
            texts: Arc::default(),
            recorded: Arc::default(),
            meanwhile: Arc::default(),
            slow: Arc::default(),
        }
    }

    /// For what a test looks at or plants behind the service's back.
    pub fn raw(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().expect("no test panicked in a batch")
    }

    /// One value of one row.
    pub fn value<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.raw().query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Executes one statement.
    pub fn execute(&self, sql: &str) {
        self.raw().execute(sql, []).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    pub fn set_fault(&self, fault: Option<Fault>) {
        *self.fault.lock().expect("lock") = fault;
    }

    /// Answers arrive so much later, by this clock.
    pub fn set_slow(&self, slow: Option<(FixedClock, Duration)>) {
        *self.slow.lock().expect("lock") = slow;
    }

    /// Somebody else's write, after so many more batches and before the next one.
    pub fn meanwhile(&self, batches: u32, sql: &str) {
        *self.meanwhile.lock().expect("lock") = Some((batches, sql.to_owned()));
    }

    fn happen_meanwhile(&self) {
        let mut meanwhile = self.meanwhile.lock().expect("lock");
        if let Some((left, sql)) = meanwhile.take() {
            match left.checked_sub(1) {
                Some(left) => *meanwhile = Some((left, sql)),
                None => self.raw().execute_batch(&sql).unwrap_or_else(|error| panic!("{sql}: {error}")),
            }
        }
    }

    /// Batches that arrived here, whatever became of them: the count that does not trust the service's own.
    pub fn batches(&self) -> u32 {
        self.batches.load(Ordering::SeqCst)
    }

    /// Statements that were executed, in whatever batches.
    pub fn statements(&self) -> u32 {
        self.statements.load(Ordering::SeqCst)
    }

    /// Steps of SQLite's virtual machine so far: what the statements cost, writes and searches in indexes included.
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }

    /// Every SQL text that was executed.
    pub fn texts(&self) -> BTreeSet<String> {
        self.texts.lock().expect("lock").clone()
    }

    /// The SQL texts from now on, batch by batch, those of what was recorded before.
    pub fn record(&self) -> Vec<String> {
        self.recorded.lock().expect("lock").replace(Vec::new()).unwrap_or_default()
    }

    /// Every cell of every table, as `(table, column, text)`; blobs in hexadecimal.
    pub fn dump(&self) -> Vec<(String, String, String)> {
        let connection = self.raw();
        let mut tables =
            connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").expect("a catalogue");
        let tables: Vec<String> =
            tables.query_map([], |row| row.get(0)).and_then(Iterator::collect).expect("names of tables");
        let mut cells = Vec::new();
        for table in tables {
            let mut every = connection.prepare(&format!("SELECT * FROM \"{table}\"")).expect("a table");
            let columns: Vec<String> = every.column_names().into_iter().map(str::to_owned).collect();
            let mut rows = every.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                for (index, column) in columns.iter().enumerate() {
                    let text = match row.get_ref(index).expect("a cell") {
                        ValueRef::Null => continue,
                        ValueRef::Integer(integer) => integer.to_string(),
                        ValueRef::Real(real) => real.to_string(),
                        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                        ValueRef::Blob(bytes) => format!("{bytes:?}"),
                    };
                    cells.push((table.clone(), column.clone(), text));
                }
            }
        }
        cells
    }

    fn next_fault(&self) -> Option<Fault> {
        let mut fault = self.fault.lock().expect("lock");
        match *fault {
            Some(Fault::Later(left)) => *fault = Some(left.checked_sub(1).map_or(Fault::BeforeCommit, Fault::Later)),
            Some(Fault::LostLater(left)) => {
                *fault = Some(left.checked_sub(1).map_or(Fault::AfterCommit, Fault::LostLater));
            }
            _ => {}
        }
        *fault
    }

    fn run(&self, statements: &[Statement]) -> Result<Vec<Rows>, DatabaseError> {
        self.batches.fetch_add(1, Ordering::SeqCst);
        let fault = self.next_fault();
        if fault == Some(Fault::BeforeCommit) {
            return Err(DatabaseError::Unavailable("injected before commit".into()));
        }
        self.happen_meanwhile();
        let mut connection = self.raw();
        self.statements.fetch_add(u32::try_from(statements.len()).unwrap_or(u32::MAX), Ordering::SeqCst);
        if let Some(recorded) = self.recorded.lock().expect("lock").as_mut() {
            recorded.push("BATCH".to_owned());
            recorded.extend(statements.iter().map(|statement| statement.sql.clone().into_owned()));
        }
        for statement in statements {
            plans::watch(&connection, &statement.sql);
            self.texts.lock().expect("lock").insert(statement.sql.clone().into_owned());
        }
        let transaction = connection.savepoint().map_err(engine)?; // within a test's own savepoint, if it opened one
        let run = |statement| execute(&transaction, statement, &self.steps);
        let rows = statements.iter().map(run).collect::<Result<_, _>>()?;
        transaction.commit().map_err(engine)?;
        match fault {
            Some(Fault::AfterCommit) => Err(DatabaseError::Unavailable("injected after commit".into())),
            _ => Ok(rows),
        }
    }
}

impl Database for Sqlite {
    fn batch<'a>(&'a self, statements: &'a [Statement]) -> Pending<'a, Result<Vec<Rows>, DatabaseError>> {
        Box::pin(async move {
            let answer = self.run(statements);
            let slow = self.slow.lock().expect("lock").clone();
            if let Some((clock, span)) = slow {
                clock.sleep(span).await;
            }
            answer
        })
    }
}

fn execute(connection: &Connection, statement: &Statement, steps: &AtomicU64) -> Result<Rows, DatabaseError> {
    statement.check()?;
    let mut prepared = connection.prepare_cached(&statement.sql).map_err(engine)?;
    let names: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
    let params = rusqlite::params_from_iter(statement.params.iter().map(|value| match value {
        Value::Null => rusqlite::types::Value::Null,
        Value::Integer(integer) => rusqlite::types::Value::Integer(*integer),
        Value::Text(text) => rusqlite::types::Value::Text(text.clone()),
        Value::Blob(bytes) => rusqlite::types::Value::Blob(bytes.clone()),
    }));
    let before = connection.total_changes();
    let mut list = Vec::new();
    let mut rows = prepared.query(params).map_err(engine)?;
    while let Some(row) = rows.next().map_err(engine)? {
        let mut object = serde_json::Map::new();
        for (index, name) in names.iter().enumerate() {
            object.insert(name.clone(), json(row.get_ref(index).map_err(engine)?));
        }
        list.push(serde_json::Value::Object(object));
    }
    drop(rows);
    let taken = prepared.reset_status(StatementStatus::VmStep);
    steps.fetch_add(u64::try_from(taken).unwrap_or(0), Ordering::SeqCst);
    // As D1 reports it: the statement's own changes, none for a SELECT.
    let changed = connection.total_changes() != before;
    let own = if changed { connection.changes() } else { 0 };
    Ok(Rows::new(serde_json::Value::Array(list).to_string(), own, 0))
}

fn json(value: ValueRef<'_>) -> serde_json::Value {
    match value {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(integer) => integer.into(),
        ValueRef::Real(real) => real.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Blob(bytes) => bytes.to_vec().into(),
    }
}

/// Puts the engine's code behind its words, as D1 does.
fn engine(error: Error) -> DatabaseError {
    let (code, words) = match &error {
        Error::SqliteFailure(code, Some(words)) => (code.extended_code, words.clone()),
        Error::SqlInputError { error, msg, .. } => (error.extended_code, msg.clone()),
        other => (ffi::SQLITE_ERROR, other.to_string()),
    };
    let name = match code {
        ffi::SQLITE_CONSTRAINT_TRIGGER => "SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_TRIGGER)",
        code if code & 0xff == ffi::SQLITE_CONSTRAINT => "SQLITE_CONSTRAINT",
        _ => "SQLITE_ERROR",
    };
    DatabaseError::from_engine(&format!("{words}: {name}"))
}
