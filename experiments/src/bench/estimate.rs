//! `--dry-run`: the runs of a suite, with the estimated cost of the pending ones from earlier runs.

use crate::history::{self, Past};
use crate::kept;
use crate::lock;
use crate::paths::SuiteFolder;
use crate::plan::Plan;
use crate::pool::Task;
use crate::progress::duration;
use crate::run::Timing;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The estimated cost of a run, and the number of earlier runs that the estimate uses.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) seconds: f64,
    pub(crate) parameters: u64,
    /// Bytes on disk while it runs.
    pub(crate) bytes: u64,
    pub(crate) from: usize,
}

/// Medians over runs of the same method on the same stream, plus `networks` of each; `None` if there is no such run.
pub(crate) fn estimate(
    past: &[Past],
    method: &str,
    stream: &str,
    networks: impl Fn(&Timing) -> u64,
) -> Option<Estimate> {
    let like: Vec<&Timing> = past
        .iter()
        .filter(|p| p.method == method && p.stream == stream)
        .map(|p| &p.timing)
        .collect();
    let middle = |of: &dyn Fn(&Timing) -> f64| {
        let mut values: Vec<f64> = like.iter().map(|t| of(t)).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    Some(Estimate {
        seconds: middle(&|t| t.seconds)?,
        parameters: middle(&|t| t.parameters as f64)? as u64,
        bytes: middle(&|t| (t.record_bytes + t.checkpoint_bytes + networks(t)) as f64)? as u64,
        from: like.len(),
    })
}

/// Seconds that earlier runs of the kinds of `tasks` took, by kind.
pub(crate) fn seconds(folder: &SuiteFolder, tasks: &[Task]) -> BTreeMap<String, f64> {
    let past = history::finished(folder);
    let before = |task: &Task| {
        let estimate = estimate(&past, &task.job.method, &task.job.stream, |_| 0)?;
        Some((task.job.kind(), estimate.seconds))
    };
    tasks.iter().filter_map(before).collect()
}

/// The listing of a suite's runs.
pub(crate) fn listing(plan: &Plan, name: &str, width: usize) -> String {
    let past = history::finished(&plan.folder);
    let mut out = format!(
        "{name}: {} runs, {} finished, {} to make\n",
        plan.todo.len() + plan.there.len(),
        plan.there.len(),
        plan.todo.len()
    );
    let labels = |tasks: &[Task]| tasks.iter().map(|t| t.job.label().chars().count()).max();
    let wide = labels(&plan.todo).max(labels(&plan.there)).unwrap_or(0);
    for task in &plan.there {
        let _ = writeln!(out, "  {:wide$}  {}  finished", task.job.label(), task.job.id);
    }
    let (mut known, mut seconds, mut longest) = (0, 0.0, 0.0f64);
    for task in &plan.todo {
        let wait = plan
            .waits(task)
            .map(|words| format!(", {words}"))
            .unwrap_or_default();
        let what = match (
            lock::holder(&task.folder),
            estimate(&past, &task.job.method, &task.job.stream, |earlier| {
                networks(task, earlier)
            }),
        ) {
            (Some(holder), _) => format!("being made by {holder}"),
            (None, None) => format!("pending{wait}; no estimate yet"),
            (None, Some(e)) => {
                known += 1;
                seconds += e.seconds;
                longest = longest.max(e.seconds);
                let begun = if task.folder.checkpoint().is_file() {
                    ", from a checkpoint"
                } else {
                    ""
                };
                format!(
                    "to make{begun}{wait}, about {}, {} parameters, {} (as {} before)",
                    duration(e.seconds),
                    e.parameters,
                    size(e.bytes),
                    e.from
                )
            }
        };
        let _ = writeln!(out, "  {:wide$}  {}  {what}", task.job.label(), task.job.id);
    }
    let unknown = plan.todo.len() - known;
    if known > 0 {
        let left = (seconds / width.max(1) as f64).max(longest);
        let _ = write!(
            out,
            "about {} for {known} of them, {width} at a time",
            duration(left)
        );
        let _ = match unknown {
            0 => writeln!(out),
            n => writeln!(out, "; nothing is known of the other {n}"),
        };
    }
    out
}

/// Bytes of the networks that a run will keep.
fn networks(task: &Task, earlier: &Timing) -> u64 {
    let facts = task.job.stream_spec.facts();
    let experiences = facts.map_or(1, |facts| facts.experiences.len() as u64);
    kept::bytes(task.job.keep, experiences, earlier)
}

/// A number of bytes in words.
pub(crate) fn size(bytes: u64) -> String {
    match bytes as f64 {
        b if b < 1e3 => format!("{bytes} B"),
        b if b < 1e6 => format!("{:.0} kB", b / 1e3),
        b if b < 1e9 => format!("{:.1} MB", b / 1e6),
        b => format!("{:.1} GB", b / 1e9),
    }
}

#[cfg(test)]
mod tests;
