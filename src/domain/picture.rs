//! Pictures that people upload: what they are is read from their first bytes, never from what somebody calls them.

/// Most bytes of a picture (API, section 1.2).
pub const MAX_BYTES: usize = 1_048_576;
/// Least and most pixels of either side (API, section 1.2).
pub const SIDES: std::ops::RangeInclusive<u32> = 50..=1_024;

/// What a browser is told that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// ISO/IEC 15948.
    Png,
    /// ISO/IEC 10918-1.
    Jpeg,
}

impl Format {
    /// Media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// Why bytes are no picture for us. `Display` is what `invalid_fields` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPicture {
    /// More than [`MAX_BYTES`].
    #[error("is larger than 1 MB")]
    TooLarge,
    /// Another format, or a header that ends too early.
    #[error("must be a PNG or JPEG image")]
    Format,
    /// A side outside [`SIDES`].
    #[error("must be 50 to 1024 pixels wide and high")]
    Sides,
}

/// A picture, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What its header says.
    pub format: Format,
    /// Unchanged.
    pub bytes: Vec<u8>,
}

impl Picture {
    /// Reads the header and nothing else: a browser decodes the rest, in an origin that it can do nothing to.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidPicture> {
        if bytes.len() > MAX_BYTES {
            return Err(InvalidPicture::TooLarge);
        }
        let png = png_sides(bytes).map(|sides| (Format::Png, sides));
        let found = png.or_else(|| jpeg_sides(bytes).map(|sides| (Format::Jpeg, sides)));
        let (format, sides) = found.ok_or(InvalidPicture::Format)?;
        match sides.iter().all(|side| SIDES.contains(side)) {
            true => Ok(Self { format, bytes: bytes.to_vec() }),
            false => Err(InvalidPicture::Sides),
        }
    }
}

/// Width and height of the first chunk, `IHDR` (ISO/IEC 15948 sections 5.2 and 11.2.2).
fn png_sides(bytes: &[u8]) -> Option<[u32; 2]> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    let (width, rest) = header.split_first_chunk()?;
    let (height, _) = rest.split_first_chunk()?;
    Some([u32::from_be_bytes(*width), u32::from_be_bytes(*height)])
}

/// Width and height of the frame header, which follows the other segments (ISO/IEC 10918-1 section B.2).
fn jpeg_sides(bytes: &[u8]) -> Option<[u32; 2]> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let (marker, after) = marker(rest)?;
        match marker {
            0x01 | 0xd0..=0xd7 => rest = after,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let (&[_, _, _, h1, h2, w1, w2], _) = after.split_first_chunk()?;
                return Some([u16::from_be_bytes([w1, w2]), u16::from_be_bytes([h1, h2])].map(u32::from));
            }
            // The image's end, or its data without a frame.
            0xd8..=0xda => return None,
            _ => {
                let (length, _) = after.split_first_chunk()?;
                rest = after.get(usize::from(u16::from_be_bytes(*length)).max(2)..)?;
            }
        }
    }
}

/// The next marker, behind any number of fill bytes.
fn marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut rest = bytes.strip_prefix(b"\xff")?;
    while let Some(after) = rest.strip_prefix(b"\xff") {
        rest = after;
    }
    rest.split_first().map(|(marker, after)| (*marker, after))
}

#[cfg(test)]
mod tests {
    use super::{Format, InvalidPicture, MAX_BYTES, Picture};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &sides].concat()
    }

    fn jpeg(frame: u8, width: u16, height: u16) -> Vec<u8> {
        let start = b"\xff\xd8\xff\xe0\0\x06JFIF\xff\xff\xff\xfe\0\x04hi\xff".as_slice();
        let sides = [height.to_be_bytes(), width.to_be_bytes()].concat();
        [start, &[frame], b"\0\x11\x08", &sides].concat()
    }

    fn format(bytes: &[u8]) -> Result<Format, InvalidPicture> {
        Picture::read(bytes).map(|picture| {
            assert_eq!(picture.bytes, bytes, "unchanged");
            picture.format
        })
    }

    #[test]
    fn format_and_sides_are_those_of_the_header() {
        assert_eq!(format(&png(50, 1_024)), Ok(Format::Png));
        for frame in [0xc0, 0xc1, 0xc2, 0xcf] {
            assert_eq!(format(&jpeg(frame, 1_024, 50)), Ok(Format::Jpeg));
        }
        for (width, height) in [(49, 50), (50, 49), (1_025, 50), (50, 1_025), (0, 0)] {
            assert_eq!(format(&png(width.into(), height.into())), Err(InvalidPicture::Sides));
            assert_eq!(format(&jpeg(0xc0, width, height)), Err(InvalidPicture::Sides));
        }
        assert_eq!(format(&png(u32::MAX, 50)), Err(InvalidPicture::Sides));
    }

    #[test]
    fn what_is_no_header_is_no_picture() {
        for bytes in
            [b"".as_slice(), b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"RIFF....WEBP", b"\xff\xd8"]
        {
            assert_eq!(format(bytes), Err(InvalidPicture::Format));
        }
        for whole in [png(50, 50), jpeg(0xc0, 50, 50)] {
            for end in 0..whole.len() {
                assert_eq!(format(whole.get(..end).unwrap_or_default()), Err(InvalidPicture::Format), "{end}");
            }
        }
        assert_eq!(format(&jpeg(0xc4, 50, 50)), Err(InvalidPicture::Format), "a table is no frame");
        assert_eq!(format(b"\xff\xd8\xff\xda\0\x02\xff\xc0\0\x11\x08\0\x50\0\x50"), Err(InvalidPicture::Format));
    }

    #[test]
    fn the_largest_is_one_megabyte() {
        let mut bytes = png(50, 50);
        bytes.resize(MAX_BYTES, 0);
        assert_eq!(format(&bytes), Ok(Format::Png));
        bytes.push(0);
        assert_eq!(format(&bytes), Err(InvalidPicture::TooLarge));
    }
}
