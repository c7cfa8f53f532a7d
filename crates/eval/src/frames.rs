//! The records of all finished runs as polars frames, the source of all further results.

use crate::log::Entry;
use crate::suite::Suite;
use polars::prelude::*;
use polars::series::IsSorted;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

mod accuracies;
mod logs;
pub(crate) use accuracies::{is_sequence, with_task};
pub use logs::Unreadable;
#[cfg(test)]
pub(crate) use logs::suite;

/// One record of one run.
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

/// The frames of a suite: one of its runs, and one for each record name.
#[derive(Clone, Debug)]
pub struct Frames {
    logs: Vec<Arc<Vec<Entry>>>,
    /// The runs and places in their logs of the records of one name, by run, experience and step; ties stay in the log's order.
    places: BTreeMap<String, Vec<(u32, u32)>>,
    runs: DataFrame,
    accuracies: OnceCell<accuracies::Accuracies>,
}

impl Frames {
    /// Gather the records of a suite's finished runs.
    ///
    /// # Errors
    /// If polars fails, which no readable suite should cause.
    pub fn of(suite: &Suite) -> PolarsResult<Self> {
        let runs = &suite.runs;
        let names = |of: fn(&crate::suite::Run) -> &str| runs.iter().map(of).collect::<Vec<_>>();
        let stream = |run: &crate::suite::Run| &suite.manifest.streams[run.stream];
        let number = |name: &str, of: &dyn Fn(&crate::suite::Run) -> u32| {
            Column::new(name.into(), runs.iter().map(of).collect::<Vec<_>>())
        };
        let truth = |name: &str, of: &dyn Fn(&crate::suite::Run) -> bool| {
            Column::new(name.into(), runs.iter().map(of).collect::<Vec<_>>())
        };
        let seeds: Vec<u64> = runs.iter().map(|r| r.entry.seed).collect();
        let mut run = Column::new("run".into(), (0..runs.len() as u32).collect::<Vec<_>>());
        run.set_sorted_flag(IsSorted::Ascending);
        let frame = DataFrame::new_infer_height(vec![
            run,
            Column::new("id".into(), names(|r| &r.entry.id)),
            Column::new("stream".into(), names(|r| &r.entry.stream)),
            Column::new("method".into(), names(|r| &r.entry.method)),
            number("stream_place", &|r| r.stream as u32),
            number("method_place", &|r| r.method as u32),
            Column::new("seed".into(), seeds),
            truth("grows", &|r| suite.manifest.methods[r.method].grows),
            truth("finished", &|r| r.outcome == crate::suite::Outcome::Finished),
            number("stream_tasks", &|r| stream(r).tasks.len() as u32),
            number("stream_experiences", &|r| stream(r).experiences as u32),
        ])?;
        let logs: Vec<Arc<Vec<Entry>>> = runs.iter().map(|run| Arc::clone(&run.log)).collect();
        Ok(Self {
            places: places(&logs),
            logs,
            runs: frame,
            accuracies: OnceCell::new(),
        })
    }

    /// The runs of the suite, one row each, in its order: `run` (their number, from 0), `id`, `stream`, `method`, their places in the
    /// suite `stream_place` and `method_place`, `seed`, `grows` (the method), `finished`, `stream_tasks` and `stream_experiences`.
    #[must_use]
    pub fn runs(&self) -> &DataFrame {
        &self.runs
    }

    /// The records of one name: `run`, `experience`, `step`, `task`, `item` and `value`, by run, experience and step; ties stay in the log's
    /// order. Empty if no run has any.
    ///
    /// # Errors
    /// If polars fails.
    pub fn records(&self, name: &str) -> PolarsResult<DataFrame> {
        let entries = || self.entries(name).map(|(run, entry)| (run, &entry.record));
        let mut run = Column::new("run".into(), entries().map(|(run, _)| run).collect::<Vec<u32>>());
        run.set_sorted_flag(IsSorted::Ascending);
        let experience: Vec<u32> = entries().map(|(_, r)| r.experience).collect();
        let step: Vec<u64> = entries().map(|(_, r)| r.step).collect();
        let task: Vec<Option<u32>> = entries().map(|(_, r)| r.task).collect();
        let item: Vec<Option<&str>> = entries().map(|(_, r)| r.item.as_deref()).collect();
        let value: Vec<f64> = entries().map(|(_, r)| r.value).collect();
        DataFrame::new_infer_height(vec![
            run,
            Column::new("experience".into(), experience),
            Column::new("step".into(), step),
            Column::new("task".into(), task),
            Column::new("item".into(), item),
            Column::new("value".into(), value),
        ])
    }

