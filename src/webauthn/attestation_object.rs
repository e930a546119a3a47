//! The attestation object (section 6.5.4): authenticator data with a statement about who made the authenticator.
//!
//! The service asks for no attestation and trusts none, so the statement is read over whatever its format: a browser that
//! was asked for none may still pass on a self attestation (section 5.1.3), which says nothing beyond the data either. Only
//! the format `none` is held to its own rule, an empty statement (section 8.7).

use super::Invalid;
use super::cbor::{Malformed, Reader};

/// The authenticator data of an attestation object: a map with exactly `fmt`, `attStmt` and `authData`, each once.
pub(super) fn authenticator_data(bytes: &[u8]) -> Result<&[u8], Invalid> {
    read(bytes).map_err(|Malformed| Invalid::Attestation)
}

fn read(bytes: &[u8]) -> Result<&[u8], Malformed> {
    let mut reader = Reader::new(bytes);
    let (mut format, mut statement, mut data) = (None, None, None);
    for _ in 0..reader.map()? {
        let taken = match reader.text()? {
            "fmt" => format.replace(reader.text()?).is_some(),
            "attStmt" => {
                let before = reader.rest();
                reader.skip()?;
                statement.replace(before.first().copied().unwrap_or_default()).is_some()
            }
            "authData" => data.replace(reader.bytes()?).is_some(),
            _ => true,
        };
        if taken {
            return Err(Malformed);
        }
    }
    reader.finish()?;
    const MAP: u8 = 0xa0;
    match (format, statement) {
        (Some("none"), Some(MAP)) => {}
        (Some("none") | None, _) => return Err(Malformed),
        (Some(_), Some(head)) if head & 0xe0 == MAP => {}
        (Some(_), _) => return Err(Malformed),
    }
    data.ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use super::{Invalid, authenticator_data};

    fn object(parts: &[&[u8]]) -> Vec<u8> {
        parts.concat()
    }

    const FMT: &[u8] = b"\x63fmt";
    const STMT: &[u8] = b"\x67attStmt";
    const DATA: &[u8] = b"\x68authData\x42\x01\x02";

    #[test]
    fn m5_three_members_in_any_order_and_nothing_else() {
        let none = object(&[b"\xa3", FMT, b"\x64none", STMT, b"\xa0", DATA]);
        assert_eq!(authenticator_data(&none), Ok(&[1, 2][..]));
        assert_eq!(authenticator_data(&object(&[b"\xa3", DATA, STMT, b"\xa0", FMT, b"\x64none"])), Ok(&[1, 2][..]));
        let packed = object(&[b"\xa3", FMT, b"\x66packed", STMT, b"\xa2\x63alg\x26\x63sig\x41\x00", DATA]);
        assert_eq!(authenticator_data(&packed), Ok(&[1, 2][..]), "self attestation is passed over");

        let broken = [
            ("a statement of none", object(&[b"\xa3", FMT, b"\x64none", STMT, b"\xa1\x61a\x00", DATA])),
            ("a statement that is no map", object(&[b"\xa3", FMT, b"\x66packed", STMT, b"\x00", DATA])),
            ("no format", object(&[b"\xa2", STMT, b"\xa0", DATA])),
            ("no statement", object(&[b"\xa2", FMT, b"\x64none", DATA])),
            ("no data", object(&[b"\xa2", FMT, b"\x64none", STMT, b"\xa0"])),
            ("a format twice", object(&[b"\xa4", FMT, b"\x64none", FMT, b"\x64none", STMT, b"\xa0", DATA])),
            ("data twice", object(&[b"\xa4", FMT, b"\x64none", STMT, b"\xa0", DATA, DATA])),
            ("a further member", object(&[b"\xa4", FMT, b"\x64none", STMT, b"\xa0", DATA, b"\x61a\x00"])),
            ("an indefinite map", object(&[b"\xbf", FMT, b"\x64none", STMT, b"\xa0", DATA, b"\xff"])),
            ("an indefinite statement", object(&[b"\xa3", FMT, b"\x66packed", STMT, b"\xbf\xff", DATA])),
            ("trailing bytes", [none.clone(), vec![0]].concat()),
            ("deep nesting", object(&[b"\xa3", FMT, b"\x66packed", STMT, &b"\xa1\x00".repeat(500_000), DATA])),
            ("a huge text", object(&[b"\xa3\x7b\xff\xff\xff\xff\xff\xff\xff\xff", FMT])),
            ("nothing", Vec::new()),
        ];
        for (what, bytes) in broken {
            assert_eq!(authenticator_data(&bytes), Err(Invalid::Attestation), "{what}");
        }
        for end in 0..none.len() {
            assert_eq!(authenticator_data(&none[..end]), Err(Invalid::Attestation), "cut at {end}");
        }
    }
}
