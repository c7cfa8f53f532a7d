//! The orientation of a picture by the EXIF data of a camera: rotated, mirrored, or as it is stored.
//!
//! Of the data (a TIFF file, by the EXIF standard and TIFF 6.0) only `Orientation` is read. Invalid data is ignored, as in other
//! readers.

/// An orientation by its EXIF number: 1 for as it is stored, up to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Showing(u8);

const TAG: u16 = 0x0112;
/// A number of two bytes.
const SHORT: u16 = 3;

impl Showing {
    pub(super) const STORED: Self = Self(1);

    /// The orientation in EXIF data; as stored where they have none.
    pub(super) fn of(exif: Option<&[u8]>) -> Self {
        let number = exif.and_then(orientation).filter(|n| (1..=8).contains(n));
        number.map_or(Self::STORED, |n| Self(n as u8))
    }

    pub(super) fn number(self) -> u8 {
        self.0
    }

    /// The height and width in which a picture of this height and width is shown.
    pub(super) fn size(self, [height, width]: [usize; 2]) -> [usize; 2] {
        if self.0 >= 5 {
            [width, height]
        } else {
            [height, width]
        }
    }

    /// One channel of a picture of this height and width, as shown.
    pub(super) fn plane(self, stored: &[u8], [height, width]: [usize; 2]) -> Vec<u8> {
        let [rows, columns] = self.size([height, width]);
        let mut out = Vec::with_capacity(stored.len());
        for y in 0..rows {
            for x in 0..columns {
                // The positions at which the stored row 0 and column 0 are shown by EXIF.
                let (row, column) = match self.0 {
                    2 => (y, width - 1 - x),
                    3 => (height - 1 - y, width - 1 - x),
                    4 => (height - 1 - y, x),
                    5 => (x, y),
                    6 => (height - 1 - x, y),
                    7 => (height - 1 - x, width - 1 - y),
                    8 => (x, width - 1 - y),
                    _ => (y, x),
                };
                out.push(stored[row * width + column]);
            }
        }
        out
    }
}

/// The orientation number in EXIF data.
fn orientation(exif: &[u8]) -> Option<u16> {
    let big = match exif.get(..4)? {
        [b'I', b'I', 42, 0] => false,
        [b'M', b'M', 0, 42] => true,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = exif.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    };
    let word = |at: usize| {
        let bytes = exif.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    };
    let first = word(4)? as usize;
    for entry in 0..usize::from(short(first)?) {
        let at = first.checked_add(2 + 12 * entry)?;
        if short(at)? == TAG {
            let one = short(at + 2)? == SHORT && word(at + 4)? == 1;
            return one.then(|| short(at + 8)).flatten();
        }
    }
    None
}

#[cfg(test)]
pub(super) mod tests;
