//! The parts that a picture's file consists of: whether it has all of them, and its EXIF data.

use super::{PictureErrorKind, damaged};
use flate2::Crc;

/// What stands before the EXIF data of a JPEG.
const EXIF: &[u8] = b"Exif\0\0";

/// The EXIF data of a JPEG. Marker follows marker up to the one that ends it: a file that was cut lacks that.
pub(super) fn jpeg(file: &[u8]) -> Result<Option<&[u8]>, PictureErrorKind> {
    let cut = || damaged("JPEG", "it ends before its end marker");
    let mut exif = None;
    // Behind the marker that begins it.
    let mut at = 2;
    loop {
        // Within a scan 0xff stands for itself when 0 follows; 0xff may fill up, too.
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

/// The EXIF data of a PNG. Chunk follows chunk up to the one that ends it; that they are whole is the decoder's to check, but not
/// of this one, which it passes over where its checksum is wrong.
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
