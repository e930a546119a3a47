//! The runtime's clock. It stands still between two I/O operations, by the platform's design.

use std::time::Duration;

use worker::Delay;
use worker::send::IntoSendFuture as _;

use crate::domain::time::Timestamp;
use crate::ports::{Clock, Pending};

pub(super) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
        Timestamp::from_millis(js_sys::Date::now() as i64)
    }
    fn sleep(&self, span: Duration) -> Pending<'static, ()> {
        Box::pin(Delay::from(span).into_send())
    }
}
