//! The table of the time spent by runs.

use super::{ABSENT, Cell, Head, StreamComparison, Suite, Table, start};
use crate::comparison::MethodRow;
use crate::suite::Outcome;
use dentate_core::profile::Kind;

/// One column for each kind of work that took any time; `None` if no time is known.
pub(crate) fn times(suite: &Suite, c: &StreamComparison) -> Option<Table> {
    let known = |row: &MethodRow| finished(suite, row).count() > 0;
    if !c.rows.iter().any(known) {
        return None;
    }
    let caption = "Time: seconds of a run, and shares over all runs. Times depend on the machine and on other work on it.";
    let mut table = start(suite, c, caption);
    let explanation = "Wall-clock seconds of a run, median over seeds.";
    table.push(Head::number("Seconds", "", explanation), |row| {
        seconds(suite, row)
    });
    for kind in Kind::ALL {
        let (title, explanation) = words(kind);
        table.push(Head::number(title, "%", explanation), |row| {
            share(suite, row, kind)
        });
    }
    Some(table.finish())
}

fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Forward => (
            "Forward",
            "Share of the run's time, where it was profiled: from a batch to its loss.",
        ),
        Kind::Backward => (
            "Backward",
            "Share of the run's time, where it was profiled: from the loss to the gradient.",
        ),
        Kind::Update => (
            "Update",
            "Share of the run's time, where it was profiled: from the gradient to new parameters; with sparse inputs the gradient is summed here.",
        ),
        Kind::Growth => (
            "Growth",
            "Share of the time without evaluation: deciding on growth, its measurements and its edits.",
        ),
        Kind::Evaluation => ("Evaluation", "Share of the run's time: judging the learner."),
        Kind::Records => ("Records", "Share of the run's time: writing what was measured."),
    }
}

fn finished<'a>(
    suite: &'a Suite,
    row: &'a MethodRow,
) -> impl Iterator<Item = (f64, &'a std::collections::BTreeMap<Kind, f64>)> {
    let runs = row.runs.iter().map(|&run| &suite.runs[run]);
    let runs = runs.filter(|run| run.outcome == Outcome::Finished);
    runs.filter_map(|run| Some((run.entry.seconds?, &run.entry.times)))
        .filter(|(_, times)| !times.is_empty())
}

/// The median of the seconds of its runs.
pub(super) fn seconds(suite: &Suite, row: &MethodRow) -> Cell {
    let mut all: Vec<f64> = finished(suite, row).map(|(seconds, _)| seconds).collect();
    all.sort_by(f64::total_cmp);
    let text = match all.get(all.len() / 2) {
        Some(s) if *s < 10.0 => format!("{s:.2}"),
        Some(s) => format!("{s:.0}"),
        None => ABSENT.into(),
    };
    text.into()
}

fn share(suite: &Suite, row: &MethodRow, kind: Kind) -> Cell {
    let (mut spent, mut whole) = (0.0, 0.0);
    for (seconds, times) in finished(suite, row) {
        let of = |kind: Kind| times.get(&kind).copied().unwrap_or(0.0);
        // Runs that were not profiled have no times of the parts of an update.
        if kind.is_fine() && of(kind) == 0.0 {
            continue;
        }
        spent += of(kind);
        whole += seconds
            - if kind == Kind::Growth {
                of(Kind::Evaluation)
            } else {
                0.0
            };
    }
    let text = match 100.0 * spent / whole {
        share if share >= 0.1 => format!("{share:.1}"),
        share if share > 0.0 => "<0.1".to_owned(),
        // Zero, or zero of zero, which is NaN.
        _ => ABSENT.into(),
    };
    text.into()
}
