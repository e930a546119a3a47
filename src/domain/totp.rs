//! One-time passwords by time: RFC 6238 over RFC 4226, in the one form that every authenticator application knows
//! (HMAC-SHA-1, six digits, steps of 30 seconds).

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};

use super::time::Timestamp;

/// Bytes of a secret: as many as the hash has (RFC 4226 section 4, R6).
pub const SECRET_BYTES: usize = 20;
/// Length of a step (RFC 6238 section 4.1).
const STEP_MILLIS: i64 = 30_000;
/// A code of the step before or after is taken too, for slow fingers and clocks (RFC 6238 section 5.2).
const DRIFT: i64 = 1;
const DIGITS: u32 = 6;
const CODES: u32 = 1_000_000;

/// What a person typed: six digits. Spaces between them are how applications show them, and do not count.
#[derive(Clone, Copy)]
pub struct Code(u32);

/// Not six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be six digits")]
pub struct InvalidCode;

impl Code {
    /// From the text of a field.
    pub fn parse(text: &str) -> Result<Self, InvalidCode> {
        let digits = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(10).ok_or(InvalidCode));
        let (mut number, mut length) = (0, 0);
        for digit in digits {
            length += 1;
            if length > DIGITS {
                return Err(InvalidCode);
            }
            number = number * 10 + digit?;
        }
        if length == DIGITS { Ok(Self(number)) } else { Err(InvalidCode) }
    }
}

/// What the service and the person's application share.
pub struct Secret([u8; SECRET_BYTES]);

impl Secret {
    /// From random bytes, or from where they were kept.
    pub fn of(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes)
    }

    /// To be kept sealed.
    pub fn bytes(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// As people type it into an application that cannot read the picture: base 32 (RFC 4648 section 6), without padding.
    pub fn text(&self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let (mut text, mut kept, mut bits) = (String::new(), 0_u32, 0);
        for byte in self.0 {
            kept = (kept << 8) | u32::from(byte);
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                let index = usize::try_from((kept >> bits) & 31).unwrap_or(0);
                text.extend(ALPHABET.get(index).map(|letter| char::from(*letter)));
            }
            kept &= (1 << bits) - 1;
        }
        text
    }

    /// What the picture says: the Key URI format of authenticator applications. `issuer` and `account` are what the
    /// application shows.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let (issuer, account, secret) = (encoded(issuer), encoded(account), self.text());
        format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
    }

    /// The step whose code this is, of those that are taken at `now` and come after `last`; `None`: it is none of them.
    /// Every step of the window is computed and compared, whichever fits.
    pub fn step_of(&self, code: Code, now: Timestamp, last: i64) -> Option<i64> {
        let current = now.millis().div_euclid(STEP_MILLIS);
        let mut found = -1;
        for step in current - DRIFT..=current + DRIFT {
            let fits = self.code_at(step).ct_eq(&code.0);
            found = i64::conditional_select(&found, &step, fits & subtle::Choice::from(u8::from(step > last)));
        }
        (found >= 0).then_some(found)
    }

    /// RFC 4226 section 5.3: dynamic truncation, with the step as the counter.
    fn code_at(&self, step: i64) -> u32 {
        // HMAC takes keys of every length.
        let Ok(mut mac) = <Hmac<Sha1> as KeyInit>::new_from_slice(&self.0) else {
            return CODES;
        };
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = usize::from(hash.last().copied().unwrap_or(0) & 15);
        let four = hash.get(offset..).and_then(|rest| rest.first_chunk().copied()).unwrap_or([0; 4]);
        (u32::from_be_bytes(four) & 0x7fff_ffff) % CODES
    }
}

#[cfg(test)]
mod tests;
