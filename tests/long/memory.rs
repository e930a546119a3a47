//! A million distinct valid tokens pass through one isolate, and the heap is as large as before.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use global_accounts::app::recent::{MAX_BYTES, MAX_ENTRIES};
use http::StatusCode;

use crate::support::client::World;

/// Counts the bytes that are allocated and not yet freed. SQLite's own memory is not among them.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static HEAP: Counting = Counting;

#[allow(unsafe_code, reason = "an allocator cannot be written without")]
// SAFETY: every call goes to the system's allocator as it came; the counter decides nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[test]
fn a_million_valid_tokens_do_not_grow_an_isolate() {
    const ROUNDS: usize = 100;
    let world = World::with(&[("INTROSPECTION_CACHE", "isolate")]);
    let (owner, _) = world.sign_up("owner@example.com");
    let mut live = Vec::new();
    for _ in 0..ROUNDS {
        for token in world.many_tokens_like(owner.token(), 1_000_000 / ROUNDS) {
            let answer = world.bearer(&token).get("/v2/info");
            assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1));
        }
        world.log.0.lock().expect("lock").clear();
        live.push(LIVE.load(Ordering::Relaxed));
    }
    let remembered = world.isolate.remembered();
    assert!(remembered.entries <= MAX_ENTRIES && remembered.bytes <= MAX_BYTES, "{remembered:?}");
    let megabytes = |bytes: usize| format!("{:.1} MB", bytes as f64 / 1e6);
    println!(
        "live heap after 10,000 / 500,000 / 1,000,000 distinct tokens: {} / {} / {}; {remembered:?}",
        megabytes(live[0]),
        megabytes(live[ROUNDS / 2]),
        megabytes(live[ROUNDS - 1])
    );
    // The other test of this binary runs at another time: make test-long runs them one after the other.
    let (most, least) = (live[ROUNDS / 2..].iter().max(), live[5..ROUNDS / 2].iter().max());
    assert!(most <= least.map(|least| least + MAX_BYTES / 8).as_ref(), "{live:?}");
}
