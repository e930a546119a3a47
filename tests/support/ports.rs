//! The other ports in memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use global_accounts::domain::time::Timestamp;
use global_accounts::ports::{
    Background, Cache, CacheError, Clock, Entropy, EntropyError, Log, Mail, MailError, Mailer, Pending,
};
use sha2::{Digest as _, Sha256};

/// 2023-11-14T22:13:20Z.
pub const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// A clock that moves only when told to.
#[derive(Clone)]
pub struct FixedClock(Arc<AtomicI64>);

impl Default for FixedClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(START.millis())))
    }
}

impl FixedClock {
    pub fn advance(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_millis()).expect("a short span"), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// The same bytes in every run: SHA-256 of a counter.
#[derive(Clone, Default)]
pub struct SeededEntropy(Arc<AtomicU64>);

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        let block = self.0.fetch_add(1, Ordering::SeqCst);
        for (part, chunk) in buffer.chunks_mut(32).enumerate() {
            let digest = Sha256::new().chain_update(block.to_be_bytes()).chain_update(part.to_be_bytes()).finalize();
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
        Ok(())
    }
}

/// A cache in which everything is kept, until a test says otherwise.
#[derive(Clone, Default)]
pub struct MemoryCache {
    values: Arc<Mutex<BTreeMap<String, String>>>,
    down: Arc<Mutex<bool>>,
    calls: Arc<AtomicU32>,
}

impl MemoryCache {
    pub fn set_down(&self, down: bool) {
        *self.down.lock().expect("lock") = down;
    }

    pub fn clear(&self) {
        self.values.lock().expect("lock").clear();
    }

    pub fn values(&self) -> BTreeMap<String, String> {
        self.values.lock().expect("lock").clone()
    }

    /// Calls that arrived here, the ones after the answer among them.
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::SeqCst)
    }

    fn reach(&self) -> Result<(), CacheError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        match *self.down.lock().expect("lock") {
            true => Err(CacheError("injected".into())),
            false => Ok(()),
        }
    }
}

impl Cache for MemoryCache {
    fn get<'a>(&'a self, key: &'a str) -> Pending<'a, Result<Option<String>, CacheError>> {
        Box::pin(async move { self.reach().map(|()| self.values().get(key).cloned()) })
    }

    fn put<'a>(&'a self, key: &'a str, value: String, _ttl: u64) -> Pending<'a, Result<(), CacheError>> {
        Box::pin(async move {
            self.reach().map(|()| {
                self.values.lock().expect("lock").insert(key.to_owned(), value);
            })
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> Pending<'a, Result<(), CacheError>> {
        Box::pin(async move {
            self.reach().map(|()| {
                self.values.lock().expect("lock").remove(key);
            })
        })
    }
}

/// Keeps every mail.
#[derive(Clone, Default)]
pub struct MemoryMailer(pub Arc<Mutex<Vec<Mail>>>);

impl Mailer for MemoryMailer {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, Result<(), MailError>> {
        let sent = match [&mail.to, &mail.subject].iter().any(|field| field.contains(['\r', '\n'])) {
            true => Err(MailError("line break in a header field".into())),
            false => Ok(()),
        };
        if sent.is_ok() {
            self.0.lock().expect("lock").push(mail.clone());
        }
        Box::pin(async move { sent })
    }
}

/// Keeps the tasks until the answer has gone out.
#[derive(Clone, Default)]
pub struct AfterAnswer(Arc<Mutex<Vec<Pending<'static, ()>>>>);

impl AfterAnswer {
    pub fn finish(&self) {
        let tasks = std::mem::take(&mut *self.0.lock().expect("lock"));
        tasks.into_iter().for_each(futures_executor::block_on);
    }
}

impl Background for AfterAnswer {
    fn run(&self, task: Pending<'static, ()>) {
        self.0.lock().expect("lock").push(task);
    }
}

/// Keeps every line.
#[derive(Clone, Default)]
pub struct MemoryLog(pub Arc<Mutex<Vec<String>>>);

impl Log for MemoryLog {
    fn line(&self, line: &str) {
        self.0.lock().expect("lock").push(line.to_owned());
    }
}
