//! Work after the answer: `waitUntil`, which requests and the cron trigger have each in a form of its own.

use wasm_bindgen::prelude::*;
use worker::{ScheduleContext, worker_sys};

use super::task::{self, Later};
use super::wait::{self, Settle};
use crate::ports::{Background, Pending};

#[wasm_bindgen(module = "/src/edge/border.js")]
extern "C" {
    #[wasm_bindgen(js_name = afterAnswer)]
    fn after_answer(context: &worker_sys::Context, number: u32, settle: &Settle) -> Later;
}

pub(super) struct AfterAnswer(pub worker_sys::Context);

impl Background for AfterAnswer {
    fn run(&self, task: Pending<'static, ()>) {
        let (answered, later) = wait::on(|number, settle| after_answer(&self.0, number, settle));
        let work = async move {
            let _nothing = answered.await;
            task.await;
            JsValue::UNDEFINED
        };
        let _waits = task::start(work, later);
    }
}

pub(super) struct AfterSchedule(pub ScheduleContext);

impl Background for AfterSchedule {
    fn run(&self, task: Pending<'static, ()>) {
        self.0.wait_until(task);
    }
}
