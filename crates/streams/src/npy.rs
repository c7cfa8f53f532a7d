//! The NPY format of NumPy's arrays: a magic number, a version, the length of a header, the header (a Python dictionary of
//! `descr`, `fortran_order` and `shape`), then the entries. (NumPy enhancement proposal 1, and `numpy.lib.format`.)
//!
//! Versions 1 to 3 are read, with entries of unsigned and signed integers, single and double precision, in either byte order,
//! the last axis fastest (C) or the first (Fortran). A header can claim anything, so memory grows only with bytes that are really
//! there.

mod header;

use header::Header;
use std::io::{self, Read};
use thiserror::Error;

/// Why an NPY array was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NpyErrorKind {
    /// Reading or unpacking failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It does not begin with the magic number.
    #[error("it does not begin like an NPY file")]
    Magic,
    /// It has a version that is not known.
    #[error("it has version {found} of the format; 1 to 3 are read")]
    Version {
        /// The version found.
        found: u8,
    },
    /// Its header is not as it should be.
    #[error("its header cannot be read: {reason}")]
    Header {
        /// What is wrong, and with which key.
        reason: String,
    },
    /// Its entries are of a type that is not read.
    #[error("its entries are `{found}`; {valid} are read here")]
    Type {
        /// As NumPy writes it.
        found: String,
        /// What would do.
        valid: &'static str,
    },
    /// It has another number of axes than it should, or an axis of another length.
    #[error("it has shape {found:?}, but {expected}")]
    Shape {
        /// What would do.
        expected: String,
        /// The shape found.
        found: Vec<usize>,
    },
    /// It ends early.
    #[error("it ends after {found} of the {expected} bytes that its header claims")]
    Truncated {
        /// Bytes expected behind the header.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// Something follows the entries.
    #[error("bytes follow the {expected} that its header claims")]
    Trailing {
        /// Bytes expected behind the header.
        expected: u64,
    },
    /// An entry cannot be used.
    #[error("entry {entry} is {value}, {reason}")]
    Entry {
        /// Its place, last axis fastest.
        entry: usize,
        /// The entry.
        value: String,
        /// Why it cannot be used.
        reason: &'static str,
    },
}

/// The entries of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entries {
    /// Unsigned bytes.
    Bytes(Vec<u8>),
    /// Other integers.
    Integers(Vec<i128>),
    /// Numbers; those of double precision are rounded to single.
    Floats(Vec<f32>),
}

/// An array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Array {
    pub(crate) shape: Vec<usize>,
    /// The last axis fastest, however it was stored.
    pub(crate) entries: Entries,
    /// The type of an entry as NumPy writes it, for errors.
    pub(crate) descr: String,
}

/// Read an array that is all of `input`.
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
    // Grows as bytes arrive; one byte more than claimed is enough to notice that more follow.
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

/// Where each entry, counted with the last axis fastest, is stored when the first is.
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
            valid: "integers of 1, 2, 4 and 8 bytes, float32 and float64",
        };
        let [order @ (b'<' | b'>' | b'|' | b'='), letter, width] = *descr.as_bytes() else {
            return Err(unread());
        };
        let width = usize::from(width.wrapping_sub(b'0'));
        match (letter, width) {
            (b'u' | b'i', 1 | 2 | 4 | 8) | (b'f', 4 | 8) => Ok(Self {
                big_endian: order == b'>',
                letter,
                width,
            }),
            _ => Err(unread()),
        }
    }

    fn entries(&self, raw: Vec<u8>, order: Option<&[usize]>) -> Entries {
        // An entry as its bits, the lowest byte first.
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
                4 => f32::from_bits(bits(at) as u32),
                _ => f64::from_bits(bits(at)) as f32,
            })),
            (letter, width, _) => Entries::Integers(self.each(&raw, order, |at| {
                let unused = 64 - 8 * width as u32;
                if letter == b'i' {
                    // The sign is the highest bit of its own width.
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

/// An array of these bytes, as NumPy would write it.
pub(crate) fn write(descr: &str, fortran: bool, shape: &[usize], raw: &[u8]) -> Vec<u8> {
    header::write(descr, fortran, shape, raw)
}

#[cfg(test)]
mod tests;
