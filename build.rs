//! Compresses what the Worker serves as it is: the API's description (`docs/`), by which the wasm is 400 KB smaller.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

const DOCUMENTS: [&str; 2] = ["docs/openapi.json", "docs/reference.html"];
/// The best that DEFLATE gives.
const LEVEL: u8 = 10;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    for document in DOCUMENTS {
        println!("cargo::rerun-if-changed={document}");
        let name = Path::new(document).file_name().ok_or(io::ErrorKind::InvalidInput)?;
        fs::write(out.join(name).with_added_extension("gz"), gzip(&fs::read(document)?))?;
    }
    Ok(())
}

/// One member of RFC 1952 without a name or a time, so that the same text gives the same bytes.
fn gzip(text: &[u8]) -> Vec<u8> {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    let length = u32::try_from(text.len() as u64 % (1 << 32)).unwrap_or(u32::MAX);
    let mut member = HEADER.to_vec();
    member.extend(miniz_oxide::deflate::compress_to_vec(text, LEVEL));
    member.extend(crc32(text).to_le_bytes());
    member.extend(length.to_le_bytes());
    member
}

/// RFC 1952, section 8.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
