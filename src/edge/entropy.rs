//! The runtime's random generator.

use std::cell::RefCell;

use crate::ports::{Entropy, EntropyError};

/// Bytes of names that are drawn at once: a call of the generator costs as much for ten of them.
const AHEAD: usize = 1024;

thread_local! {
    /// What is left of the bytes drawn ahead.
    static NAMES: RefCell<Vec<u8>> = RefCell::default();
}

pub(super) struct RuntimeEntropy;

impl Entropy for RuntimeEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(buffer).map_err(|error| EntropyError(error.to_string()))
    }

    fn fill_name(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        NAMES.with_borrow_mut(|names| {
            if names.len() < buffer.len() {
                names.resize(AHEAD.max(buffer.len()), 0);
                // A name is never made of what the generator did not fill.
                self.fill(names).inspect_err(|_| names.clear())?;
            }
            let rest = names.len() - buffer.len();
            buffer.copy_from_slice(names.get(rest..).unwrap_or_default());
            names.truncate(rest);
            Ok(())
        })
    }
}
