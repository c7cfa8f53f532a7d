//! Compact sets of row numbers, since a stream of many tasks has one for each part.

use std::fmt;
use std::sync::Arc;

/// Bits of a word.
const WORD: u32 = u64::BITS;
/// Number of words whose bits are counted together.
const BLOCK: usize = 8;

/// Row numbers in order. A contiguous range needs no memory; other ascending rows need a bit for each row of
/// the data set where that is less than 4 bytes for each row number. Clones share the storage.
#[derive(Clone)]
pub struct RowSet(Representation);

#[derive(Clone)]
enum Representation {
    /// The first, and the number.
    Range(u32, u32),
    Marks(Arc<Marks>),
    List(Arc<[u32]>),
}

/// A bitmap of rows.
struct Marks {
    words: Vec<u64>,
    /// The number of bits set before each block of words.
    before: Vec<u32>,
    count: usize,
}

impl RowSet {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Representation::Range(_, count) => *count as usize,
            Representation::Marks(marks) => marks.count,
            Representation::List(rows) => rows.len(),
        }
    }

    /// Returns whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row number at index `at`.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<u32> {
        if at >= self.len() {
            return None;
        }
        match &self.0 {
            Representation::Range(first, _) => Some(first + at as u32),
            Representation::Marks(marks) => marks.get(at as u32),
            Representation::List(rows) => rows.get(at).copied(),
        }
    }

    /// All row numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let (range, marks, list) = match &self.0 {
            Representation::Range(first, count) => (*first..first + count, None, None),
            Representation::Marks(marks) => (0..0, Some(marks.iter()), None),
            Representation::List(rows) => (0..0, None, Some(rows.iter().copied())),
        };
        range
            .chain(marks.into_iter().flatten())
            .chain(list.into_iter().flatten())
    }

    /// The first `n` row numbers.
    #[must_use]
    pub fn first(&self, n: usize) -> Vec<u32> {
        self.iter().take(n).collect()
    }

    /// All row numbers, in order.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u32> {
        self.iter().collect()
    }

    /// The number of bytes of the storage, which clones share.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match &self.0 {
            Representation::Range(..) => 0,
            Representation::Marks(marks) => 8 * marks.words.len() + 4 * marks.before.len(),
            Representation::List(rows) => 4 * rows.len(),
        }
    }
}

impl Marks {
    /// The bitmap of ascending rows.
    fn of(rows: &[u32], last: u32) -> Self {
        let mut words = vec![0; (last / WORD) as usize + 1];
        for &row in rows {
            words[(row / WORD) as usize] |= 1 << (row % WORD);
        }
        let mut sum = 0;
        let before = words.chunks(BLOCK).map(|block: &[u64]| {
            let here = block.iter().map(|word| word.count_ones()).sum::<u32>();
            sum += here;
            sum - here
        });
        Self {
            before: before.collect(),
            words,
            count: rows.len(),
        }
    }

    fn get(&self, at: u32) -> Option<u32> {
        let block = self
            .before
            .partition_point(|&before| before <= at)
            .checked_sub(1)?;
        let mut left = at - self.before[block];
        for (place, &word) in self.words.iter().enumerate().skip(block * BLOCK) {
            let here = word.count_ones();
            if left < here {
                let mut word = word;
                for _ in 0..left {
                    // Clears the lowest bit.
                    word &= word - 1;
                }
                return Some(place as u32 * WORD + word.trailing_zeros());
            }
            left -= here;
        }
        None
    }

    fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(place, &word)| {
            let mut word = word;
            std::iter::from_fn(move || {
                let row = (word != 0).then(|| place as u32 * WORD + word.trailing_zeros())?;
                word &= word - 1;
                Some(row)
            })
        })
    }
}

impl From<Vec<u32>> for RowSet {
    fn from(rows: Vec<u32>) -> Self {
        let ascending = rows.windows(2).all(|pair| pair[0] < pair[1]);
        match (rows.first(), rows.last()) {
            (None, _) | (_, None) => Self(Representation::Range(0, 0)),
            (Some(&first), Some(&last)) if ascending && (last - first) as usize == rows.len() - 1 => {
                Self(Representation::Range(first, rows.len() as u32))
            }
            // One bit for each row, plus the counts.
            (_, Some(&last)) if ascending && last as usize / 8 + last as usize / 128 < 4 * rows.len() => {
                Self(Representation::Marks(Arc::new(Marks::of(&rows, last))))
            }
            _ => Self(Representation::List(rows.into())),
        }
    }
}

impl FromIterator<u32> for RowSet {
    fn from_iter<I: IntoIterator<Item = u32>>(rows: I) -> Self {
        rows.into_iter().collect::<Vec<_>>().into()
    }
}

impl Default for RowSet {
    fn default() -> Self {
        Self(Representation::Range(0, 0))
    }
}

impl PartialEq for RowSet {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for RowSet {}

impl fmt::Debug for RowSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests;
