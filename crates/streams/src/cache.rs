//! A cache of decoded and drawn images, one file for each data set, so that a run only has to read bytes.
//!
//! Layout, little-endian: magic (8 bytes), version (`u32`), SHA-256 of the images' identity and of all that follows (32
//! bytes), rank, the dimensions of an image, the number of classes, training images, test images (a `u32` each); then training
//! labels, test labels, training pixels and test pixels, a byte each. A file is written under a temporary name and renamed, so that
//! a reader never sees an incomplete one; a file with a wrong version, length or checksum, or of another identity, is made
//! again.

use crate::contents::hex;
use crate::env::DataEnv;
use crate::error::StreamError;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

const MAGIC: [u8; 8] = *b"DENTIMG\n";
/// Increase it when the layout changes.
const VERSION: u32 = 2;
/// The number of bytes before the rank.
const FRONT: u64 = 8 + 4 + 32;

/// Labels and pixels of images, in the same order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Half {
    pub(crate) labels: Vec<u8>,
    pub(crate) pixels: Vec<u8>,
}

impl Half {
    /// The first `n` images.
    pub(crate) fn truncate(&mut self, n: usize, features: usize) {
        self.labels.truncate(n);
        self.pixels.truncate(n * features);
    }
}

/// A data set of images: grey `[height, width]`, or `[channels, height, width]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Images {
    pub(crate) shape: Vec<usize>,
    pub(crate) classes: u32,
    pub(crate) train: Half,
    pub(crate) test: Half,
}

/// The path for the images that `identity` describes, if there is a cache.
pub(crate) fn place(env: &DataEnv, kind: &str, identity: &str) -> Option<PathBuf> {
    let digest = hex(&Sha256::digest(format!("{VERSION}/{identity}")));
    env.cache
        .as_ref()
        .map(|folder| folder.join(format!("{kind}-{}.images", &digest[..16])))
}

/// The size in bytes of a file with this number of images.
pub(crate) fn size(shape: &[usize], images: u64) -> u64 {
    let head = FRONT + 4 * (4 + shape.len() as u64);
    head + images * (1 + shape.iter().product::<usize>() as u64)
}

/// The images that `identity` describes: from the cache if it has them intact, else made and added to it.
pub(crate) fn obtain(
    env: &DataEnv,
    kind: &str,
    identity: &str,
    make: impl FnOnce() -> Result<Images, StreamError>,
) -> Result<Images, StreamError> {
    let Some(path) = place(env, kind, identity) else {
        return make();
    };
    if let Ok(images) = read(&path, identity) {
        return Ok(images);
    }
    let images = make()?;
    write(&path, identity, &images).map_err(|source| StreamError::Cache { path, source })?;
    Ok(images)
}

fn write(path: &Path, identity: &str, images: &Images) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // The process id distinguishes two processes that make the same file.
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let written = (|| {
        let mut file = File::create(&beside)?;
        encode(identity, images, &mut file)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // The first error is the one to report; a file that remains is harmless.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Starts a file's checksum with the identity of its images.
fn begun(identity: &str) -> Sha256 {
    Sha256::new()
        .chain_update((identity.len() as u64).to_le_bytes())
        .chain_update(identity)
}

fn encode(identity: &str, images: &Images, out: &mut impl Write) -> io::Result<()> {
    let mut head = Vec::new();
    let words = [images.shape.len()]
        .into_iter()
        .chain(images.shape.iter().copied())
        .chain([
            images.classes as usize,
            images.train.labels.len(),
            images.test.labels.len(),
        ]);
    for word in words {
        let word = u32::try_from(word).map_err(io::Error::other)?;
        head.extend_from_slice(&word.to_le_bytes());
    }
    let parts = [
        &head,
        &images.train.labels,
        &images.test.labels,
        &images.train.pixels,
        &images.test.pixels,
    ];
    let mut hash = begun(identity);
    parts.iter().for_each(|part| hash.update(part));
    out.write_all(&MAGIC)?;
    out.write_all(&VERSION.to_le_bytes())?;
    out.write_all(&hash.finalize())?;
    parts.iter().try_for_each(|part| out.write_all(part))
}

/// The identity of the small file.
pub(crate) const EXAMPLE: &str = "an example";

/// A small file.
pub(crate) fn example() -> Vec<u8> {
    let half = |n: u8| Half {
        labels: (0..n).collect(),
        pixels: (0..n * 6).collect(),
    };
    let images = Images {
        shape: vec![2, 3],
        classes: 10,
        train: half(5),
        test: half(2),
    };
    let mut bytes = Vec::new();
    // Writing into memory does not fail; any user would notice an empty example.
    let _ = encode(EXAMPLE, &images, &mut bytes);
    bytes
}

fn read(path: &Path, identity: &str) -> io::Result<Images> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    decode(file, length, identity)
}

/// Reads a file of `length` bytes with the images that `identity` describes. Nothing is allocated that exceeds the file, so memory
/// stays below its length and 64 KiB.
pub(crate) fn decode(mut file: impl Read, length: u64, identity: &str) -> io::Result<Images> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let mut magic = [0; 8];
    file.read_exact(&mut magic)?;
    let version = word(&mut file)?;
    let mut sum = [0; 32];
    file.read_exact(&mut sum)?;
    if magic != MAGIC || version != VERSION {
        return Err(damaged());
    }
    let mut hash = begun(identity);
    let mut counted = |file: &mut dyn Read| {
        let word = word(file)?;
        hash.update(word.to_le_bytes());
        Ok::<_, io::Error>(word)
    };
    let rank = counted(&mut file)?;
    if rank > 4 {
        return Err(damaged());
    }
    let shape = (0..rank)
        .map(|_| counted(&mut file).map(|d| d as usize))
        .collect::<io::Result<Vec<_>>>()?;
    let classes = counted(&mut file)?;
    let (train, test) = (u64::from(counted(&mut file)?), u64::from(counted(&mut file)?));
    let features = shape
        .iter()
        .try_fold(1_u64, |product, &d| product.checked_mul(d as u64))
        .ok_or_else(damaged)?;
    let claimed = features
        .checked_add(1)
        .and_then(|each| each.checked_mul(train + test))
        .and_then(|body| body.checked_add(FRONT + 4 * (4 + u64::from(rank))));
    if claimed != Some(length) {
        return Err(damaged());
    }
    let mut bytes = |n: u64| {
        let mut bytes = vec![0; n as usize];
        file.read_exact(&mut bytes)?;
        hash.update(&bytes);
        Ok::<_, io::Error>(bytes)
    };
    let (train_labels, test_labels) = (bytes(train)?, bytes(test)?);
    let (train_pixels, test_pixels) = (bytes(train * features)?, bytes(test * features)?);
    if hash.finalize()[..] != sum {
        return Err(damaged());
    }
    Ok(Images {
        shape,
        classes,
        train: Half {
            labels: train_labels,
            pixels: train_pixels,
        },
        test: Half {
            labels: test_labels,
            pixels: test_pixels,
        },
    })
}

fn word(mut file: impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests;
