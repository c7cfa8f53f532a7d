//! The IDX format of the MNIST files: two zero bytes, the type of an entry, the number of dimensions, each dimension as a
//! big-endian `u32`, then the entries, last dimension fastest. (Described by LeCun, Cortes and Burges with MNIST itself.)
//!
//! Only unsigned bytes (type `0x08`) in one dimension (labels) or three (images) are read. Gzip is recognised by its first
//! bytes, whatever the file's name. A header can claim anything, so its claims are checked against a stated maximum
//! before any entry is read, and memory grows only with the bytes that exist.

use crate::unpack::GZIP;
use std::io::{self, BufRead, Read};
use thiserror::Error;

const UNSIGNED_BYTE: u8 = 0x08;

/// The error of an IDX file.
#[derive(Debug, Error)]
#[error("{file} cannot be read as IDX: {kind}")]
pub struct IdxError {
    /// The name of the file.
    pub file: String,
    /// The problem.
    pub kind: IdxErrorKind,
}

/// The problem with an IDX file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IdxErrorKind {
    /// Reading or unpacking failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It does not start with the magic number.
    #[error("it begins with {found:02x?}, but IDX of unsigned bytes begins with [00, 00, 08] and 1 or 3")]
    Magic {
        /// The first four bytes.
        found: [u8; 4],
    },
    /// It has the wrong number of dimensions.
    #[error("it has {found} dimensions instead of {expected}")]
    Dimensions {
        /// The required number.
        expected: usize,
        /// The number found.
        found: usize,
    },
    /// It claims more entries than accepted.
    #[error("its header claims {dims:?} entries, more than the {limit} bytes accepted")]
    TooLarge {
        /// The claimed dimensions.
        dims: Vec<u32>,
        /// The maximum number of entries.
        limit: u64,
    },
    /// It is truncated.
    #[error("it ends after {found} of the {expected} bytes that its header claims")]
    Truncated {
        /// Expected number of bytes after the header.
        expected: u64,
        /// Number of bytes found.
        found: u64,
    },
    /// There are bytes after the entries.
    #[error("bytes follow the {expected} that its header claims")]
    Trailing {
        /// Expected number of bytes after the header.
        expected: u64,
    },
}

/// The contents of an IDX file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx {
    /// Its dimensions: `[n]` or `[n, height, width]`.
    pub dims: Vec<usize>,
    /// Its entries, last dimension fastest.
    pub values: Vec<u8>,
}

/// Reads plain or gzip IDX of at most `limit` entries; `name` is used in error messages.
///
/// # Errors
/// [`IdxError`], naming `name`.
pub fn read(mut input: impl BufRead, name: &str, limit: u64) -> Result<Idx, IdxError> {
    let unpacked = input
        .fill_buf()
        .map_err(IdxErrorKind::from)
        .map(|head| head.starts_with(&GZIP));
    let idx = match unpacked {
        Ok(true) => entries(flate2::bufread::MultiGzDecoder::new(input), limit),
        Ok(false) => entries(input, limit),
        Err(kind) => Err(kind),
    };
    idx.map_err(|kind| IdxError {
        file: name.to_owned(),
        kind,
    })
}

fn entries(mut input: impl Read, limit: u64) -> Result<Idx, IdxErrorKind> {
    let magic = header(&mut input)?;
    let rank = match magic {
        [0, 0, UNSIGNED_BYTE, rank @ (1 | 3)] => usize::from(rank),
        found => return Err(IdxErrorKind::Magic { found }),
    };
    let mut dims = Vec::with_capacity(rank);
    for _ in 0..rank {
        dims.push(u32::from_be_bytes(header(&mut input)?));
    }
    let claimed = dims
        .iter()
        .try_fold(1_u64, |product, &d| product.checked_mul(u64::from(d)));
    let Some(expected) = claimed.filter(|&n| n <= limit) else {
        return Err(IdxErrorKind::TooLarge { dims, limit });
    };
    let mut values = Vec::new();
    // Grows as bytes are read; one byte more than claimed is enough to detect extra bytes.
    input.take(expected + 1).read_to_end(&mut values)?;
    let found = values.len() as u64;
    if found < expected {
        return Err(IdxErrorKind::Truncated { expected, found });
    }
    if found > expected {
        return Err(IdxErrorKind::Trailing { expected });
    }
    let dims = dims.iter().map(|&d| d as usize).collect();
    Ok(Idx { dims, values })
}

/// The next four bytes of a header.
fn header(input: &mut impl Read) -> Result<[u8; 4], IdxErrorKind> {
    let mut word = [0; 4];
    input.read_exact(&mut word)?;
    Ok(word)
}

#[cfg(test)]
mod tests;
