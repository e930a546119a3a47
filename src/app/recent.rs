//! What one isolate remembers of the tokens that it saw last: a map that cannot grow beyond its limits.
//!
//! Two generations. New entries go to the young one; when that holds half of what is allowed, the old one is dropped
//! whole and the young one takes its place. So an entry stays at least until half the limit has come after it, at most
//! until all of it has, and no list of uses has to be kept.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::verified::Verified;

/// Most entries, both generations together.
pub const MAX_ENTRIES: usize = 8_192;
/// Most bytes, both generations together: a sixteenth of an isolate's 128 MB.
pub const MAX_BYTES: usize = 8 << 20;
/// Bytes of an entry without its texts: the map's slot at its least load, the key's text, the shared value.
const ENTRY_BYTES: usize = 2 * size_of::<(Digest, Known)>() + 64 + size_of::<Verified>();

/// One entry.
#[derive(Clone, Debug)]
pub struct Known {
    /// What is known.
    pub verified: Arc<Verified>,
    /// When this isolate learned it, from the database or from the cache.
    pub learned_at: Timestamp,
    /// When this isolate last wrote the token to the cache.
    pub put_at: Option<Timestamp>,
}

/// What is held now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Tokens.
    pub entries: usize,
    /// Bytes, as reckoned.
    pub bytes: usize,
}

/// The map. Empty when an isolate starts.
#[derive(Debug, Default)]
pub struct Recent {
    young: Generation,
    old: Generation,
}

#[derive(Debug, Default)]
struct Generation {
    entries: HashMap<Digest, Known>,
    bytes: usize,
}

impl Recent {
    /// What is known of a token, however old.
    pub fn get(&self, token: &Digest) -> Option<&Known> {
        self.young.entries.get(token).or_else(|| self.old.entries.get(token))
    }

    /// As [`Self::get`], to be changed in place. The texts must stay what they are.
    pub fn get_mut(&mut self, token: &Digest) -> Option<&mut Known> {
        let Self { young, old } = self;
        young.entries.get_mut(token).or_else(|| old.entries.get_mut(token))
    }

    /// Replaces what is known of a token. What alone would need more than half of the limit is not kept.
    pub fn keep(&mut self, token: Digest, known: Known) {
        self.forget(&token);
        let bytes = bytes(&known);
        if bytes > MAX_BYTES / 2 {
            return;
        }
        if self.young.entries.len() >= MAX_ENTRIES / 2 || self.young.bytes + bytes > MAX_BYTES / 2 {
            self.old = mem::take(&mut self.young);
        }
        self.young.bytes += bytes;
        self.young.entries.insert(token, known);
    }

    /// Removes a token.
    pub fn forget(&mut self, token: &Digest) {
        for generation in [&mut self.young, &mut self.old] {
            if let Some(known) = generation.entries.remove(token) {
                generation.bytes = generation.bytes.saturating_sub(bytes(&known));
            }
        }
    }

    /// How much is held now: never more than [`MAX_ENTRIES`] and [`MAX_BYTES`].
    pub fn size(&self) -> Size {
        Size { entries: self.young.entries.len() + self.old.entries.len(), bytes: self.young.bytes + self.old.bytes }
    }
}

fn bytes(known: &Known) -> usize {
    ENTRY_BYTES + known.verified.text_bytes()
}

#[cfg(test)]
mod tests;
