//! The NPY format of NumPy's arrays: a magic number, a version, the length of a header, the header (a Python dictionary of
//! `descr`, `fortran_order` and `shape`), then the entries. (NumPy enhancement proposal 1, and `numpy.lib.format`.)
//!
//! Versions 1 to 3 are read, with entries of unsigned and signed integers, half, single and double precision, in either byte order,
//! the last axis fastest (C) or the first (Fortran). A header can claim anything, so memory grows only with the bytes that
//! exist.

mod half;
mod header;

use header::Header;
use std::io::{self, Read};
use thiserror::Error;

/// The problem with an NPY array.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NpyErrorKind {
    /// Reading or unpacking failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It does not start with the magic number.
    #[error("it does not begin like an NPY file")]
    Magic,
    /// Its version is unknown.
    #[error("it has version {found} of the format; 1 to 3 are read")]
    Version {
        /// The version found.
        found: u8,
    },
    /// Its header is invalid.
    #[error("its header cannot be read: {reason}")]
    Header {
        /// The problem, and the key.
        reason: String,
    },
    /// Its entries have an unsupported type.
    #[error("its entries are `{found}`; {valid} are read here")]
    Type {
        /// The type as NumPy writes it.
        found: String,
        /// The supported types.
        valid: &'static str,
    },
    /// It has the wrong number of axes, or an axis of the wrong length.
    #[error("it has shape {found:?}, but {expected}")]
    Shape {
        /// The allowed shapes.
        expected: String,
        /// The shape found.
        found: Vec<usize>,
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
    /// An entry is not usable.
    #[error("entry {entry} is {value}, {reason}")]
    Entry {
        /// Its index, last axis fastest.
        entry: usize,
        /// The entry.
        value: String,
        /// The reason.
        reason: &'static str,
    },
}

impl NpyErrorKind {
    /// Returns whether the file is damaged or cannot be read, and not an array that does not fit.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            Self::Type { .. } | Self::Shape { .. } | Self::Entry { .. } => false,
            Self::Io(_)
            | Self::Magic
            | Self::Version { .. }
            | Self::Header { .. }
            | Self::Truncated { .. }
            | Self::Trailing { .. } => true,
        }
    }
}

/// The entries of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entries {
    /// Unsigned bytes.
    Bytes(Vec<u8>),
    /// Other integers.
    Integers(Vec<i128>),
    /// Floating-point numbers in single precision; half precision is exact in it, double precision is rounded.
    Floats(Vec<f32>),
}

/// An array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Array {
    pub(crate) shape: Vec<usize>,
    /// The entries, last axis fastest, whatever the stored order.
    pub(crate) entries: Entries,
    /// The type of an entry as NumPy writes it, for errors.
    pub(crate) descr: String,
}

/// Reads an array from the whole of `input`.
pub(crate) fn read(mut input: impl Read) -> Result<Array, NpyErrorKind> {
    let header = Header::read(&mut input)?;
    let kind = Kind::parse(&header.descr)?;
    let count = header
        .shape
        .iter()
        .try_fold(1_u64, |product, &d| product.checked_mul(d as u64));
    let bytes = count.and_then(|count| count.checked_mul(kind.width as u64));
    let (Some(count), Some(expected)) = (count, bytes.filter(|&n| n < u64::MAX)) else {
        return Err(NpyErrorKind::Header {
            reason: "`shape` has more entries than there can be".into(),
        });
    };
    let mut raw = Vec::new();
    // Grows as bytes are read; one byte more than claimed is enough to detect extra bytes.
    input.take(expected + 1).read_to_end(&mut raw)?;
    let found = raw.len() as u64;
    if found < expected {
        return Err(NpyErrorKind::Truncated { expected, found });
    }
    if found > expected {
        return Err(NpyErrorKind::Trailing { expected });
    }
    let order = header.fortran.then(|| fortran(&header.shape, count as usize));
    Ok(Array {
        entries: kind.entries(raw, order.as_deref()),
        shape: header.shape,
        descr: header.descr,
    })
}

/// The stored position in Fortran order of each entry, counted with the last axis fastest.
fn fortran(shape: &[usize], count: usize) -> Vec<usize> {
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = 1;
    for &d in shape {
        strides.push(stride);
        stride *= d;
    }
    let mut index = vec![0; shape.len()];
    let mut order = Vec::with_capacity(count);
    let mut at = 0;
    for _ in 0..count {
        order.push(at);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            at += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            at -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    order
}

/// The type of an entry.
struct Kind {
    big_endian: bool,
    letter: u8,
    width: usize,
}

impl Kind {
    fn parse(descr: &str) -> Result<Self, NpyErrorKind> {
        let unread = || NpyErrorKind::Type {
            found: descr.chars().take(40).collect(),
            valid: "integers of 1, 2, 4 and 8 bytes, float16, float32 and float64",
        };
        let [order @ (b'<' | b'>' | b'|' | b'='), letter, width] = *descr.as_bytes() else {
            return Err(unread());
        };
        let width = usize::from(width.wrapping_sub(b'0'));
        match (letter, width) {
            (b'u' | b'i', 1 | 2 | 4 | 8) | (b'f', 2 | 4 | 8) => Ok(Self {
                big_endian: order == b'>',
                letter,
                width,
            }),
            _ => Err(unread()),
        }
    }

    fn entries(&self, raw: Vec<u8>, order: Option<&[usize]>) -> Entries {
        // The bits of an entry, from its little-endian bytes.
        let bits = |at: usize| {
            let mut bytes = [0; 8];
            bytes[..self.width].copy_from_slice(&raw[at * self.width..][..self.width]);
            if self.big_endian {
                bytes[..self.width].reverse();
            }
            u64::from_le_bytes(bytes)
        };
        match (self.letter, self.width, order) {
            (b'u', 1, None) => Entries::Bytes(raw),
            (b'u', 1, Some(order)) => Entries::Bytes(order.iter().map(|&at| raw[at]).collect()),
            (b'f', width, _) => Entries::Floats(self.each(&raw, order, |at| match width {
                2 => half::number(bits(at) as u16),
                4 => f32::from_bits(bits(at) as u32),
                _ => f64::from_bits(bits(at)) as f32,
            })),
            (letter, width, _) => Entries::Integers(self.each(&raw, order, |at| {
                let unused = 64 - 8 * width as u32;
                if letter == b'i' {
                    // The sign is the highest bit of the entry's own width.
                    i128::from((bits(at) << unused).cast_signed() >> unused)
                } else {
                    i128::from(bits(at))
                }
            })),
        }
    }

    fn each<T>(&self, raw: &[u8], order: Option<&[usize]>, of: impl Fn(usize) -> T) -> Vec<T> {
        match order {
            Some(order) => order.iter().map(|&at| of(at)).collect(),
            None => (0..raw.len() / self.width).map(of).collect(),
        }
    }
}

/// Encodes an array of these bytes as NumPy would.
pub(crate) fn write(descr: &str, fortran: bool, shape: &[usize], raw: &[u8]) -> Vec<u8> {
    header::write(descr, fortran, shape, raw)
}

#[cfg(test)]
mod tests;
