//! The request log: the runtime's console.

use crate::ports::Log;

pub(super) struct Console;

impl Log for Console {
    fn line(&self, line: &str) {
        worker::console_log!("{line}");
    }
}
