//! Instants in words. Pages know no time zone, so that it is said: UTC.

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};

use super::texts::Texts;
use crate::domain::time::Timestamp;

/// `3 Sep 2026`
pub(super) fn day(at: Timestamp, texts: &Texts) -> String {
    let at = utc(at);
    let month = texts.common.months.split(' ').nth(usize::try_from(at.month0()).unwrap_or_default());
    format!("{} {} {}", at.day(), month.unwrap_or_default(), at.year())
}

/// `3 Sep 2026, 10:53 UTC`
pub(super) fn minute(at: Timestamp, texts: &Texts) -> String {
    let (day, at) = (day(at, texts), utc(at));
    format!("{day}, {:02}:{:02} UTC", at.hour(), at.minute())
}

/// What a calendar cannot hold is its first day.
fn utc(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.millis()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Texts, Timestamp, day, minute};
    use crate::http::pages::Language;

    #[test]
    fn an_instant_is_told_in_the_language() {
        let at = Timestamp::from_millis(1_788_432_784_000);
        assert_eq!(minute(at, Texts::in_language(Language::English)), "3 Sep 2026, 10:53 UTC");
        assert_eq!(day(at, Texts::in_language(Language::Polish)), "3 wrz 2026");
        assert_eq!(day(Timestamp::from_millis(i64::MAX), Texts::in_language(Language::English)), "1 Jan 1970");
    }
}
