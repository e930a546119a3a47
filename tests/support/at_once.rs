//! The same request many times at once.

/// What each of `times` calls gave, made by as many threads.
pub fn at_once<T: Send>(times: usize, ask: impl Fn() -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..times).map(|_| scope.spawn(&ask)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}
