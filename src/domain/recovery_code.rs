//! Recovery codes: the way in without the second factor, each once (row M3).

/// How many a person gets at a time.
pub const CODES: usize = 10;
/// Random bytes of one code, of which 50 bits count.
pub const ENTROPY_BYTES: usize = 7;
/// Random bits of one code.
const BITS: u32 = 50;
const LETTERS: usize = 10;
/// Crockford's base 32: no letter that is taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// One code, in the form that is compared: ten letters without a mark between them.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

/// Not ten letters of the alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a recovery code")]
pub struct InvalidRecoveryCode;

impl RecoveryCode {
    /// A new one.
    pub fn of(random: [u8; ENTROPY_BYTES]) -> Self {
        let number = random.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        let letter = |at: u32| {
            let index = usize::try_from((number >> (BITS - 5 * (at + 1))) & 31).unwrap_or(0);
            ALPHABET.get(index).map(|letter| char::from(*letter))
        };
        Self((0..BITS / 5).filter_map(letter).collect())
    }

    /// What a person typed: in any case, with or without the mark, and with the letters that look like digits.
    pub fn parse(text: &str) -> Result<Self, InvalidRecoveryCode> {
        let written = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let letters = written.map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let code: String = letters.take(LETTERS + 1).collect();
        let known = |c: char| u8::try_from(c).is_ok_and(|c| ALPHABET.contains(&c));
        match code.chars().count() == LETTERS && code.chars().all(known) {
            true => Ok(Self(code)),
            false => Err(InvalidRecoveryCode),
        }
    }

    /// As people read it: `ABCDE-12345`.
    pub fn text(&self) -> String {
        let (first, second) = self.0.split_at_checked(LETTERS / 2).unwrap_or_default();
        format!("{first}-{second}")
    }

    /// What its digest is made of.
    pub fn normal_form(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidRecoveryCode, RecoveryCode};

    #[test]
    fn m3_a_code_has_fifty_random_bits_and_reads_back() {
        let random = [0xff, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab];
        let code = RecoveryCode::of(random);
        assert_eq!(code.text().len(), 11);
        assert_eq!(RecoveryCode::parse(&code.text()).map(|code| code.text()), Ok(code.text()));
        // The six highest bits of 56 do not count, every other does.
        for bit in 0..56_u32 {
            let mut other = random;
            if let Some(byte) = other.get_mut(usize::try_from(bit / 8).unwrap_or(0)) {
                *byte ^= 1 << (bit % 8);
            }
            let lost = [7, 6, 5, 4, 3, 2].contains(&bit);
            assert_eq!(RecoveryCode::of(other).text() == code.text(), lost, "{bit}");
        }
    }

    #[test]
    fn a_code_is_taken_as_people_type_it() {
        let typed = ["abcde12345", " ABCDE-12345 ", "abcde 12345", "ABCDE-L2345", "abcde-i2345"];
        for text in typed {
            assert_eq!(RecoveryCode::parse(text).map(|code| code.text()).as_deref(), Ok("ABCDE-12345"), "{text}");
        }
        for text in ["", "ABCDE", "ABCDE-123456", "ABCDE-1234U", "ABCDE-1234!", "ŁBCDE-12345"] {
            assert_eq!(RecoveryCode::parse(text).err(), Some(InvalidRecoveryCode), "{text}");
        }
    }
}
