//! Finished records for other programs' dashboards: TensorBoard event files and JSON lines.
//!
//! For each finished run a folder `events/STREAM/METHOD/seed-SEED/` with `events.out.tfevents.0000000000.RUN` and `RUN.jsonl`, RUN being
//! the run's id. Both follow from records and manifest alone: writing them twice changes no byte.
//!
//! A scalar's tag is the metric, then the task's name and the item, where the record has them: `accuracy/0 and 1`,
//! `units/hidden-1`. Its step is the number of updates. Wall times are the run's seconds, spread evenly over its updates, since records have
//! none. Drawings of maps are no scalars and are left out.

use crate::failure::ReportError;
use crate::files::write;
use crate::suite::{Outcome, Run, Suite};
use dentate_core::record::{Record, metric};
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};

mod tfrecord;

/// Write the events of all finished runs of the results in `folder` into `folder/events`, and return that path.
///
/// # Errors
/// [`ReportError`] if the results cannot be read or a file cannot be written.
pub fn write_events(folder: &Path) -> Result<PathBuf, ReportError> {
    let suite = Suite::read(folder)?;
    let all = folder.join("events");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ReportError::Write { path, source }
    };
    for run in of(&suite) {
        let run = run.map_err(failed(&all))?;
        let own = all.join(&run.folder);
        std::fs::create_dir_all(&own).map_err(failed(&own))?;
        for (name, contents) in &run.files {
            write(&own, name, contents)?;
        }
    }
    Ok(all)
}

/// The files of one run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RunEvents {
    /// Its folder below that of all events.
    pub(crate) folder: PathBuf,
    /// Names and contents.
    pub(crate) files: [(String, Vec<u8>); 2],
}

/// One line of the JSON lines.
#[derive(Serialize)]
struct Line<'a> {
    suite: &'a str,
    stream: &'a str,
    method: &'a str,
    seed: u64,
    run: &'a str,
    metric: &'a str,
    experience: u32,
    step: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<&'a str>,
    value: f64,
}

/// The files of every finished run, in the manifest's order.
pub(crate) fn of(suite: &Suite) -> impl Iterator<Item = io::Result<RunEvents>> {
    let finished = suite.runs.iter().filter(|run| run.outcome == Outcome::Finished);
    finished.map(|run| {
        let entry = &run.entry;
        let folder = Path::new(&plain(&entry.stream))
            .join(plain(&entry.method))
            .join(format!("seed-{}", entry.seed));
        Ok(RunEvents {
            folder,
            files: [
                (
                    format!("events.out.tfevents.0000000000.{}", entry.id),
                    tensorboard(suite, run),
                ),
                (format!("{}.jsonl", entry.id), lines(suite, run)?),
            ],
        })
    })
}

/// A name as that of a folder: a manifest is input, and must not lead elsewhere.
fn plain(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
    name.chars().map(plain).collect()
}

fn scalars(run: &Run) -> impl Iterator<Item = &Record> {
    let records = run.log.iter().map(|entry| &entry.record);
    records.filter(|r| ![metric::DRAWING, metric::PROTOTYPE].contains(&r.metric.as_str()))
}

fn tensorboard(suite: &Suite, run: &Run) -> Vec<u8> {
    let tasks = &suite.manifest.streams[run.stream].tasks;
    let last = scalars(run).map(|r| r.step).max().unwrap_or(0).max(1);
    let pace = run.entry.seconds.unwrap_or(0.0) / last as f64;
    let mut file = tfrecord::header();
    for record in scalars(run) {
        let wall = pace * record.step as f64;
        tfrecord::scalar(&mut file, wall, record.step, &tag(record, tasks), record.value);
    }
    file
}

/// The tag of a record. A task beyond the named ones goes by its number.
fn tag(record: &Record, tasks: &[String]) -> String {
    let mut tag = record.metric.clone();
    if let Some(task) = record.task {
        let name = tasks.get(task as usize).cloned();
        tag = format!("{tag}/{}", name.unwrap_or_else(|| format!("task {task}")));
    }
    if let Some(item) = &record.item {
        tag = format!("{tag}/{item}");
    }
    tag
}

fn lines(suite: &Suite, run: &Run) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for record in scalars(run) {
        let line = Line {
            suite: &suite.manifest.suite,
            stream: &run.entry.stream,
            method: &run.entry.method,
            seed: run.entry.seed,
            run: &run.entry.id,
            metric: &record.metric,
            experience: record.experience,
            step: record.step,
            task: record.task,
            item: record.item.as_deref(),
            value: record.value,
        };
        serde_json::to_writer(&mut lines, &line)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

#[cfg(test)]
mod tests;
