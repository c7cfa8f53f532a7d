//! The confusion matrix: for each true class the number of rows that were taken for each class.
//!
//! From it the accuracy on each class, `n[c][c] / Σ_d n[c][d]` (the recall of the class).

use std::collections::BTreeMap;

/// The word in an item of a record for rows for which no class was known.
const NONE: &str = "none";

/// Numbers of rows by true class and predicted class; `None` stands for rows for which no class was known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    counts: BTreeMap<(u32, Option<u32>), u64>,
}

impl Confusion {
    /// Counts `rows` more rows of the class `own` that were taken for `predicted`.
    pub fn add(&mut self, own: u32, predicted: Option<u32>, rows: u64) {
        if rows > 0 {
            let count = self.counts.entry((own, predicted)).or_default();
            *count = count.saturating_add(rows);
        }
    }

    /// Adds the counts of another.
    pub fn extend(&mut self, other: &Self) {
        for ((own, predicted), rows) in other.counts() {
            self.add(own, predicted, rows);
        }
    }

    /// The number of rows of each pair of true and predicted class that has any, in order.
    pub fn counts(&self) -> impl Iterator<Item = ((u32, Option<u32>), u64)> {
        self.counts.iter().map(|(pair, rows)| (*pair, *rows))
    }

    /// The number of rows of the class `own` that were taken for `predicted`.
    #[must_use]
    pub fn count(&self, own: u32, predicted: Option<u32>) -> u64 {
        self.counts.get(&(own, predicted)).copied().unwrap_or(0)
    }

    /// The number of rows of each true class.
    #[must_use]
    pub fn rows(&self) -> BTreeMap<u32, u64> {
        let mut rows: BTreeMap<u32, u64> = BTreeMap::new();
        for ((own, _), count) in self.counts() {
            let sum = rows.entry(own).or_default();
            *sum = sum.saturating_add(count);
        }
        rows
    }

    /// The accuracy on each class that has rows, in `[0, 1]`.
    #[must_use]
    pub fn by_class(&self) -> BTreeMap<u32, f64> {
        let share = |(class, rows): (u32, u64)| (class, self.count(class, Some(class)) as f64 / rows as f64);
        self.rows().into_iter().map(share).collect()
    }

    /// Returns whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// A pair as the item of a record: `3->5`, or `3->none` where no class was known.
    #[must_use]
    pub fn item((own, predicted): (u32, Option<u32>)) -> String {
        match predicted {
            Some(predicted) => format!("{own}->{predicted}"),
            None => format!("{own}->{NONE}"),
        }
    }

    /// The pair of an item; `None` for any other text.
    #[must_use]
    pub fn pair(item: &str) -> Option<(u32, Option<u32>)> {
        let (own, predicted) = item.split_once("->")?;
        let predicted = match predicted {
            NONE => None,
            class => Some(class.parse().ok()?),
        };
        Some((own.parse().ok()?, predicted))
    }
}

#[cfg(test)]
mod tests;
