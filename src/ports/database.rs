//! The storage seam: an ordered list of SQL statements, executed as one transaction in one round trip.

use std::borrow::Cow;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::Pending;

/// Largest integer (and, negated, the smallest) that survives the trip: the platform binds numbers as IEEE doubles.
pub const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// Most bound parameters of one statement. More values travel as one JSON array through `json_each`.
pub const MAX_PARAMETERS: usize = 100;

/// A SQLite database reached by whole transactions.
pub trait Database: Send + Sync {
    /// Executes the statements in order as **one** atomic transaction in **one** round trip.
    ///
    /// `Ok` holds one [`Rows`] per statement, in order. On `Err` nothing was changed, except after
    /// [`DatabaseError::Unavailable`], where the commit's fate is unknown and must be answered 503, never 200.
    /// A value outside ±(2^53-1), or more than 100 parameters, fails with [`DatabaseError::Rejected`] before anything is sent.
    fn batch<'a>(&'a self, statements: &'a [Statement]) -> Pending<'a, Result<Vec<Rows>, DatabaseError>>;
}

/// One SQL text with its values for `?1`, `?2`, ...
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The text. Only `store/` writes SQL.
    pub sql: Cow<'static, str>,
    /// Values of the numbered parameters, in order.
    pub params: Vec<Value>,
}

impl Statement {
    /// A statement without parameters yet.
    pub fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { sql: sql.into(), params: Vec::new() }
    }

    /// Appends the value of the next numbered parameter.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.params.push(value.into());
        self
    }

    /// Whether it adds rows to this table: it does so at its beginning, or not at all.
    pub fn adds_to(&self, table: &str) -> bool {
        let mut words = self.sql.split_ascii_whitespace();
        (words.next(), words.next(), words.next()) == (Some("INSERT"), Some("INTO"), Some(table))
    }

    /// Refuses what the platform would refuse later, or silently round.
    pub fn check(&self) -> Result<(), DatabaseError> {
        if self.params.len() > MAX_PARAMETERS {
            return Err(DatabaseError::Rejected(format!("{} parameters", self.params.len())));
        }
        let unsafe_integer =
            |value: &Value| matches!(value, Value::Integer(n) if n.unsigned_abs() > MAX_SAFE_INTEGER.unsigned_abs());
        match self.params.iter().any(unsafe_integer) {
            true => Err(DatabaseError::Rejected("integer beyond 2^53-1".into())),
            false => Ok(()),
        }
    }
}

/// A bound value. There is no boolean in SQLite: `true` binds as 1 and reads back as 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// Within ±(2^53-1), see [`MAX_SAFE_INTEGER`].
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes; read back as an array of numbers.
    Blob(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u64> for Value {
    /// What is beyond [`MAX_SAFE_INTEGER`] is that, and so is refused by no check and above every count.
    fn from(value: u64) -> Self {
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX).min(MAX_SAFE_INTEGER))
    }
}

impl From<Duration> for Value {
    /// In whole milliseconds.
    fn from(value: Duration) -> Self {
        u64::try_from(value.as_millis()).unwrap_or(u64::MAX).into()
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What one statement gave.
///
/// The rows travel as one JSON array of objects (column to value): on the platform that is one crossing of the
/// JavaScript boundary per statement instead of one per cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    json: String,
    changes: u64,
    rows_read: u64,
}

impl Rows {
    /// For adapters: `json` is an array of objects, `changes` the rows this statement inserted, updated or deleted.
    pub fn new(json: String, changes: u64, rows_read: u64) -> Self {
        Self { json, changes, rows_read }
    }

    /// Rows that this statement inserted, updated or deleted; 0 for a SELECT.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Rows that the engine visited, as it reports them; what the platform bills.
    pub fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// Every row, or a loud error naming the column that does not fit.
    pub fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>, DatabaseError> {
        serde_json::from_str(&self.json)
            .map_err(|error| DatabaseError::Rejected(format!("{}: {}", std::any::type_name::<T>(), valueless(&error))))
    }

    /// The first row, if there is one.
    pub fn first<T: DeserializeOwned>(&self) -> Result<Option<T>, DatabaseError> {
        Ok(self.all()?.into_iter().next())
    }
}

/// Why a batch did not commit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    /// A statement of ours stopped the batch by name (`refuse:<name>`, see `store::refuse_unless`).
    #[error("refused: {0}")]
    Refused(String),
    /// A constraint stopped the batch: a CHECK or trigger by its name, UNIQUE by its columns (`account.email_key`).
    #[error("constraint: {0}")]
    Constraint(String),
    /// The database did not answer; whether it committed is unknown.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// The statement, its values or its rows are wrong: our fault.
    #[error("statement rejected: {0}")]
    Rejected(String),
}

impl DatabaseError {
    /// Reads the engine's message. The same texts come from SQLite natively and, with a suffix, from the platform;
    /// only the `refuse:` token and the words before the constraint's name are relied on, since the sentences
    /// around them differ between SQLite versions.
    pub fn from_engine(message: &str) -> Self {
        if let Some((_, rest)) = message.split_once("refuse:") {
            return Self::Refused(until(rest, "'").to_owned());
        }
        for marker in ["CHECK constraint failed: ", "UNIQUE constraint failed: ", "NOT NULL constraint failed: "] {
            if let Some((_, rest)) = message.split_once(marker) {
                return Self::Constraint(until(rest, ": SQLITE").to_owned());
            }
        }
        if message.contains("FOREIGN KEY constraint failed") {
            return Self::Constraint("foreign_key".into());
        }
        if message.contains("cannot store ") {
            return Self::Constraint("datatype".into());
        }
        if message.contains("SQLITE_CONSTRAINT_TRIGGER") {
            return Self::Constraint(until(message.trim_start_matches("D1_ERROR: "), ": SQLITE").to_owned());
        }
        match message.contains("SQLITE_") {
            true => Self::Rejected(message.to_owned()),
            false => Self::Unavailable(message.to_owned()),
        }
    }
}

/// The error without the text that serde quotes from the row: this goes to the log, and a row's values do not.
fn valueless(error: &serde_json::Error) -> String {
    let words = error.to_string();
    match words.split_once('"').zip(words.rsplit_once('"')) {
        Some(((before, _), (_, after))) => format!("{before}..{after}"),
        None => words,
    }
}

fn until<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or(text, |(head, _)| head).trim()
}
