//! The runtime's clock. It stands still between two I/O operations, by the platform's design.

use std::cell::Cell;
use std::time::Duration;

use wasm_bindgen::prelude::*;

use super::wait::{self, Settle};
use crate::domain::time::Timestamp;
use crate::ports::{Clock, Pending};

#[wasm_bindgen(module = "/src/edge/border.js")]
extern "C" {
    #[wasm_bindgen(js_name = startTimer)]
    fn start_timer(milliseconds: u32, number: u32, settle: &Settle) -> f64;
    #[wasm_bindgen(js_name = endTimer)]
    fn end_timer(timer: f64);
}

/// What is known of the time while one task is polled.
#[derive(Clone, Copy)]
enum Known {
    /// No task is being polled: time goes on.
    Nothing,
    /// Nobody has asked yet.
    Unread,
    Read(Timestamp),
}

thread_local! {
    static KNOWN: Cell<Known> = const { Cell::new(Known::Nothing) };
}

/// Within `poll`, the clock is read once.
pub(super) fn standing_still<T>(poll: impl FnOnce() -> T) -> T {
    let before = KNOWN.replace(Known::Unread);
    let polled = poll();
    KNOWN.set(before);
    polled
}

pub(super) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        match KNOWN.get() {
            Known::Nothing => read(),
            Known::Read(now) => now,
            Known::Unread => {
                let now = read();
                KNOWN.set(Known::Read(now));
                now
            }
        }
    }

    fn sleep(&self, span: Duration) -> Pending<'static, ()> {
        Box::pin(async move {
            let milliseconds = u32::try_from(span.as_millis()).unwrap_or(u32::MAX);
            let (elapsed, timer) = wait::on(|number, settle| start_timer(milliseconds, number, settle));
            let _ends = Timer(timer);
            let _nothing = elapsed.await;
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
fn read() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// Ends when nobody sleeps any longer.
struct Timer(f64);

impl Drop for Timer {
    fn drop(&mut self) {
        end_timer(self.0);
    }
}
