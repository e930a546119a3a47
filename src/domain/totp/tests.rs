use super::{Code, InvalidCode, SECRET_BYTES, Secret};
use crate::domain::time::Timestamp;

/// The secret of the test vectors of RFC 4226 (appendix D) and RFC 6238 (appendix B).
const VECTOR: &[u8; SECRET_BYTES] = b"12345678901234567890";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap_or(Code(0))
}

#[test]
fn m2_the_vectors_of_the_standards() {
    let secret = Secret::of(*VECTOR);
    let of_rfc_4226 = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
    for (counter, expected) in (0..).zip(of_rfc_4226) {
        assert_eq!(secret.code_at(counter), expected, "{counter}");
    }
    // The vectors of RFC 6238 have eight digits; the last six are ours.
    for (seconds, expected) in [
        (59, 94_287_082),
        (1_111_111_109, 7_081_804),
        (1_111_111_111, 14_050_471),
        (1_234_567_890, 89_005_924),
        (2_000_000_000, 69_279_037),
        (20_000_000_000, 65_353_130),
    ] {
        assert_eq!(secret.code_at(seconds / 30), expected % 1_000_000, "{seconds}");
    }
}

#[test]
fn m2_a_code_is_taken_one_step_early_or_late_and_no_more() {
    let secret = Secret::of(*VECTOR);
    let now = at(1_234_567_890);
    let current = 1_234_567_890 / 30;
    for (drift, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let typed = Code(secret.code_at(current + drift));
        assert_eq!(secret.step_of(typed, now, 0), taken.then_some(current + drift), "{drift}");
    }
    assert_eq!(secret.step_of(Code(secret.code_at(current) ^ 1), now, 0), None);
}

#[test]
fn m2_a_step_that_was_used_is_not_taken_again_nor_is_one_before_it() {
    let secret = Secret::of(*VECTOR);
    let now = at(1_234_567_890);
    let current = 1_234_567_890 / 30;
    let step = |drift: i64, last: i64| secret.step_of(Code(secret.code_at(current + drift)), now, current + last);
    assert_eq!(step(0, 0), None);
    assert_eq!(step(-1, 0), None);
    assert_eq!(step(1, 0), Some(current + 1));
    assert_eq!(step(0, -1), Some(current));
}

#[test]
fn six_digits_are_a_code_however_they_are_spaced() {
    assert_eq!(code("123456").0, 123_456);
    assert_eq!(code(" 000 007\u{a0}").0, 7);
    for text in ["", "12345", "1234567", "12345a", "-12345", "+12345", "١٢٣٤٥٦", "123456789012345678901234567890"]
    {
        assert_eq!(Code::parse(text).map(|code| code.0), Err(InvalidCode), "{text}");
    }
}

#[test]
fn a_secret_is_told_in_base_32_and_in_a_uri() {
    let secret = Secret::of(*VECTOR);
    assert_eq!(secret.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!(
        secret.uri("Global Accounts", "ann+x@example.com"),
        "otpauth://totp/Global%20Accounts:ann%2Bx%40example%2Ecom?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
         &issuer=Global%20Accounts&algorithm=SHA1&digits=6&period=30"
    );
}
