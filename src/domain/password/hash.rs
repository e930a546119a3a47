//! Argon2id (RFC 9106) with a keyed pepper, as a PHC string that names its own parameters.

use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::{Ident, Output, ParamsString, PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, KeyId, Params, Version};
use subtle::ConstantTimeEq as _;

use super::Password;

/// Bytes of salt (RFC 9106 section 3.1 recommends 16).
pub const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;

/// What a hash costs. Stored with every hash, so that it can be raised later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes; 1, because a Worker has one thread.
    pub lanes: u32,
}

/// OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
pub const RECOMMENDED: Cost = Cost { memory_kib: 19_456, passes: 2, lanes: 1 };

/// A secret mixed into every hash and kept out of the database, so that a dump alone cannot be guessed at.
#[derive(Clone)]
pub struct Pepper {
    /// Stored with the hash as `keyid`.
    pub id: u8,
    /// At least 32 bytes.
    pub key: Vec<u8>,
}

/// Hashes and checks passwords. Built once.
pub struct Hasher {
    cost: Cost,
    current: Pepper,
    previous: Option<Pepper>,
    computed: AtomicU64,
    filled: AtomicU64,
}

/// The answer of [`Hasher::verify`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not this password.
    Wrong,
    /// This password; `outdated` when cost or pepper have changed and the caller should store a new hash.
    Right {
        /// Whether to hash again with today's cost and pepper.
        outdated: bool,
    },
}

/// The hash cannot be made or read: a fault of ours or of the stored row, never of the caller.
#[derive(Debug, thiserror::Error)]
#[error("password hash: {0}")]
pub struct HashFault(String);

impl Hasher {
    /// New hashes use `current`; hashes under `previous` still verify and are reported as outdated.
    pub fn new(cost: Cost, current: Pepper, previous: Option<Pepper>) -> Self {
        Self { cost, current, previous, computed: AtomicU64::new(0), filled: AtomicU64::new(0) }
    }

    /// How often the work was done: that known and unknown addresses cost the same is held by this (row P8).
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// How many KiB were filled for it, passes counted: that the parameters were the same is held by this.
    pub fn filled_kib(&self) -> u64 {
        self.filled.load(Ordering::Relaxed)
    }

    /// The PHC string of `password`: `$argon2id$v=19$m=19456,t=2,p=1,keyid=..$salt$hash`.
    pub fn hash(&self, password: &Password, salt: &[u8; SALT_BYTES]) -> Result<String, HashFault> {
        let output = self.compute(password, salt, self.cost, &self.current)?;
        let salt = SaltString::encode_b64(salt).map_err(fault)?;
        let params = params(self.cost, self.current.id)?;
        let phc = PasswordHash {
            algorithm: Algorithm::Argon2id.into(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).map_err(fault)?,
            salt: Some(salt.as_salt()),
            hash: Some(Output::new(&output).map_err(fault)?),
        };
        Ok(phc.to_string())
    }

    /// Does the work of a comparison whose answer is no: for an address that has no password (row P8).
    pub fn refuse(&self, password: &Password) -> Result<Verdict, HashFault> {
        let output = self.compute(password, &[0; SALT_BYTES], self.cost, &self.current)?;
        // Compared and thrown away, so that the work is done.
        let _ = std::hint::black_box(output.ct_eq(&[0; OUTPUT_BYTES]));
        Ok(Verdict::Wrong)
    }

    /// Compares in constant time, with the cost and the pepper that the stored hash names.
    pub fn verify(&self, password: &Password, stored: &str) -> Result<Verdict, HashFault> {
        let phc = PasswordHash::new(stored).map_err(fault)?;
        if phc.algorithm != Ident::from(Algorithm::Argon2id) || phc.version != Some(Version::V0x13.into()) {
            return Err(HashFault("not argon2id version 19".into()));
        }
        let params = Params::try_from(&phc).map_err(fault)?;
        let pepper = [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|pepper| params.keyid() == [pepper.id])
            .ok_or_else(|| HashFault("unknown pepper".into()))?;
        let mut buffer = [0; 64];
        let salt = phc.salt.ok_or_else(|| HashFault("no salt".into()))?.decode_b64(&mut buffer).map_err(fault)?;
        let cost = Cost { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() };
        let output = self.compute(password, salt, cost, pepper)?;
        let stored = phc.hash.ok_or_else(|| HashFault("no hash".into()))?;
        match bool::from(output.ct_eq(stored.as_bytes())) {
            true => Ok(Verdict::Right { outdated: cost != self.cost || pepper.id != self.current.id }),
            false => Ok(Verdict::Wrong),
        }
    }

