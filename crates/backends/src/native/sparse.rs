//! Which entries of a batch are not zero, row by row or column by column. Most pixels and most outputs of rectified units
//! are zero, and a product that skips them is exact: what is left out would have added 0.

use super::block::Block;

/// Lists of (index, value).
#[derive(Debug, Default)]
pub(super) struct Sparse {
    /// Where each list starts; one more than there are lists.
    starts: Vec<u32>,
    entries: Vec<(u32, f32)>,
    /// Next free place of each list while columns are sorted in.
    next: Vec<u32>,
}

impl Sparse {
    pub(super) fn list(&self, i: usize) -> &[(u32, f32)] {
        &self.entries[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    /// Which lists hold anything.
    pub(super) fn present(&self, out: &mut Vec<u32>) {
        out.clear();
        out.resize(self.starts.len(), 0);
        let mut place = 0;
        for (i, ends) in self.starts.windows(2).enumerate() {
            out[place] = i as u32;
            place += usize::from(ends[0] != ends[1]);
        }
        out.truncate(place);
    }

    /// One list for each row.
    pub(super) fn by_row(&mut self, block: &Block) {
        self.starts.clear();
        self.starts.push(0);
        // Written without a branch: every entry is stored, and the place only moves on behind one that is not 0.
        self.entries.resize(block.rows() * block.cols() + 1, (0, 0.0));
        let mut place = 0;
        for i in 0..block.rows() {
            for (j, &x) in block.row(i).iter().enumerate() {
                self.entries[place] = (j as u32, x);
                place += usize::from(x != 0.0);
            }
            self.starts.push(place as u32);
        }
    }

    /// One list for each column, rows rising.
    pub(super) fn by_column(&mut self, block: &Block) {
        if block.rows() == 1 {
            return self.by_column_of_row(block.row(0));
        }
        self.next.clear();
        self.next.resize(block.cols(), 0);
        for i in 0..block.rows() {
            for (count, &x) in self.next.iter_mut().zip(block.row(i)) {
                *count += u32::from(x != 0.0);
            }
        }
        self.starts.clear();
        let mut total = 0;
        for count in &mut self.next {
            self.starts.push(total);
            total += std::mem::replace(count, total);
        }
        self.starts.push(total);
        self.entries
            .resize(self.entries.len().max(total as usize), (0, 0.0));
        for i in 0..block.rows() {
            for (next, &x) in self.next.iter_mut().zip(block.row(i)) {
                if x != 0.0 {
                    self.entries[*next as usize] = (i as u32, x);
                    *next += 1;
                }
            }
        }
    }

    fn by_column_of_row(&mut self, row: &[f32]) {
        self.starts.clear();
        self.starts.resize(row.len() + 1, 0);
        self.entries.resize(row.len() + 1, (0, 0.0));
        let mut place = 0;
        for (end, &x) in self.starts[1..].iter_mut().zip(row) {
            self.entries[place] = (0, x);
            place += usize::from(x != 0.0);
            *end = place as u32;
        }
    }
}

/// How many entries are not zero.
pub(super) fn filled(block: &Block) -> usize {
    let count = |row: &[f32]| row.iter().map(|&x| u32::from(x != 0.0)).sum::<u32>() as usize;
    (0..block.rows()).map(|i| count(block.row(i))).sum()
}

#[cfg(test)]
mod tests;
