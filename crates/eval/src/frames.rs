//! The records of all finished runs as one polars frame, from which everything downstream is derived.

use crate::suite::Suite;
use polars::prelude::*;

/// One record of one run, as the frame gives it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Index of the run in the suite.
    pub run: usize,
    /// The experience, from 0.
    pub experience: usize,
    /// Updates made so far.
    pub step: u64,
    /// The task, if it is about one.
    pub task: Option<usize>,
    /// The layer, edit or reason, if any.
    pub item: Option<String>,
    /// The value.
    pub value: f64,
}

/// The frame: `run, method, stream, seed, line` and the columns of a record.
#[derive(Clone, Debug)]
pub struct Frames {
    records: DataFrame,
}

impl Frames {
    /// Gather the records of a suite's finished runs.
    ///
    /// # Errors
    /// polars refused, which no suite that was read should cause.
    pub fn of(suite: &Suite) -> PolarsResult<Self> {
        let rows = || {
            suite
                .runs
                .iter()
                .zip(0_u32..)
                .flat_map(|(run, i)| run.log.iter().map(move |e| (run, i, e)))
        };
        let text = |name: &str, values: Vec<&str>| Column::new(name.into(), values);
        let optional = |e: &crate::log::Entry| e.record.item.clone();
        let records = DataFrame::new_infer_height(vec![
            Column::new("run".into(), rows().map(|(_, i, _)| i).collect::<Vec<_>>()),
            text("method", rows().map(|(r, ..)| r.entry.method.as_str()).collect()),
            text("stream", rows().map(|(r, ..)| r.entry.stream.as_str()).collect()),
            Column::new(
                "seed".into(),
                rows().map(|(r, ..)| r.entry.seed).collect::<Vec<_>>(),
            ),
            Column::new("line".into(), rows().map(|(.., e)| e.line).collect::<Vec<_>>()),
            text("metric", rows().map(|(.., e)| e.record.metric.as_str()).collect()),
            Column::new(
                "experience".into(),
                rows().map(|(.., e)| e.record.experience).collect::<Vec<_>>(),
            ),
            Column::new(
                "step".into(),
                rows().map(|(.., e)| e.record.step).collect::<Vec<_>>(),
            ),
            Column::new(
                "task".into(),
                rows().map(|(.., e)| e.record.task).collect::<Vec<_>>(),
            ),
            Column::new(
                "item".into(),
                rows().map(|(.., e)| optional(e)).collect::<Vec<_>>(),
            ),
            Column::new(
                "value".into(),
                rows().map(|(.., e)| e.record.value).collect::<Vec<_>>(),
            ),
        ])?;
        Ok(Self { records })
    }

    /// The frame itself.
    #[must_use]
    pub fn records(&self) -> &DataFrame {
        &self.records
    }

    /// The records of one metric by run, experience and step; what ties stays in the log's order.
    ///
    /// # Errors
    /// polars refused.
    pub fn observations(&self, metric: &str) -> PolarsResult<Vec<Observation>> {
        let wanted = self.records.column("metric")?.str()?.equal(metric);
        let frame = self.records.filter(&wanted)?;
        let frame = frame.sort(
            ["run", "experience", "step", "line"],
            SortMultipleOptions::default(),
        )?;
        let run = frame.column("run")?.u32()?;
        let experience = frame.column("experience")?.u32()?;
        let step = frame.column("step")?.u64()?;
        let task = frame.column("task")?.u32()?;
        let item = frame.column("item")?.str()?;
        let value = frame.column("value")?.f64()?;
        let rows = run.iter().zip(experience.iter()).zip(step.iter());
        let rows = rows.zip(task.iter()).zip(item.iter()).zip(value.iter());
        let rows = rows.filter_map(|(((((run, experience), step), task), item), value)| {
            Some(Observation {
                run: run? as usize,
                experience: experience? as usize,
                step: step?,
                task: task.map(|t| t as usize),
                item: item.map(Into::into),
                value: value?,
            })
        });
        Ok(rows.collect())
    }

    /// The names of the metrics that were recorded, sorted.
    ///
    /// # Errors
    /// polars refused.
    pub fn metrics(&self) -> PolarsResult<Vec<String>> {
        let names = self.records.column("metric")?.unique()?;
        let mut names: Vec<String> = names.str()?.iter().flatten().map(Into::into).collect();
        names.sort();
        Ok(names)
    }
}

#[cfg(test)]
mod tests;
