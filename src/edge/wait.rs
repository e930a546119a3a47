//! Waiting for JavaScript.
//!
//! What storage answers comes back through one function of this instance, with the number of who waits for it; what is
//! asked for is asked in `border.js`, which calls it. A promise turned into a future by `wasm-bindgen-futures` costs two
//! closures, their finalizers and a microtask instead, several times as much as a token check.

use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;

/// Called by `border.js`: whom it concerns, what came, and why nothing came.
pub(super) type Settle = Closure<dyn Fn(u32, Option<Vec<u8>>, Option<String>)>;

/// What came: bytes, nothing, or the text of an error.
pub(super) type Outcome = Result<Option<Vec<u8>>, String>;

enum State {
    Asked(Option<Waker>),
    Settled(Outcome),
}

thread_local! {
    static WAITS: RefCell<(u32, HashMap<u32, State>)> = RefCell::default();
    static SETTLE: Settle = Closure::new(settle);
}

fn settle(number: u32, value: Option<Vec<u8>>, error: Option<String>) {
    let waker = WAITS.with_borrow_mut(|(_, waits)| {
        // Nobody may be waiting any longer.
        let state = waits.get_mut(&number)?;
        let asked = std::mem::replace(state, State::Settled(error.map_or(Ok(value), Err)));
        match asked {
            State::Asked(waker) => waker,
            State::Settled(_) => None,
        }
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// One answer to come. Dropped, it is no longer waited for.
pub(super) struct Wait(u32);

/// Asks by `ask`, which tells JavaScript under which number, and to whom, to answer.
pub(super) fn on<T>(ask: impl FnOnce(u32, &Settle) -> T) -> (Wait, T) {
    let number = WAITS.with_borrow_mut(|(last, waits)| {
        *last = last.wrapping_add(1);
        waits.insert(*last, State::Asked(None));
        *last
    });
    (Wait(number), SETTLE.with(|settle| ask(number, settle)))
}

impl Future for Wait {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        WAITS.with_borrow_mut(|(_, waits)| match waits.remove(&self.0) {
            Some(State::Settled(outcome)) => Poll::Ready(outcome),
            Some(State::Asked(_)) => {
                waits.insert(self.0, State::Asked(Some(context.waker().clone())));
                Poll::Pending
            }
            None => Poll::Ready(Err("asked again after its answer".into())),
        })
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        WAITS.with_borrow_mut(|(_, waits)| waits.remove(&self.0));
    }
}
