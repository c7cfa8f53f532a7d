//! The segments of a picture's file: a check that it is complete, and its EXIF data.

use super::{PictureErrorKind, damaged};
use flate2::Crc;

/// The prefix of the EXIF data of a JPEG.
const EXIF: &[u8] = b"Exif\0\0";

/// The EXIF data of a JPEG. Markers follow one another up to the end marker, which a truncated file lacks.
pub(super) fn jpeg(file: &[u8]) -> Result<Option<&[u8]>, PictureErrorKind> {
    let cut = || damaged("JPEG", "it ends before its end marker");
    let mut exif = None;
    // After the start marker.
    let mut at = 2;
    loop {
        // Within a scan 0xff is followed by 0 if it is data; 0xff may also be padding.
        let here = file.get(at..).ok_or_else(cut)?;
        at += here.iter().position(|&byte| byte == 0xff).ok_or_else(cut)? + 1;
        match *file.get(at).ok_or_else(cut)? {
            0 | 0x01 | 0xd0..=0xd8 => at += 1,
            0xff => {}
            0xd9 => return Ok(exif),
            marker => {
                let length = file.get(at + 1..at + 3).ok_or_else(cut)?;
                let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                let segment = file.get(at + 3..at + 1 + length.max(2)).ok_or_else(cut)?;
                if marker == 0xe1 && exif.is_none() {
                    exif = segment.strip_prefix(EXIF);
                }
                at += 1 + length.max(2);
            }
        }
    }
}

/// The EXIF data of a PNG. Chunks follow one another up to the end chunk; the decoder checks that they are intact, except for
/// this one, which is skipped if its checksum is wrong.
pub(super) fn png(file: &[u8]) -> Result<Option<&[u8]>, PictureErrorKind> {
    let cut = || damaged("PNG", "it ends before its end chunk");
    let mut at = 8;
    let mut exif = None;
    loop {
        let head = file.get(at..at + 8).ok_or_else(cut)?;
        let (length, name) = head.split_at(4);
        let length = length.iter().fold(0, |n, &byte| n << 8 | usize::from(byte));
        let body = file.get(at + 8..at + 8 + length).ok_or_else(cut)?;
        let sum = file.get(at + 8 + length..at + 12 + length).ok_or_else(cut)?;
        match name {
            b"IEND" => return Ok(exif),
            b"eXIf" => {
                let mut crc = Crc::new();
                crc.update(name);
                crc.update(body);
                if crc.sum().to_be_bytes() != *sum {
                    return Err(damaged("PNG", "the checksum of its EXIF data is another"));
                }
                exif = exif.or(Some(body));
            }
            _ => {}
        }
        at += 12 + length;
    }
}
