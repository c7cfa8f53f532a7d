//! Identifiers and keys that were renamed: a finding for each use of the old one.

use super::Finding;
use super::house::{File, House};

/// Identifiers of code, with their replacements.
const IDENTIFIERS: [(&str, &str); 55] = [
    ("Asking", "StrategyCalls"),
    ("Booked", "TurnoverState"),
    ("Books", "TrainStats"),
    ("Candidate", "Subject"),
    ("Computing", "BackendChoice"),
    ("Course", "Driver in the test kit, a schedule in backends"),
    ("Desk", "StepContext"),
    ("Doing", "Change"),
    ("Ending", "RunEnd"),
    ("Judged", "RANKINGS, or Scoring in the report"),
    ("Judging", "Evaluation"),
    ("Keeping", "SavedMapRef"),
    ("Kept", "StoredRow"),
    ("Least", "PruneBy"),
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
    ("World", "Case in the test kit"),
    ("Young", "NewUnit"),
    ("absorb", "fold_mean"),
    ("absorbed", "folded_means"),
    ("asking", "strategy_calls"),
    ("courses", "schedules"),
    ("doings", "changes"),
    ("follow_lives", "track_survival"),
    ("hostile_data_does_no_harm", "degenerate_data_does_no_harm"),
    ("incoming_rate", "incoming_lr_scale"),
    ("it_is_seen_at_work", "it_is_exercised"),
    ("judges", "evaluates"),
    ("leniency", "threshold_scale"),
    ("needs_looks", "needs_calls"),
    ("note_size", "record_size"),
    ("note_task", "record_task"),
    ("occasion", "hook"),
    ("outgoing_rate", "outgoing_lr_scale"),
    ("owed", "budget"),
    ("recollection", "class_stats"),
    ("set_rate", "set_lr_scale"),
    ("the_journal_tells_the_graph", "the_journal_replays_to_the_graph"),
    ("tie", "width_group"),
    ("trunk", "mlp"),
    ("what_is_claimed_holds", "claimed_laws_hold"),
];

/// Keys of suites, with their replacements.
const KEYS: [(&str, &str); 7] = [
    ("judged", "rank_by"),
    ("lives", "track_survival"),
    ("looks", "checks"),
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
    let suites = house.files.iter().flat_map(|file| {
        settings(file).flat_map(move |(text, line)| {
            let old = keys(text).into_iter();
            let old = old.filter_map(|key| KEYS.iter().find(|(old, _)| *old == key));
            old.map(move |(old, new)| found(file, line, old, new))
                .collect::<Vec<_>>()
        })
    });
    code.chain(suites).collect()
}

/// The lines of a file that are TOML, numbered: all of a suite, and the listings of a page.
fn settings(file: &File) -> impl Iterator<Item = (&str, usize)> {
    let (suite, page) = (file.path.ends_with(".toml"), file.path.ends_with(".md"));
    let mut listed = false;
    let lines = file.text.lines().zip(1..);
    lines.filter(move |(text, _)| {
        if let Some(language) = text.trim_start().strip_prefix("```") {
            listed = !listed && language.trim() == "toml";
            return false;
        }
        suite || page && listed
    })
}

/// The keys of a line of TOML, those of inline tables among them. Strings and comments have none.
fn keys(line: &str) -> Vec<String> {
    let (mut plain, mut quoted) = (String::new(), None);
    for c in line.chars() {
        match (quoted, c) {
            (None, '#') => break,
            (None, '"' | '\'') => quoted = Some(c),
            (Some(quote), c) if quote == c => quoted = None,
            (None, c) => plain.push(c),
            (Some(_), _) => {}
        }
    }
    let settings = plain.split(['{', ',']).filter_map(|part| part.split_once('='));
    settings.map(|(key, _)| key.trim().to_owned()).collect()
}

fn found(file: &File, line: usize, old: &str, new: &str) -> Finding {
    Finding::new(
        format!("{}:{line}", file.path),
        format!("`{old}` was renamed: {new}"),
    )
}

#[cfg(test)]
mod tests;