    fn compute(
        &self,
        password: &Password,
        salt: &[u8],
        cost: Cost,
        pepper: &Pepper,
    ) -> Result<[u8; OUTPUT_BYTES], HashFault> {
        self.computed.fetch_add(1, Ordering::Relaxed);
        self.filled.fetch_add(u64::from(cost.memory_kib) * u64::from(cost.passes), Ordering::Relaxed);
        compute(password, salt, cost, pepper)
    }
}

fn params(cost: Cost, pepper_id: u8) -> Result<Params, HashFault> {
    let mut builder = argon2::ParamsBuilder::new();
    builder.m_cost(cost.memory_kib).t_cost(cost.passes).p_cost(cost.lanes).output_len(OUTPUT_BYTES);
    builder.keyid(KeyId::new(&[pepper_id]).map_err(fault)?);
    builder.build().map_err(fault)
}

fn compute(password: &Password, salt: &[u8], cost: Cost, pepper: &Pepper) -> Result<[u8; OUTPUT_BYTES], HashFault> {
    let argon2 = Argon2::new_with_secret(&pepper.key, Algorithm::Argon2id, Version::V0x13, params(cost, pepper.id)?)
        .map_err(fault)?;
    let mut output = [0; OUTPUT_BYTES];
    argon2.hash_password_into(password.bytes(), salt, &mut output).map_err(fault)?;
    Ok(output)
}

fn fault(error: impl std::fmt::Display) -> HashFault {
    HashFault(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Cost, HashFault, Hasher, Password, Pepper, RECOMMENDED, Verdict};

    const CHEAP: Cost = Cost { memory_kib: 32, passes: 1, lanes: 1 };

    fn pepper(id: u8) -> Pepper {
        Pepper { id, key: vec![id; 32] }
    }

    fn hashed(cost: Cost) -> Result<String, HashFault> {
        Hasher::new(cost, pepper(1), None).hash(&Password::given("BG0SaleEBL"), &[7; 16])
    }

    #[test]
    fn p6_the_stored_form_is_a_phc_string_that_names_cost_and_pepper() {
        assert!(hashed(RECOMMENDED).is_ok_and(|phc| phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid=")));
    }

    #[test]
    fn p7_a_hash_of_other_cost_or_pepper_verifies_and_is_outdated() -> Result<(), HashFault> {
        let stored = hashed(CHEAP)?;
        let right = Password::given("BG0SaleEBL");
        let same = Hasher::new(CHEAP, pepper(1), None);
        assert_eq!(same.verify(&right, &stored)?, Verdict::Right { outdated: false });
        let dearer = Hasher::new(Cost { passes: 2, ..CHEAP }, pepper(1), None);
        assert_eq!(dearer.verify(&right, &stored)?, Verdict::Right { outdated: true });
        let rotated = Hasher::new(CHEAP, pepper(2), Some(pepper(1)));
        assert_eq!(rotated.verify(&right, &stored)?, Verdict::Right { outdated: true });
        assert!(Hasher::new(CHEAP, pepper(2), None).verify(&right, &stored).is_err(), "a retired pepper is a fault");
        Ok(())
    }

    #[test]
    fn p2_every_character_counts() -> Result<(), HashFault> {
        let hasher = Hasher::new(CHEAP, pepper(1), None);
        let long = "x".repeat(254);
        let stored = hasher.hash(&Password::given(&format!("{long}a")), &[7; 16])?;
        assert_eq!(hasher.verify(&Password::given(&format!("{long}b")), &stored)?, Verdict::Wrong);
        assert_eq!(hasher.verify(&Password::given(&format!("{long}a ")), &stored)?, Verdict::Wrong);
        assert_eq!(hasher.verify(&Password::given(&format!("{long}a")), &stored)?, Verdict::Right { outdated: false });
        Ok(())
    }

    #[test]
    fn the_pepper_is_part_of_the_hash() -> Result<(), HashFault> {
        let other = Hasher::new(CHEAP, Pepper { id: 1, key: vec![9; 32] }, None);
        assert_eq!(other.verify(&Password::given("BG0SaleEBL"), &hashed(CHEAP)?)?, Verdict::Wrong);
        Ok(())
    }
}