    /// All records, one row each, by run and in the log's order: the columns `suite`, `stream`, `method`, `seed` and `run` (the id), and
    /// those of a record.
    ///
    /// # Errors
    /// If polars fails.
    pub fn all(&self, suite: &str) -> PolarsResult<DataFrame> {
        let entries = || {
            let logs = self.logs.iter().enumerate();
            logs.flat_map(|(run, log)| log.iter().map(move |entry| (run, &entry.record)))
        };
        let rows: Vec<IdxSize> = entries().map(|(run, _)| run as IdxSize).collect();
        let of_run = self.runs.select(["stream", "method", "seed", "id"])?;
        let mut of_run = of_run.take(&IdxCa::from_slice("rows".into(), &rows))?;
        of_run.rename("id", "run".into())?;
        let suite = Scalar::from(PlSmallStr::from_str(suite));
        let mut columns = vec![Column::new_scalar("suite".into(), suite, rows.len())];
        columns.extend(of_run.columns().iter().cloned());
        let metric: Vec<&str> = entries().map(|(_, r)| r.metric.as_str()).collect();
        let experience: Vec<u32> = entries().map(|(_, r)| r.experience).collect();
        let step: Vec<u64> = entries().map(|(_, r)| r.step).collect();
        let task: Vec<Option<u32>> = entries().map(|(_, r)| r.task).collect();
        let item: Vec<Option<&str>> = entries().map(|(_, r)| r.item.as_deref()).collect();
        let value: Vec<f64> = entries().map(|(_, r)| r.value).collect();
        columns.extend([
            Column::new("metric".into(), metric),
            Column::new("experience".into(), experience),
            Column::new("step".into(), step),
            Column::new("task".into(), task),
            Column::new("item".into(), item),
            Column::new("value".into(), value),
        ]);
        DataFrame::new(rows.len(), columns)
    }

    /// The entries of the accuracy matrices, one row each: `run`, `experience`, `task` and `value` (R\[experience\]\[task\]), with `tasks` and
    /// `experiences`, the sides of the run's matrix.
    ///
    /// # Errors
    /// If polars fails.
    pub fn accuracies(&self) -> PolarsResult<&DataFrame> {
        Ok(&self.matrices()?.entries)
    }

    /// The matrices of runs that learned several tasks in as many experiences, of which most metrics over time are: the rows of
    /// [`accuracies`](Self::accuracies) that belong to one.
    ///
    /// # Errors
    /// If polars fails.
    pub fn sequences(&self) -> PolarsResult<&DataFrame> {
        Ok(&self.matrices()?.sequences)
    }

    /// The sides of the matrices, one row a run: `run`, `tasks` and `experiences`, which is 0 where no accuracy was recorded.
    ///
    /// # Errors
    /// If polars fails.
    pub fn sides(&self) -> PolarsResult<&DataFrame> {
        Ok(&self.matrices()?.sides)
    }

    fn matrices(&self) -> PolarsResult<&accuracies::Accuracies> {
        match self.accuracies.get() {
            Some(known) => Ok(known),
            None => {
                let computed = accuracies::Accuracies::of(self)?;
                Ok(self.accuracies.get_or_init(|| computed))
            }
        }
    }

    /// The records of one name as plain values, by run, experience and step; ties stay in the log's order.
    #[must_use]
    pub fn observations(&self, name: &str) -> Vec<Observation> {
        let observation = |(run, entry): (u32, &Entry)| Observation {
            run: run as usize,
            experience: entry.record.experience as usize,
            step: entry.record.step,
            task: entry.record.task.map(|task| task as usize),
            item: entry.record.item.clone(),
            value: entry.record.value,
        };
        self.entries(name).map(observation).collect()
    }

    /// The names of the recorded metrics, sorted.
    pub fn metrics(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    fn entries(&self, name: &str) -> impl Iterator<Item = (u32, &Entry)> {
        let places = self.places.get(name).map_or(&[][..], Vec::as_slice);
        let entry = |(run, place): &(u32, u32)| {
            let log = self.logs.get(*run as usize)?;
            Some((*run, log.get(*place as usize)?))
        };
        places.iter().filter_map(entry)
    }
}

/// The places of each name's records.
fn places(logs: &[Arc<Vec<Entry>>]) -> BTreeMap<String, Vec<(u32, u32)>> {
    let mut all: BTreeMap<String, Vec<(u32, u32)>> = BTreeMap::new();
    for (log, run) in logs.iter().zip(0..) {
        let mut own: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (entry, place) in log.iter().zip(0..) {
            own.entry(&entry.record.metric).or_default().push(place);
        }
        for (name, mut places) in own {
            let key = |place: &u32| {
                let entry = &log[*place as usize];
                (entry.record.experience, entry.record.step, entry.line)
            };
            if !places.is_sorted_by_key(key) {
                places.sort_by_key(key);
            }
            let places = places.into_iter().map(|place| (run, place));
            match all.get_mut(name) {
                Some(all) => all.extend(places),
                None => drop(all.insert(name.to_owned(), places.collect())),
            }
        }
    }
    all
}

/// Observations by run, each in order.
pub(crate) fn by_run(observations: &[Observation]) -> BTreeMap<usize, Vec<&Observation>> {
    let mut runs: BTreeMap<usize, Vec<&Observation>> = BTreeMap::new();
    for part in observations.chunk_by(|a, b| a.run == b.run) {
        if let Some(first) = part.first() {
            runs.entry(first.run).or_default().extend(part);
        }
    }
    runs
}

/// The observations of some runs (rising), of all, which are by run. Looking through all for each cell of a report would take time
/// quadratic in the runs.
pub(crate) fn of_runs<'a>(
    observations: &'a [Observation],
    runs: &[usize],
) -> impl Iterator<Item = &'a Observation> {
    runs.iter().flat_map(move |&run| {
        let start = observations.partition_point(|o| o.run < run);
        let rest = &observations[start..];
        &rest[..rest.partition_point(|o| o.run == run)]
    })
}

#[cfg(test)]
mod tests;
