//! The adapters' contract, natively. The same checks run on workerd in the e2e suite.

use futures_executor::block_on;
use global_accounts::ports::contract::{self, Check};
use global_accounts::store;

use crate::support::cache::MemoryCache;
use crate::support::sqlite::Sqlite;

fn all_hold(checks: Vec<Check>, at_least: usize) {
    assert!(checks.len() >= at_least, "{} checks", checks.len());
    let failed: Vec<_> = checks.iter().filter(|check| !check.ok).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_database_adapter_keeps_its_contract() {
    all_hold(block_on(store::contract::database(&Sqlite::default())).expect("the suite runs"), 20);
}

#[test]
fn the_cache_adapter_keeps_its_contract() {
    all_hold(block_on(contract::cache(&MemoryCache::default())), 6);
}
