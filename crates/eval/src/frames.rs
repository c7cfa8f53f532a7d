//! The records of all finished runs as one polars frame, the source of all further results.

use crate::suite::Suite;
use polars::prelude::*;
use std::collections::BTreeMap;

/// One record of one run, as read from the frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Index of the run in the suite.
    pub run: usize,
    /// The experience, from 0.
    pub experience: usize,
    /// Updates made so far.
    pub step: u64,
    /// The task, if the record belongs to one.
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
    /// Rows by metric: the frame is queried for one metric after another, and comparing names each time would take longer than
    /// everything else.
    rows: BTreeMap<String, Vec<IdxSize>>,
}

impl Frames {
    /// Gather the records of a suite's finished runs.
    ///
    /// # Errors
    /// If polars fails, which no readable suite should cause.
    pub fn of(suite: &Suite) -> PolarsResult<Self> {
        let rows = || {
            suite
                .runs
                .iter()
                .zip(0_u32..)
                .flat_map(|(run, i)| run.log.iter().map(move |e| (run, i, e)))
        };
        let text = |name: &str, values: Vec<&str>| Column::new(name.into(), values);
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
                rows().map(|(.., e)| e.record.item.as_deref()).collect::<Vec<_>>(),
            ),
            Column::new(
                "value".into(),
                rows().map(|(.., e)| e.record.value).collect::<Vec<_>>(),
            ),
        ])?;
        let mut by_metric: BTreeMap<String, Vec<IdxSize>> = BTreeMap::new();
        for ((.., entry), row) in rows().zip(0..) {
            match by_metric.get_mut(&entry.record.metric) {
                Some(rows) => rows.push(row),
                None => drop(by_metric.insert(entry.record.metric.clone(), vec![row])),
            }
        }
        Ok(Self {
            records,
            rows: by_metric,
        })
    }

    /// The frame itself.
    #[must_use]
    pub fn records(&self) -> &DataFrame {
        &self.records
    }

    /// The records of one metric by run, experience and step; ties stay in the log's order.
    ///
    /// # Errors
    /// If polars fails.
    pub fn observations(&self, metric: &str) -> PolarsResult<Vec<Observation>> {
        let Some(rows) = self.rows.get(metric) else {
            return Ok(Vec::new());
        };
        let frame = self
            .records
            .select(["run", "line", "experience", "step", "task", "item", "value"])?;
        let frame = frame.take(&IdxCa::from_slice("rows".into(), rows))?;
        let run = frame.column("run")?.u32()?;
        let line = frame.column("line")?.u32()?;
        let experience = frame.column("experience")?.u32()?;
        let step = frame.column("step")?.u64()?;
        let task = frame.column("task")?.u32()?;
        let item = frame.column("item")?.str()?;
        let value = frame.column("value")?.f64()?;
        let rows = run
            .iter()
            .zip(line.iter())
            .zip(experience.iter())
            .zip(step.iter());
        let rows = rows.zip(task.iter()).zip(item.iter()).zip(value.iter());
        let rows = rows.filter_map(|((((((run, line), experience), step), task), item), value)| {
            let observation = Observation {
                run: run? as usize,
                experience: experience? as usize,
                step: step?,
                task: task.map(|t| t as usize),
                item: item.map(Into::into),
                value: value?,
            };
            Some((line?, observation))
        });
        let mut rows: Vec<(u32, Observation)> = rows.collect();
        rows.sort_by_key(|(line, o)| (o.run, o.experience, o.step, *line));
        Ok(rows.into_iter().map(|(_, o)| o).collect())
    }

    /// The names of the recorded metrics, sorted.
    pub fn metrics(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }
}

/// Observations by run, each in order.
pub(crate) fn by_run(observations: &[Observation]) -> BTreeMap<usize, Vec<&Observation>> {
    let mut runs: BTreeMap<usize, Vec<&Observation>> = BTreeMap::new();
    for o in observations {
        runs.entry(o.run).or_default().push(o);
    }
    runs
}

#[cfg(test)]
mod tests;
