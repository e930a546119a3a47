//! The paths that every call takes and that ask no storage, natively: `cargo bench --bench native`.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bench may stop where it fails"
)]
#![allow(clippy::pedantic, clippy::string_slice, clippy::disallowed_methods, reason = "a bench")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use global_accounts::authz::operation::Operation;
use global_accounts::authz::policy::{self, Scopes};
use global_accounts::domain::scope::{self, ScopeList};
use global_accounts::http::answer;
use global_accounts::oauth::envelope::Kind;
use serde_json::{Value, json};

use support::client::World;

fn envelope(criterion: &mut Criterion) {
    let world = World::default();
    let (owner, _) = world.sign_up("owner@example.com");
    let (app, good) = (world.app(), owner.token().to_owned());
    let other = if good.ends_with('A') { 'E' } else { 'A' };
    let forged = format!("{}{other}", &good[..good.len() - 1]);
    assert!(app.open(Kind::Access, &good).is_ok() && app.open(Kind::Access, &forged).is_err());
    let mut group = criterion.benchmark_group("envelope");
    group.bench_function("good", |bencher| bencher.iter(|| app.open(Kind::Access, black_box(&good))));
    group.bench_function("forged", |bencher| bencher.iter(|| app.open(Kind::Access, black_box(&forged))));
    group.finish();
}

fn scopes(criterion: &mut Criterion) {
    let granted = ["accounts--all:rw", "sessions--my:rw", "organization--my:rw", "accounts.roles--all:ro"];
    let held = ["accounts--all:rc", "accounts--my:rw", "sessions--my:rw", "organization--my:ro"];
    let (granted, held) = (ScopeList::from_iter(granted), ScopeList::from_iter(held));
    let mut group = criterion.benchmark_group("scope");
    group.bench_function("includes", |bencher| {
        bencher.iter(|| scope::includes(black_box("accounts--all:rw"), black_box("accounts--my:ro")))
    });
    group.bench_function("effective, 4 granted, 4 held", |bencher| {
        bencher.iter(|| scope::effective(black_box(&granted), black_box(&held)))
    });
    group.finish();
}

fn policy(criterion: &mut Criterion) {
    criterion.bench_function("policy, one decision's rule and scopes", |bencher| {
        bencher.iter(|| match policy::rule(black_box(Operation::GetAccount)).scopes {
            Scopes::ByTarget { own, others } => {
                (policy::alternatives(own.iter().copied()), policy::alternatives(others.iter().copied()))
            }
            Scopes::AnyOf(any) | Scopes::OfApplications(any) => {
                (policy::alternatives(any.iter().copied()), String::new())
            }
            Scopes::None => (String::new(), String::new()),
        })
    });
}

fn info(criterion: &mut Criterion) {
    let world = World::default();
    let (owner, _) = world.sign_up("owner@example.com");
    let found = owner.get("/v2/info");
    let body: Value = found.json();
    let mut group = criterion.benchmark_group("info");
    group.bench_function("the answer's JSON", |bencher| bencher.iter(|| answer::ok(black_box(&body))));
    group.bench_function("the whole request, hot", |bencher| {
        bencher.iter(|| assert_eq!(owner.get("/v2/info").calls.database, 0));
        world.log.0.lock().expect("lock").clear();
    });
    group.bench_function("the whole request, forged", |bencher| {
        let forged = world.bearer(&format!("{}A", &owner.token()[..owner.token().len() - 1]));
        bencher.iter(|| forged.get("/v2/info").status);
        world.log.0.lock().expect("lock").clear();
    });
    group.finish();
    assert_eq!(body["token_type"], json!("Bearer"));
}

criterion_group!(benches, envelope, scopes, policy, info);
criterion_main!(benches);
