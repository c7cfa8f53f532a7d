//! The readers of external bytes, each under one name, for tests and fuzzing.

use crate::pictures::Form;
use crate::{cache, idx, npy};
use flate2::Compression;
use flate2::bufread::GzEncoder;
use std::io::Read;

/// The maximum number of entries of an IDX file here.
const LIMIT: u64 = 1 << 20;

/// Pictures of 8 × 8.
const GREY_JPEG: &[u8] = include_bytes!("pictures/examples/grey.jpg");
const COLOUR_PNG: &[u8] = include_bytes!("pictures/examples/colour.png");

/// A reader: its name, the function, and the maximum memory for a number of bytes.
pub type Reader = (&'static str, fn(&[u8]) -> Result<(), String>, fn(usize) -> usize);

/// Every reader of this crate.
pub const READERS: [Reader; 4] = [
    // Grows with the data, by doubling; the decompressor has a window and buffers of its own.
    ("idx", idx, |_| 2 * LIMIT as usize + (1 << 18)),
    ("images", images, |bytes| bytes + (1 << 16)),
    // The file, and its entries as the widest integers, plus a header.
    ("npy", array, |bytes| 24 * bytes + (1 << 18)),
    // The tables of decoders, and pictures of 8 × 8.
    ("picture", picture, |bytes| 16 * bytes + (1 << 20)),
];

fn idx(bytes: &[u8]) -> Result<(), String> {
    idx::read(bytes, "a file", LIMIT)
        .map(drop)
        .map_err(|e| e.to_string())
}

fn images(bytes: &[u8]) -> Result<(), String> {
    cache::decode(bytes, bytes.len() as u64, cache::EXAMPLE)
        .map(drop)
        .map_err(|e| e.to_string())
}

fn array(bytes: &[u8]) -> Result<(), String> {
    npy::read(bytes).map(drop).map_err(|e| e.to_string())
}

fn picture(bytes: &[u8]) -> Result<(), String> {
    let form = Form {
        size: [8, 8],
        channels: 3,
        resize: false,
        orientation: None,
    };
    form.decode(bytes).map(drop).map_err(|e| e.to_string())
}

/// Files that the reader accepts, as seeds for tests and fuzzing.
#[must_use]
pub fn examples(name: &str) -> Vec<Vec<u8>> {
    match name {
        "images" => return vec![cache::example()],
        "npy" => {
            return vec![
                npy::write("<i4", false, &[2, 3], &[1; 24]),
                npy::write("|u1", true, &[4, 3, 2], &[7; 24]),
                npy::write("<f8", false, &[5], &[0; 40]),
            ];
        }
        "picture" => return vec![GREY_JPEG.to_vec(), COLOUR_PNG.to_vec()],
        _ => {}
    }
    let mut labels = vec![0, 0, 8, 1, 0, 0, 0, 5];
    labels.extend(0..5);
    let mut images = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4];
    images.extend(0..24);
    let packed = |bytes: &[u8]| {
        let mut packed = Vec::new();
        let mut encoder = GzEncoder::new(bytes, Compression::default());
        // Reading from memory into memory does not fail; any user would notice an empty example.
        let _ = encoder.read_to_end(&mut packed);
        packed
    };
    // All zeros compress to a thousandth, as in small files that claim to be large.
    let zeros = [&[0, 0, 8, 1, 0, 15, 0, 0][..], &vec![0; 15 << 16]].concat();
    vec![packed(&labels), packed(&images), packed(&zeros), labels, images]
}
