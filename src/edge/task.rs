//! One request at work: it is polled where it is woken, and its answer handed over without a promise of its own.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use wasm_bindgen::prelude::*;
use worker::send::SendWrapper;
use worker::web_sys::Response;

#[wasm_bindgen]
extern "C" {
    /// Where `entry.js` waits for an answer that did not come at once.
    pub type Later;
    #[wasm_bindgen(method)]
    fn resolve(this: &Later, answer: Response);
}

struct Task {
    /// `None` once it is done.
    answered: RefCell<Option<Pin<Box<dyn Future<Output = Response>>>>>,
    woken: Cell<bool>,
    later: Later,
}

/// The only thread of an isolate.
struct Here(SendWrapper<Task>);

impl Here {
    fn poll(self: Arc<Self>) -> Poll<Response> {
        let task = &self.0.0;
        task.woken.set(true);
        // Whoever wakes it while it is being polled has it polled once more.
        let Ok(mut answered) = task.answered.try_borrow_mut() else { return Poll::Pending };
        let waker = Waker::from(Arc::clone(&self));
        while task.woken.take() {
            let Some(running) = answered.as_mut() else { break };
            if let Poll::Ready(response) = running.as_mut().poll(&mut Context::from_waker(&waker)) {
                *answered = None;
                return Poll::Ready(response);
            }
        }
        Poll::Pending
    }
}

impl Wake for Here {
    fn wake(self: Arc<Self>) {
        if let Poll::Ready(response) = Arc::clone(&self).poll() {
            self.0.0.later.resolve(response);
        }
    }
}

/// The answer, if there was nothing to wait for. Otherwise `later` gets it.
pub(super) fn start(answered: impl Future<Output = Response> + 'static, later: Later) -> Option<Response> {
    let task = Task { answered: RefCell::new(Some(Box::pin(answered))), woken: Cell::default(), later };
    match Arc::new(Here(SendWrapper(task))).poll() {
        Poll::Ready(response) => Some(response),
        Poll::Pending => None,
    }
}
