//! Work of this isolate: a request, or what goes on after its answer. It is polled where it is woken, and what it gives is
//! handed over without a promise of its own.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use wasm_bindgen::prelude::*;
use worker::send::SendWrapper;

use super::clock;

#[wasm_bindgen]
extern "C" {
    /// Where JavaScript waits for what did not come at once.
    pub type Later;
    #[wasm_bindgen(method)]
    fn resolve(this: &Later, given: JsValue);
}

struct Task {
    /// `None` once it is done.
    running: RefCell<Option<Pin<Box<dyn Future<Output = JsValue>>>>>,
    woken: Cell<bool>,
    later: Later,
}

/// The only thread of an isolate.
struct Here(SendWrapper<Task>);

impl Here {
    fn poll(self: Arc<Self>) -> Poll<JsValue> {
        let task = &self.0.0;
        task.woken.set(true);
        // Whoever wakes it while it is being polled has it polled once more.
        let Ok(mut running) = task.running.try_borrow_mut() else { return Poll::Pending };
        let waker = Waker::from(Arc::clone(&self));
        while task.woken.take() {
            let Some(future) = running.as_mut() else { break };
            let polled = clock::standing_still(|| future.as_mut().poll(&mut Context::from_waker(&waker)));
            if let Poll::Ready(given) = polled {
                *running = None;
                return Poll::Ready(given);
            }
        }
        Poll::Pending
    }
}

impl Wake for Here {
    fn wake(self: Arc<Self>) {
        if let Poll::Ready(given) = Arc::clone(&self).poll() {
            self.0.0.later.resolve(given);
        }
    }
}

/// What `future` gives, if there was nothing to wait for. Otherwise `later` gets it.
pub(super) fn start(future: impl Future<Output = JsValue> + 'static, later: Later) -> Option<JsValue> {
    let task = Task { running: RefCell::new(Some(Box::pin(future))), woken: Cell::default(), later };
    match Arc::new(Here(SendWrapper(task))).poll() {
        Poll::Ready(given) => Some(given),
        Poll::Pending => None,
    }
}
