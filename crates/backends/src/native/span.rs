//! Ranges of a block's stored rows that are processed at a time.

/// The stored rows of a block that a tile holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Span<'a> {
    /// Rows from here on.
    From(usize),
    /// These rows.
    These(&'a [u32]),
}

impl Span<'_> {
    /// The row that the `i`-th row of the tile belongs to.
    #[inline(always)]
    pub(super) fn at(self, i: usize) -> usize {
        match self {
            Self::From(first) => first + i,
            Self::These(rows) => rows[i] as usize,
        }
    }
}
