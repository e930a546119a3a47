//! Work after the answer: `waitUntil`.

use worker::Context;

use crate::ports::{Background, Pending};

pub(super) struct WaitUntil(Context);

impl WaitUntil {
    pub(super) fn new(context: Context) -> Self {
        Self(context)
    }
}

impl Background for WaitUntil {
    fn run(&self, task: Pending<'static, ()>) {
        self.0.wait_until(task);
    }
}
