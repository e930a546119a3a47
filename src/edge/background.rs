//! Work after the answer: `waitUntil`, which requests and the cron trigger have each in a form of its own.

use worker::{Context, ScheduleContext};

use crate::ports::{Background, Pending};

pub(super) struct AfterAnswer(pub Context);

impl Background for AfterAnswer {
    fn run(&self, task: Pending<'static, ()>) {
        self.0.wait_until(task);
    }
}

pub(super) struct AfterSchedule(pub ScheduleContext);

impl Background for AfterSchedule {
    fn run(&self, task: Pending<'static, ()>) {
        self.0.wait_until(task);
    }
}
