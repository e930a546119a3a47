//! The other ports in memory.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use global_accounts::authz::gate::Gate;
use global_accounts::domain::time::Timestamp;
use global_accounts::ports::{
    Background, Clock, Entropy, EntropyError, Log, Mail, MailError, Mailer, Outbound, OutboundError, Pending, Shield,
    ShieldError,
};
use sha2::{Digest as _, Sha256};

/// 2023-11-14T22:13:20Z.
pub const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// A clock that moves only when told to, or when everything waits for it: see [`FixedClock::run`].
#[derive(Clone)]
pub struct FixedClock {
    now: Arc<AtomicI64>,
    awaited: Arc<Mutex<BTreeSet<Timestamp>>>,
}

impl Default for FixedClock {
    fn default() -> Self {
        Self { now: Arc::new(AtomicI64::new(START.millis())), awaited: Arc::default() }
    }
}

impl FixedClock {
    pub fn advance(&self, span: Duration) {
        self.now.fetch_add(i64::try_from(span.as_millis()).expect("a short span"), Ordering::SeqCst);
    }

    /// Runs a future to its end. When it waits, the clock moves to the next instant for which it waits.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        loop {
            self.awaited.lock().expect("lock").clear();
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return value;
            }
            let next = self.awaited.lock().expect("lock").first().copied().expect("it waits for the clock");
            self.now.fetch_max(next.millis(), Ordering::SeqCst);
        }
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::SeqCst))
    }

    fn sleep(&self, span: Duration) -> Pending<'static, ()> {
        let (clock, until) = (self.clone(), self.now().plus(span));
        Box::pin(std::future::poll_fn(move |_| {
            if clock.now() >= until {
                return Poll::Ready(());
            }
            clock.awaited.lock().expect("lock").insert(until);
            Poll::Pending
        }))
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

/// Keeps every mail, or refuses each with a code.
#[derive(Clone, Default)]
pub struct MemoryMailer(pub Arc<Mutex<Vec<Mail>>>, pub Arc<Mutex<Option<&'static str>>>);

impl MemoryMailer {
    /// From now on every mail is refused with this code; `None`: none is.
    pub fn refuse(&self, code: Option<&'static str>) {
        *self.1.lock().expect("lock") = code;
    }
}

impl Mailer for MemoryMailer {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, Result<(), MailError>> {
        let sent = match [&mail.to, &mail.subject].iter().any(|field| field.contains(['\r', '\n'])) {
            true => Err(MailError("LINE_BREAK".into())),
            false => match *self.1.lock().expect("lock") {
                Some(code) => Err(MailError(code.into())),
                None => Ok(()),
            },
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

/// What other services would say. Whatever was not arranged is no answer.
#[derive(Clone, Default)]
pub struct Elsewhere {
    answers: Arc<Mutex<std::collections::BTreeMap<String, String>>>,
    silent: Arc<Mutex<bool>>,
    /// Address and `Accept` of every request, or the form of a POST.
    pub asked: Arc<Mutex<Vec<(String, String)>>>,
}

impl Elsewhere {
    pub fn says(&self, url: &str, body: &str) {
        self.answers.lock().expect("lock").insert(url.to_owned(), body.to_owned());
    }

    /// Never answers from now on.
    pub fn fall_silent(&self) {
        *self.silent.lock().expect("lock") = true;
    }
}

/// What the platform counts: nothing, until it is told to admit only so many of each source.
#[derive(Clone, Default)]
pub struct MemoryShield(Arc<Mutex<ShieldState>>);

#[derive(Default)]
struct ShieldState {
    most: Option<u32>,
    fails: bool,
    slow: Option<(FixedClock, Duration)>,
    asked: Vec<(Gate, String)>,
}

impl MemoryShield {
    /// Admits so many requests of each source at each gate; `None`: all.
    pub fn admit(&self, most: Option<u32>) {
        self.0.lock().expect("lock").most = most;
    }

    /// Answers with an error from now on, or not any more.
    pub fn fail(&self, fails: bool) {
        self.0.lock().expect("lock").fails = fails;
    }

    /// Answers so much later.
    pub fn slow_down(&self, slow: Option<(FixedClock, Duration)>) {
        self.0.lock().expect("lock").slow = slow;
    }

    /// Everything that was asked.
    pub fn asked(&self) -> Vec<(Gate, String)> {
        self.0.lock().expect("lock").asked.clone()
    }
}

impl Shield for MemoryShield {
    fn admits<'a>(&'a self, gate: Gate, source: &'a str) -> Pending<'a, Result<bool, ShieldError>> {
        let mut state = self.0.lock().expect("lock");
        let one = (gate, source.to_owned());
        state.asked.push(one.clone());
        let number = u32::try_from(state.asked.iter().filter(|asked| **asked == one).count()).expect("few");
        let answer = match state.fails {
            true => Err(ShieldError("injected".into())),
            false => Ok(state.most.is_none_or(|most| number <= most)),
        };
        let slow = state.slow.clone();
        Box::pin(async move {
            if let Some((clock, span)) = slow {
                clock.sleep(span).await;
            }
            answer
        })
    }
}

impl Outbound for Elsewhere {
    fn get<'a>(&'a self, url: &'a str, accept: &'a str) -> Pending<'a, Result<Vec<u8>, OutboundError>> {
        self.asked.lock().expect("lock").push((url.to_owned(), accept.to_owned()));
        if *self.silent.lock().expect("lock") {
            return Box::pin(std::future::pending());
        }
        let answer = self.answers.lock().expect("lock").get(url).cloned();
        Box::pin(async { answer.map(String::into_bytes).ok_or_else(|| OutboundError("status 302".into())) })
    }

    fn post<'a>(&'a self, url: &'a str, form: &'a str) -> Pending<'a, Result<Vec<u8>, OutboundError>> {
        self.get(url, form)
    }
}
