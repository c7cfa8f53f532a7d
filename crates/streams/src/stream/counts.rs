//! The classes that occur in a data set, and checks that a task of them can be learned and evaluated.

use super::labels;
use crate::data::LabelledData;
use crate::error::StreamError;
use dentate_core::data::DataError;

/// The number of training and of test rows of each class.
pub(crate) struct Counts {
    training: Vec<usize>,
    test: Vec<usize>,
}

impl Counts {
    /// Counts the rows.
    ///
    /// # Errors
    /// If there are no labels, if one is not below the declared number of classes, or if more classes are declared than the largest
    /// label implies.
    pub(crate) fn of(data: &LabelledData) -> Result<Self, StreamError> {
        let count = |half| {
            let mut counts = vec![0; data.classes as usize];
            for (row, &label) in labels(half)?.iter().enumerate() {
                // The number of classes is declared by the data, and its rows may contradict it.
                let outside = DataError::Label {
                    row,
                    label,
                    classes: data.classes,
                };
                *counts.get_mut(label as usize).ok_or(outside)? += 1;
            }
            Ok::<_, StreamError>(counts)
        };
        let counts = Self {
            training: count(&data.train)?,
            test: count(&data.test)?,
        };
        match counts.occurring().last() {
            Some(largest) if largest + 1 < data.classes => Err(StreamError::Classes {
                declared: data.classes,
                largest: *largest,
            }),
            _ => Ok(counts),
        }
    }

    /// The classes that have a row, ascending. Labels may have gaps.
    pub(crate) fn occurring(&self) -> Vec<u32> {
        let there = self.training.iter().zip(&self.test).zip(0..);
        there
            .filter(|((training, test), _)| **training + **test > 0)
            .map(|(_, class)| class)
            .collect()
    }

    /// Refuses a task (counted from 0) that has, or of which a class has, no training or no test rows. `key` is the setting of the
    /// suite that can correct it.
    pub(crate) fn check(
        &self,
        task: u32,
        name: &str,
        classes: &[u32],
        key: &'static str,
    ) -> Result<(), StreamError> {
        let rows = |counts: &[usize], class: u32| counts.get(class as usize).copied().unwrap_or(0);
        let refused = |lacks: String| Err(StreamError::lacking(task as usize, name, lacks, key));
        let halves = [("training", &self.training), ("test", &self.test)];
        for (half, counts) in halves {
            if classes.iter().all(|&class| rows(counts, class) == 0) {
                return refused(format!("no {half} rows"));
            }
        }
        for &class in classes {
            match halves.map(|(_, counts)| rows(counts, class)) {
                [0, 0] => return refused(format!("no row of class {class}: {}", self.listed())),
                [0, _] => return refused(format!("test rows of class {class}, but no training rows of it")),
                [_, 0] => return refused(format!("training rows of class {class}, but no test rows of it")),
                _ => {}
            }
        }
        Ok(())
    }

    /// The occurring classes, in words; of many the first ones.
    fn listed(&self) -> String {
        let classes = self.occurring();
        let listed: Vec<_> = classes.iter().take(20).map(u32::to_string).collect();
        let more = if classes.len() > listed.len() { ", …" } else { "" };
        format!("the data has rows of {}{more}", listed.join(", "))
    }
}

#[cfg(test)]
mod tests;
