//! The readers of bytes from outside this program, under one name each, for tests and fuzzing.

use crate::{cache, idx};
use flate2::Compression;
use flate2::bufread::GzEncoder;
use std::io::Read;

/// Entries that an IDX file may have here.
const LIMIT: u64 = 1 << 20;

/// A reader: what it reads, the function, and the most memory it takes for so many bytes.
pub type Reader = (&'static str, fn(&[u8]) -> Result<(), String>, fn(usize) -> usize);

/// Every reader of this crate.
pub const READERS: [Reader; 2] = [
    // Grows with what arrives, by doubling; unpacking has a window and buffers of its own.
    ("idx", idx, |_| 2 * LIMIT as usize + (1 << 18)),
    ("images", images, |bytes| bytes + (1 << 16)),
];

fn idx(bytes: &[u8]) -> Result<(), String> {
    idx::read(bytes, "a file", LIMIT)
        .map(drop)
        .map_err(|e| e.to_string())
}

fn images(bytes: &[u8]) -> Result<(), String> {
    cache::decode(bytes, bytes.len() as u64)
        .map(drop)
        .map_err(|e| e.to_string())
}

/// Files that the reader accepts: what tests and fuzzing start from.
#[must_use]
pub fn examples(name: &str) -> Vec<Vec<u8>> {
    if name == "images" {
        return vec![cache::example()];
    }
    let mut labels = vec![0, 0, 8, 1, 0, 0, 0, 5];
    labels.extend(0..5);
    let mut images = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4];
    images.extend(0..24);
    let packed = |bytes: &[u8]| {
        let mut packed = Vec::new();
        let mut encoder = GzEncoder::new(bytes, Compression::default());
        // Reading from memory into memory does not fail; an empty example would be noticed by whoever uses it.
        let _ = encoder.read_to_end(&mut packed);
        packed
    };
    // All zeros pack into a thousandth: claims of small files to be large.
    let zeros = [&[0, 0, 8, 1, 0, 15, 0, 0][..], &vec![0; 15 << 16]].concat();
    vec![packed(&labels), packed(&images), packed(&zeros), labels, images]
}
