//! Argon2id with the parameters of `src/domain/password/hash.rs`, for two seconds. Prints the milliseconds of one hash.

use std::hint::black_box;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};

fn main() -> Result<(), argon2::Error> {
    let params = Params::new(19_456, 2, 1, Some(32))?;
    let argon2 = Argon2::new_with_secret(&[7; 32], Algorithm::Argon2id, Version::V0x13, params)?;
    let (began, mut hashes) = (Instant::now(), 0_u32);
    while began.elapsed() < Duration::from_secs(2) {
        let mut output = [0; 32];
        argon2.hash_password_into(black_box(b"BG0SaleEBL"), &[7; 16], &mut output)?;
        black_box(output);
        hashes += 1;
    }
    println!("{}", began.elapsed().as_secs_f64() * 1000.0 / f64::from(hashes));
    Ok(())
}
