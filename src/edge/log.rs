//! The request log: the runtime's console.

use wasm_bindgen::prelude::*;

use crate::ports::Log;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = log)]
    fn console_log(line: &str);
}

pub(super) struct Console;

impl Log for Console {
    fn line(&self, line: &str) {
        console_log(line);
    }
}
