//! The cache port in memory, and everything that the platform's cache may do instead of what it was told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use global_accounts::domain::time::Timestamp;
use global_accounts::ports::{Cache, CacheError, Clock as _, Pending};

use super::ports::FixedClock;

/// What a cache may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheFault {
    /// Keeps everything and tells it at once.
    #[default]
    None,
    /// Tells for ever what was first put under a key.
    StaleForever,
    /// Tells what was there so long ago.
    StaleFor(Duration),
    /// Repeats for so long that a key which was once absent is absent.
    NegativeFor(Duration),
    /// Takes deletes and does nothing.
    LostDeletes,
    /// Takes puts and does nothing.
    LostPuts,
    /// Puts arrive so much later, after deletes that were asked for after them.
    DelayedPuts(Duration),
    /// Answers no call.
    Down,
    /// Answers reads, so much later.
    Slow(Duration),
}

/// One write as it takes effect; `None` is a delete.
type Write = (Timestamp, Option<String>);

/// A shared handle: clones see the same data.
#[derive(Clone, Default)]
pub struct MemoryCache {
    clock: FixedClock,
    writes: Arc<Mutex<BTreeMap<String, Vec<Write>>>>,
    absent_until: Arc<Mutex<BTreeMap<String, Timestamp>>>,
    fault: Arc<Mutex<CacheFault>>,
    calls: Arc<Mutex<Calls>>,
    shortest_ttl: Arc<AtomicU32>,
}

/// Calls that arrived, the ones after the answer among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    pub gets: u32,
    pub puts: u32,
    pub deletes: u32,
}

impl MemoryCache {
    /// On the clock of its world.
    pub fn on(clock: &FixedClock) -> Self {
        Self { clock: clock.clone(), shortest_ttl: Arc::new(AtomicU32::new(u32::MAX)), ..Self::default() }
    }

    pub fn set_fault(&self, fault: CacheFault) {
        *self.fault.lock().expect("lock") = fault;
    }

    pub fn set_down(&self, down: bool) {
        self.set_fault(if down { CacheFault::Down } else { CacheFault::None });
    }

    pub fn clear(&self) {
        self.writes.lock().expect("lock").clear();
    }

    /// What is there now.
    pub fn values(&self) -> BTreeMap<String, String> {
        let keys: Vec<String> = self.writes.lock().expect("lock").keys().cloned().collect();
        let value = |key: String| self.at(&key, self.clock.now()).map(|value| (key, value));
        keys.into_iter().filter_map(value).collect()
    }

    /// Every key and value that was ever put, deleted or not.
    pub fn written(&self) -> Vec<(String, String)> {
        let writes = self.writes.lock().expect("lock");
        let values = |(key, writes): (&String, &Vec<Write>)| {
            let values = writes.iter().filter_map(|(_, value)| value.clone());
            values.map(|value| (key.clone(), value)).collect::<Vec<_>>()
        };
        writes.iter().flat_map(values).collect()
    }

    /// Calls that arrived here, the ones after the answer among them.
    pub fn calls(&self) -> u32 {
        let Calls { gets, puts, deletes } = self.calls_by_kind();
        gets + puts + deletes
    }

    pub fn calls_by_kind(&self) -> Calls {
        *self.calls.lock().expect("lock")
    }

    /// The shortest life that a put ever asked for, in seconds.
    pub fn shortest_ttl(&self) -> u32 {
        self.shortest_ttl.load(Ordering::SeqCst)
    }

    fn at(&self, key: &str, now: Timestamp) -> Option<String> {
        let writes = self.writes.lock().expect("lock");
        let arrived = writes.get(key)?.iter().filter(|(at, _)| *at <= now);
        arrived.max_by_key(|(at, _)| *at).and_then(|(_, value)| value.clone())
    }

    fn read(&self, key: &str, fault: CacheFault) -> Option<String> {
        let now = self.clock.now();
        match fault {
            CacheFault::StaleForever => {
                let writes = self.writes.lock().expect("lock");
                writes.get(key)?.iter().find_map(|(_, value)| value.clone())
            }
            CacheFault::StaleFor(span) => self.at(key, now.minus(span)),
            CacheFault::NegativeFor(span) => {
                let mut absent_until = self.absent_until.lock().expect("lock");
                if absent_until.get(key).is_some_and(|until| now < *until) {
                    return None;
                }
                let value = self.at(key, now);
                if value.is_none() {
                    absent_until.insert(key.to_owned(), now.plus(span));
                }
                value
            }
            _ => self.at(key, now),
        }
    }

    fn write(&self, key: &str, delay: Duration, value: Option<String>) {
        let at = self.clock.now().plus(delay);
        self.writes.lock().expect("lock").entry(key.to_owned()).or_default().push((at, value));
    }

    fn reach(&self, count: impl FnOnce(&mut Calls)) -> Result<CacheFault, CacheError> {
        count(&mut self.calls.lock().expect("lock"));
        match *self.fault.lock().expect("lock") {
            CacheFault::Down => Err(CacheError("injected".into())),
            fault => Ok(fault),
        }
    }
}

impl Cache for MemoryCache {
    fn get<'a>(&'a self, key: &'a str) -> Pending<'a, Result<Option<String>, CacheError>> {
        Box::pin(async move {
            let fault = self.reach(|calls| calls.gets += 1)?;
            if let CacheFault::Slow(span) = fault {
                self.clock.sleep(span).await;
            }
            Ok(self.read(key, fault))
        })
    }

    fn put<'a>(&'a self, key: &'a str, value: String, ttl_seconds: u64) -> Pending<'a, Result<(), CacheError>> {
        Box::pin(async move {
            let fault = self.reach(|calls| calls.puts += 1)?;
            self.shortest_ttl.fetch_min(u32::try_from(ttl_seconds).expect("a short life"), Ordering::SeqCst);
            match fault {
                CacheFault::LostPuts => {}
                CacheFault::DelayedPuts(span) => self.write(key, span, Some(value)),
                _ => self.write(key, Duration::ZERO, Some(value)),
            }
            Ok(())
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> Pending<'a, Result<(), CacheError>> {
        Box::pin(async move {
            match self.reach(|calls| calls.deletes += 1)? {
                CacheFault::LostDeletes => {}
                _ => self.write(key, Duration::ZERO, None),
            }
            Ok(())
        })
    }
}
