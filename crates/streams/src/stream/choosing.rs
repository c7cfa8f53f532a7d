//! The stream on which settings are chosen: without test rows.

use super::cut::hold_out;
use super::{EvaluatedRows, Part, RowSet, Stream};
use crate::error::StreamError;
use dentate_core::Seed;

impl Stream {
    /// The stream for choosing settings. Its tasks are evaluated on validation rows: its own, or where it keeps none back, `share` of the
    /// training rows of each experience, the same share of each class and at least one row of it, which are not trained on then. Test rows are
    /// gone, so that nothing can be chosen by them. `seed` is that of the stream.
    ///
    /// # Errors
    /// [`StreamError::Config`] if tasks are evaluated on their training rows, [`StreamError::Lacking`] if a task has too few rows.
    pub fn for_choosing(mut self, share: f64, seed: Seed) -> Result<Self, StreamError> {
        if self.info.evaluated == EvaluatedRows::Training {
            let range = "left out: tasks of this stream are evaluated on the rows that they are trained on, so none is left to choose settings \
                         by";
            return Err(StreamError::range("sweep", "asked for", range));
        }
        for (task, experience) in self.experiences.iter_mut().enumerate() {
            if experience.validation.is_empty() {
                let Part { data, rows, .. } = &experience.train;
                let (left, kept_back) = hold_out(data, rows.to_vec(), share, seed, task as u32);
                let part = |rows: Vec<u32>| Part {
                    rows: RowSet::from(rows),
                    ..experience.train.clone()
                };
                (experience.train, experience.validation) = (part(left), part(kept_back));
            }
            experience.test = experience.validation.clone();
            if experience.test.is_empty() || experience.train.is_empty() {
                let name = self.info.task_names.get(task).map_or("", String::as_str);
                let lacks = "too few training rows to hold some out for choosing settings".to_owned();
                return Err(StreamError::lacking(task, name, lacks, "sweep"));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
