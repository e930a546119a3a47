//! The runtime's clock. It stands still between two I/O operations, by the platform's design.

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

pub(super) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
        Timestamp::from_millis(js_sys::Date::now() as i64)
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

/// Ends when nobody sleeps any longer.
struct Timer(f64);

impl Drop for Timer {
    fn drop(&mut self) {
        end_timer(self.0);
    }
}
