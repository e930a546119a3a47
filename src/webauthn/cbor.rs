//! The CBOR of authenticators: RFC 8949 with definite lengths only, as CTAP 2.1 section 8 writes it.

use minicbor::Decoder;
use minicbor::data::Type;

/// The bytes are not such CBOR, or not of the type that is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Deepest nesting of an item that is passed over. CTAP allows four levels.
const MAX_DEPTH: u8 = 8;

/// Reads one item after the other.
pub(super) struct Reader<'a> {
    decoder: Decoder<'a>,
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { decoder: Decoder::new(bytes), bytes }
    }

    /// A map's number of entries.
    pub(super) fn map(&mut self) -> Result<u64, Malformed> {
        self.decoder.map().ok().flatten().ok_or(Malformed)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, Malformed> {
        self.decoder.str().map_err(|_| Malformed)
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        self.decoder.bytes().map_err(|_| Malformed)
    }

    pub(super) fn integer(&mut self) -> Result<i64, Malformed> {
        self.decoder.i64().map_err(|_| Malformed)
    }

    /// Passes over one item, whatever it is.
    pub(super) fn skip(&mut self) -> Result<(), Malformed> {
        self.skip_at(0)
    }

    fn skip_at(&mut self, depth: u8) -> Result<(), Malformed> {
        if depth > MAX_DEPTH {
            return Err(Malformed);
        }
        // Whatever length is claimed, every item takes a byte at least: the loop ends with the bytes.
        let items = match self.decoder.datatype().map_err(|_| Malformed)? {
            Type::Map => self.map()?.checked_mul(2).ok_or(Malformed)?,
            Type::Array => self.decoder.array().ok().flatten().ok_or(Malformed)?,
            Type::Tag => {
                self.decoder.tag().map_err(|_| Malformed)?;
                1
            }
            Type::Bytes => return self.bytes().map(drop),
            Type::String => return self.text().map(drop),
            Type::BytesIndef
            | Type::StringIndef
            | Type::ArrayIndef
            | Type::MapIndef
            | Type::Break
            | Type::Unknown(_) => {
                return Err(Malformed);
            }
            _ => return self.decoder.skip().map_err(|_| Malformed),
        };
        (0..items).try_for_each(|_| self.skip_at(depth + 1))
    }

    /// What was not read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.decoder.position()..).unwrap_or_default()
    }

    /// Everything was read.
    pub(super) fn finish(&self) -> Result<(), Malformed> {
        if self.rest().is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, Malformed, Reader};

    fn passes(bytes: &[u8]) -> bool {
        let mut reader = Reader::new(bytes);
        reader.skip().and_then(|()| reader.finish()).is_ok()
    }

    #[test]
    fn m5_items_of_definite_length_are_passed_over_and_nothing_else() {
        let item = [0xa2, 0x01, 0x82, 0xf5, 0xf6, 0x61, b'a', 0xc1, 0x1a, 1, 2, 3, 4];
        assert!(passes(&item));
        for end in 0..item.len() {
            assert!(!passes(&item[..end]), "cut at {end}");
        }
        assert!(!passes(&[0x00, 0x00]), "trailing");
        for indefinite in [&[0x9f, 0xff][..], &[0xbf, 0xff], &[0x5f, 0x41, 0, 0xff], &[0x7f, 0x61, b'a', 0xff], &[0xff]]
        {
            assert!(!passes(indefinite), "{indefinite:x?}");
        }
        assert!(!passes(&[0x62, 0xc3, 0x28]), "text that is not UTF-8");
        assert_eq!(Reader::new(&[0xbf, 0xff]).map(), Err(Malformed));
    }

    #[test]
    fn m5_huge_claims_and_deep_nesting_end_at_once() {
        for head in [0x5b, 0x7b, 0x9b, 0xbb] {
            assert!(!passes(&[head, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]), "{head:x}");
            assert!(!passes(&[head, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]), "{head:x}");
        }
        let nested = |depth: usize| [vec![0x81; depth], vec![0x00]].concat();
        assert!(passes(&nested(usize::from(MAX_DEPTH))));
        assert!(!passes(&nested(usize::from(MAX_DEPTH) + 1)));
        assert!(!passes(&nested(1_000_000)));
        assert!(!passes(&[vec![0xc1; 1_000_000], vec![0x00]].concat()), "tags nest too");
    }
}
