//! `--status`: the status of a suite's runs, whichever process executes them. Changes nothing.

use crate::error::RunnerError;
use crate::plan::{self, Plan};
use crate::pool::Task;
use crate::slurm::{self, Element};
use crate::status::RunStatus as Of;
use crate::{lock, manifest};
use dentate_core::record::{Status, printable};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Runs of one status that are listed; more are counted.
const LISTED: usize = 40;

/// The status of a suite as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SuiteStatus {
    pub(crate) failed: usize,
    /// Runs and manifests whose files differ from what was written.
    pub(crate) damaged: usize,
    pub(crate) missing: usize,
    pub(crate) total: usize,
}

/// The listing: counts, and a line for every run that is not finished.
pub(crate) fn listing(name: &str, plan: &Plan) -> Result<(String, SuiteStatus), RunnerError> {
    let queued = slurm::queued(&plan.folder)?;
    let total = plan.todo.len() + plan.there.len();
    let mut status = SuiteStatus {
        total,
        ..SuiteStatus::default()
    };
    let mut counts = BTreeMap::from([("finished", plan.there.len())]);
    let mut lines = Vec::new();
    for task in &plan.todo {
        let (word, detail) = describe(task, plan, &queued);
        *counts.entry(word).or_default() += 1;
        match word {
            "finished" => continue, // asked for again, by --fresh
            "failed" => status.failed += 1,
            "damaged" => status.damaged += 1,
            _ => status.missing += 1,
        }
        lines.push((task.job.label(), word, detail));
    }
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|c| c.1 > 0)
        .map(|(w, n)| format!("{n} {w}"))
        .collect();
    let mut out = format!("{name}: {total} runs: {}\n", counts.join(", "));
    if let Err(reason) = manifest::before(&plan.folder)? {
        status.damaged += 1;
        let _ = writeln!(out, "  {}; the next `bench` writes it anew", printable(&reason));
    }
    out.push_str(&shown(&lines));
    Ok((out, status))
}

/// The lines of runs: label, status and detail. For each status the first few are listed and the rest counted.
fn shown(lines: &[(String, &'static str, String)]) -> String {
    let wide = lines.iter().map(|l| l.0.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    let mut listed: BTreeMap<&str, usize> = BTreeMap::new();
    for (label, word, detail) in lines {
        let count = listed.entry(word).or_default();
        *count += 1;
        if *count <= LISTED {
            let _ = writeln!(out, "  {label:wide$}  {word}{}", printable(detail));
        }
    }
    for (word, count) in listed.into_iter().filter(|(_, count)| *count > LISTED) {
        let _ = writeln!(out, "  and {} more {word}", count - LISTED);
    }
    out
}

fn describe(task: &Task, plan: &Plan, queued: &[Element]) -> (&'static str, String) {
    if let Some(holder) = lock::holder(&task.folder) {
        return ("running", format!(": {holder}"));
    }
    match plan::look(task) {
        Of::Damaged(reason) => return ("damaged", format!(": {reason}; the next `bench` makes it again")),
        Of::Ended(end) => match end.status {
            Status::Failed { kind, message } => return ("failed", format!(": {kind}: {message}")),
            Status::Finished => return ("finished", String::new()),
            Status::Pending | Status::Stale => {}
        },
        Of::Open => {}
    }
    let mut begun = String::new();
    if task.folder.checkpoint().is_file() {
        begun.push_str(", begun, goes on from a checkpoint");
    }
    if let Some(words) = plan.waits(task) {
        begun.push_str(&format!(", {words}"));
    }
    match queued.iter().find(|e| e.runs.contains(&task.job.id)) {
        Some(element) => {
            let state = element.state.to_lowercase();
            ("queued", format!(": element {} is {state}{begun}", element.name))
        }
        None => ("missing", begun),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_runs_of_one_status_the_first_are_listed() {
        let line = |n: usize, word| (format!("s · m · seed {n}"), word, String::new());
        let mut lines: Vec<_> = (0..LISTED + 7).map(|n| line(n, "missing")).collect();
        lines.push(line(1, "failed"));
        let text = shown(&lines);
        assert_eq!(text.lines().count(), LISTED + 2, "{text}");
        assert!(text.ends_with("failed\n  and 7 more missing\n"), "{text}");
        assert!(!shown(&lines[..LISTED]).contains("more"));
    }
}
