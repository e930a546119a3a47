//! The runtime's random generator.

use crate::ports::{Entropy, EntropyError};

pub(super) struct RuntimeEntropy;

impl Entropy for RuntimeEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(buffer).map_err(|error| EntropyError(error.to_string()))
    }
}
