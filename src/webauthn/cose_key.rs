//! The public key of a credential: a `COSE_Key` (section 5.8.5, RFC 9052 section 7, RFC 9053 section 7.1).

use p256::EncodedPoint;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{DerSignature, VerifyingKey};

use super::Invalid;
use super::cbor::{Malformed, Reader};

/// ES256, ECDSA on P-256 with SHA-256: the one algorithm that is asked for and taken.
pub const ES256: i64 = -7;

const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const EC2: i64 = 2;
const P256: i64 = 1;

/// A point of P-256 that is not the neutral one, for ES256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// One from storage: exactly one `COSE_Key`.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, Invalid> {
        let mut reader = Reader::new(bytes);
        let key = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(key)
    }

    /// The five parameters of section 5.8.5, each once and no other, in any order; the point uncompressed.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Invalid> {
        let (mut key_type, mut algorithm, mut curve, mut x, mut y) = (None, None, None, None, None);
        for _ in 0..reader.map()? {
            let taken = match reader.integer()? {
                KEY_TYPE => key_type.replace(reader.integer()?).is_some(),
                ALGORITHM => algorithm.replace(reader.integer()?).is_some(),
                CURVE => curve.replace(reader.integer()?).is_some(),
                X => x.replace(reader.bytes()?).is_some(),
                Y => y.replace(reader.bytes()?).is_some(),
                _ => true,
            };
            // A key of another algorithm has other parameters, which are not read.
            if algorithm.is_some_and(|algorithm| algorithm != ES256) {
                return Err(Invalid::Algorithm);
            }
            if taken {
                return Err(Invalid::PublicKey);
            }
        }
        if (key_type, algorithm, curve) != (Some(EC2), Some(ES256), Some(P256)) {
            return Err(Invalid::PublicKey);
        }
        let coordinate = |bytes: Option<&[u8]>| <[u8; 32]>::try_from(bytes?).ok();
        let (x, y) = coordinate(x).zip(coordinate(y)).ok_or(Invalid::PublicKey)?;
        let point = EncodedPoint::from_affine_coordinates(&x.into(), &y.into(), false);
        VerifyingKey::from_encoded_point(&point).map(Self).map_err(|_| Invalid::PublicKey)
    }

    /// As it is stored: the `COSE_Key` in the order of CTAP2.
    pub fn to_cose(&self) -> Vec<u8> {
        let point = self.0.to_encoded_point(false);
        let coordinate = |bytes: Option<&p256::FieldBytes>| bytes.map(|bytes| bytes.to_vec()).unwrap_or_default();
        let head: &[u8] = &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        [head, &coordinate(point.x()), &[0x22, 0x58, 0x20], &coordinate(point.y())].concat()
    }

    /// Whether `signature`, in DER (section 6.5.5), is this key's over `message`.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Invalid> {
        let signature = DerSignature::try_from(signature).map_err(|_| Invalid::Signature)?;
        self.0.verify(message, &signature).map_err(|_| Invalid::Signature)
    }
}

impl From<Malformed> for Invalid {
    fn from(_: Malformed) -> Self {
        Self::PublicKey
    }
}

#[cfg(test)]
mod tests {
    use super::{Invalid, PublicKey};

    /// The generator of P-256 (FIPS 186-4, D.1.2.3).
    const X: &str = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
    const Y: &str = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    fn bytes(hexadecimal: &str) -> Vec<u8> {
        let digits: Vec<u32> = hexadecimal.chars().filter_map(|digit| digit.to_digit(16)).collect();
        digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
    }

    fn key(text: &str) -> Result<PublicKey, Invalid> {
        PublicKey::from_cose(&bytes(&text.replace("(X)", &format!("215820{X}")).replace("(Y)", &format!("225820{Y}"))))
    }

    #[test]
    fn m5_a_point_of_p256_for_es256_is_read_in_any_order_and_stored_in_one() {
        let right = key("a5 0102 0326 2001 (X) (Y)").unwrap();
        assert_eq!(key("a5 (Y) (X) 2001 0326 0102"), Ok(right.clone()));
        assert_eq!(PublicKey::from_cose(&right.to_cose()), Ok(right));
    }

    #[test]
    fn m5_any_other_key_is_refused() {
        let off_curve = format!("a5 0102 0326 2001 (X) 225820{}", Y.replace("bf51f5", "bf51f6"));
        let beyond = format!("a5 0102 0326 2001 215820{} (Y)", "ff".repeat(32));
        let zero = format!("a5 0102 0326 2001 215820{0} 225820{0}", "00".repeat(32));
        let short = format!("a5 0102 0326 2001 21581f{} (Y)", "17".repeat(31));
        let long = format!("a5 0102 0326 2001 21582100{X} (Y)");
        let broken = [
            ("nothing", ""),
            ("an empty map", "a0"),
            ("no map", "85 02 26 01 (X) (Y)"),
            ("no key type", "a4 0326 2001 (X) (Y)"),
            ("no algorithm", "a4 0102 2001 (X) (Y)"),
            ("no curve", "a4 0102 0326 (X) (Y)"),
            ("no x", "a4 0102 0326 2001 (Y)"),
            ("no y", "a4 0102 0326 2001 (X)"),
            ("a parameter twice", "a6 0102 0326 0326 2001 (X) (Y)"),
            ("a further parameter", "a6 0102 0326 2001 (X) (Y) 0400"),
            ("a key that is no number", "a6 0102 0326 2001 (X) (Y) 616100"),
            ("octet key pair", "a5 0101 0326 2001 (X) (Y)"),
            ("P-384", "a5 0102 0326 2002 (X) (Y)"),
            ("the compressed form", "a5 0102 0326 2001 (X) 22f5"),
            ("an indefinite map", "bf 0102 0326 2001 (X) (Y) ff"),
            ("trailing bytes", "a5 0102 0326 2001 (X) (Y) 00"),
            ("a point beside the curve", &off_curve),
            ("a coordinate beyond the field", &beyond),
            ("zero", &zero),
            ("31 bytes", &short),
            ("33 bytes", &long),
            ("a huge map", "bbffffffffffffffff 0102"),
        ];
        for (what, text) in broken {
            assert_eq!(key(text), Err(Invalid::PublicKey), "{what}");
        }
        for (what, text) in [
            ("EdDSA", "a4 0101 0327 2006 (X)"),
            ("RS256", "a4 0103 03390100 20430100ff 2143010001"),
            ("ES384", "a5 0102 033822 2001 (X) (Y)"),
            ("ES256 as -65535 says SHA-1", "a5 0102 0339fffe 2001 (X) (Y)"),
        ] {
            assert_eq!(key(text), Err(Invalid::Algorithm), "{what}");
        }
        let right = bytes(&format!("a5010203262001215820{X}225820{Y}"));
        for end in 0..right.len() {
            assert!(PublicKey::from_cose(&right[..end]).is_err(), "cut at {end}");
        }
    }
}
