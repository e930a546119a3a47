//! A day as fields of type `date` write it. Pages know no time zone: a day is one of UTC.

use crate::domain::time::Timestamp;

/// When it begins; `None` for what is no day.
pub(in crate::http::panel) fn begin(text: &str) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z"))
}

/// The day in which an instant is.
pub(in crate::http::panel) fn of(at: Timestamp) -> String {
    at.rfc3339().chars().take_while(|letter| *letter != 'T').collect()
}
