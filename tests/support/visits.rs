//! Rows that a statement visits: what D1 reports as `rows_read` and bills.

use std::ffi::{CString, c_int, c_void};
use std::ptr;

use global_accounts::ports::{Statement, Value};
use rusqlite::{Connection, ffi};

/// What one statement cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub returned: u64,
    pub visited: u64,
}

/// Runs a statement to its end and counts, by `sqlite3_stmt_scanstatus`.
#[allow(unsafe_code, reason = "rusqlite has no safe way to the counters")]
pub fn cost(connection: &Connection, statement: &Statement) -> Cost {
    let sql = CString::new(&*statement.sql).expect("no NUL in SQL");
    // SAFETY: the connection outlives the prepared statement, which is finalized below; texts are copied
    // (SQLITE_TRANSIENT); the counters are written to a local of the type that the documentation names.
    unsafe {
        let mut prepared = ptr::null_mut();
        let code = ffi::sqlite3_prepare_v2(connection.handle(), sql.as_ptr(), -1, &raw mut prepared, ptr::null_mut());
        assert_eq!(code, ffi::SQLITE_OK, "{}", statement.sql);
        for (at, value) in (1..).zip(&statement.params) {
            let code = match value {
                Value::Null => ffi::sqlite3_bind_null(prepared, at),
                Value::Integer(integer) => ffi::sqlite3_bind_int64(prepared, at, *integer),
                Value::Text(text) => {
                    let length = c_int::try_from(text.len()).expect("a short text");
                    ffi::sqlite3_bind_text(prepared, at, text.as_ptr().cast(), length, ffi::SQLITE_TRANSIENT())
                }
                Value::Blob(_) => panic!("no statement that is measured binds a blob"),
            };
            assert_eq!(code, ffi::SQLITE_OK);
        }
        let mut returned = 0;
        while ffi::sqlite3_step(prepared) == ffi::SQLITE_ROW {
            returned += 1;
        }
        let mut visited = 0;
        for loop_number in 0.. {
            let mut visits: i64 = 0;
            let out = (&raw mut visits).cast::<c_void>();
            if ffi::sqlite3_stmt_scanstatus(prepared, loop_number, ffi::SQLITE_SCANSTAT_NVISIT, out) != 0 {
                break;
            }
            visited += u64::try_from(visits).unwrap_or(0);
        }
        ffi::sqlite3_finalize(prepared);
        Cost { returned, visited }
    }
}
