//! Names that were given up, so that they do not come back.

use super::Finding;
use super::house::{File, House};

/// Identifiers of code, and what stands in their place.
const IDENTIFIERS: [(&str, &str); 36] = [
    ("Asking", "StrategyCalls"),
    ("Books", "TrainStats"),
    ("Desk", "StepContext"),
    ("Doing", "Change"),
    ("Judged", "RANKINGS, or Scoring in the report"),
    ("Keeping", "SavedMapRef"),
    ("Ledger", "MetricLog"),
    ("Lesson", "HeadBatch, or ClassGroup"),
    ("Manner", "RunOptions"),
    ("Merit", "UtilityMeasure"),
    ("Occasion", "Hook"),
    ("Owed", "ReplacementBudget"),
    ("Pace", "CheckpointSchedule"),
    ("RateOf", "LrScaleOf"),
    ("Scope", "Protocol"),
    ("SetRate", "SetLrScale"),
    ("Setting", "BuildContext"),
    ("Shelf", "BufferView"),
    ("Stage", "a phase, by what it is a phase of"),
    ("Standing", "a state or a status, by what it is of"),
    ("Terms", "ReplacementTerms"),
    ("Trainee", "TrainState"),
    ("Young", "NewUnit"),
    ("absorb", "fold_mean"),
    ("asking", "strategy_calls"),
    ("doings", "changes"),
    ("follow_lives", "track_survival"),
    ("incoming_rate", "incoming_lr_scale"),
    ("leniency", "threshold_scale"),
    ("occasion", "hook"),
    ("outgoing_rate", "outgoing_lr_scale"),
    ("owed", "budget"),
    ("recollection", "class_stats"),
    ("set_rate", "set_lr_scale"),
    ("tie", "width_group"),
    ("trunk", "mlp"),
];

/// Keys of suites, and what stands in their place.
const KEYS: [(&str, &str); 6] = [
    ("judged", "rank_by"),
    ("lives", "track_survival"),
    ("maps", "conv"),
    ("regulariser", "mechanisms"),
    ("rehearsal", "mechanisms"),
    ("scope", "protocol"),
];

/// No code has an identifier that was renamed, and no suite a key. Words of sentences are free.
pub(super) fn no_renamed_names(house: &House) -> Vec<Finding> {
    let own = |file: &&File| !file.path.starts_with("xtask/");
    let code = house.rust().filter(own).flat_map(|file| {
        IDENTIFIERS.iter().flat_map(move |(old, new)| {
            let lines = file.lines_with(old);
            lines.into_iter().map(move |line| found(file, line, old, new))
        })
    });
    let suites = house.files.iter().filter(|file| file.path.ends_with(".toml"));
    let suites = suites.flat_map(|file| {
        let lines = file.text.lines().zip(1..);
        lines.filter_map(move |(text, line)| {
            let (key, _) = text.split_once('=')?;
            let (old, new) = KEYS.iter().find(|(old, _)| *old == key.trim())?;
            Some(found(file, line, old, new))
        })
    });
    code.chain(suites).collect()
}

fn found(file: &File, line: usize, old: &str, new: &str) -> Finding {
    Finding::new(
        format!("{}:{line}", file.path),
        format!("`{old}` was renamed: {new}"),
    )
}

#[cfg(test)]
mod tests;
