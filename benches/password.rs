//! One Argon2id hash natively, with the parameters of the service: what `make bench` compares a sign-in with.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it prints what it measures")]

use std::time::{Duration, Instant};

use global_accounts::domain::password::Password;
use global_accounts::domain::password::hash::{Hasher, Pepper, RECOMMENDED};

/// Hashes for about two seconds and prints the milliseconds of one hash.
fn main() {
    let hasher = Hasher::new(RECOMMENDED, Pepper { id: 0, key: vec![7; 32] }, None);
    let password = Password::given("BG0SaleEBL");
    let hash = || std::hint::black_box(hasher.hash(std::hint::black_box(&password), &[7; 16]).is_ok());
    hash();
    let (began, mut hashes) = (Instant::now(), 0_u32);
    while began.elapsed() < Duration::from_secs(2) {
        hash();
        hashes += 1;
    }
    println!("{}", began.elapsed().as_secs_f64() * 1000.0 / f64::from(hashes));
}
