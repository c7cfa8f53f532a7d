//! Checks that a stream of any kind can be learned and evaluated.

use super::{Experience, Part, Stream};
use crate::error::StreamError;
use dentate_core::{Scenario, TargetKind};

impl Stream {
    /// Refuses a stream with a task that cannot be learned, or that cannot be evaluated: on test rows, or on validation
    /// rows if `validation` is set.
    ///
    /// # Errors
    /// [`StreamError::Lacking`], which names the task and the label.
    pub fn measurable(&self, validation: bool) -> Result<(), StreamError> {
        if self.experiences.is_empty() {
            return Err(StreamError::range("tasks", 0, "1 and more"));
        }
        for (task, experience) in self.experiences.iter().enumerate() {
            let lacking = |lacks: String, key| {
                let name = self.info.task_names.get(task).map_or("", String::as_str);
                Err(StreamError::lacking(task, name, lacks, key))
            };
            // Rows of a task may be shown before it.
            let before = task
                .checked_sub(1)
                .and_then(|before| self.experiences.get(before));
            let early = before.and_then(|before| before.ahead.as_ref());
            if let Some(lacks) = lack(experience, &experience.train, early, "training") {
                return lacking(lacks, "data");
            }
            let lacks = if validation {
                lack(experience, &experience.validation, None, "validation").map(|lacks| {
                    (
                        lacks + "; raise `validation`, or evaluate on test rows",
                        "validation",
                    )
                })
            } else {
                lack(experience, &experience.test, None, "test").map(|lacks| (lacks, "data"))
            };
            if let Some((lacks, key)) = lacks {
                return lacking(lacks, key);
            }
            let given = self.info.scenario == Scenario::TaskIncremental;
            let alone = experience.info.tasks.iter().any(|t| t.classes.len() == 1);
            let of_classes = self.info.target == TargetKind::Classes;
            if of_classes && (given && alone || self.info.chance.is_some_and(|chance| chance >= 1.0)) {
                return lacking("one class alone, so that guessing is always right".into(), "data");
            }
        }
        Ok(())
    }
}

/// The missing rows of a part of an experience: all rows, or those of one of its labels.
fn lack(experience: &Experience, part: &Part, more: Option<&Part>, half: &str) -> Option<String> {
    if part.is_empty() {
        return Some(format!("no {half} rows"));
    }
    let mut seen: Vec<bool> = Vec::new();
    let of = |part: &'_ Part| {
        part.rows
            .iter()
            .filter_map(|row| part.data.label(row))
            .collect::<Vec<_>>()
    };
    for label in of(part).into_iter().chain(more.map(of).unwrap_or_default()) {
        let place = label as usize;
        if seen.len() <= place {
            seen.resize(place + 1, false);
        }
        seen[place] = true;
    }
    let mut labels = experience.info.tasks.iter().flat_map(|t| &t.classes);
    let label = labels.find(|label| seen.get(**label as usize) != Some(&true))?;
    Some(format!("no {half} row of label {label}"))
}

#[cfg(test)]
mod tests;
