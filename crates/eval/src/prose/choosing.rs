//! Settings that follow from other runs: those that were chosen by a sweep, and the sizes of static twins.

use super::name;
use crate::comparison::StreamComparison;
use crate::format::{list, plural};
use crate::suite::Suite;
use dentate_core::record::{MethodEntry, SweepEntry};

/// The most sizes that a sentence names.
const MOST: usize = 5;

/// Settings of a static twin that say how large it is.
const SIZES: [&str; 3] = ["hidden", "widths", "units"];

/// The sentences about a stream.
pub(super) fn choosing(suite: &Suite, c: &StreamComparison) -> Vec<String> {
    let stream = &suite.manifest.streams[c.stream].name;
    let sweeps: Vec<&SweepEntry> = suite
        .manifest
        .sweeps
        .iter()
        .filter(|s| s.stream == *stream)
        .collect();
    let mut said: Vec<String> = sweeps.iter().filter_map(|sweep| choice(suite, sweep)).collect();
    if !sweeps.is_empty() {
        said.push("Settings were chosen on rows held out of training and with seeds of their own: test rows chose nothing.".into());
        said.extend(unequal(suite, c, &sweeps));
    }
    said.extend(c.rows.iter().filter_map(|row| twin(suite, row.method, c.stream)));
    said
}

fn bold(method: &MethodEntry) -> String {
    format!("**{}**", name(&method.title))
}

fn choice(suite: &Suite, sweep: &SweepEntry) -> Option<String> {
    let method = suite.manifest.methods.iter().find(|m| m.name == sweep.method)?;
    let given = plural(sweep.settings.len(), "setting");
    let seeds = plural(sweep.settings.first()?.runs.len(), "seed");
    let begun = format!("{} was given {given}, tried with {seeds} each", bold(method));
    let out = sweep
        .settings
        .iter()
        .filter(|setting| setting.score.is_none())
        .count();
    let out = match out {
        n if n > 0 && sweep.chosen.is_some() => format!("; {n} could not be trained with"),
        _ => String::new(),
    };
    Some(match sweep.chosen.and_then(|chosen| sweep.settings.get(chosen)) {
        None => format!("{begun}; none is chosen yet."),
        Some(best) => {
            let values = best
                .values
                .iter()
                .map(|(key, value)| format!("{} = {}", name(key), name(value)));
            let values: Vec<String> = values.collect();
            let measure = sweep.measure.replace('-', " ");
            format!("{begun}, and has the best by {measure}: {}{out}.", list(&values))
        }
    })
}

/// A warning, if methods were given different numbers of settings. Twins have those of their method.
fn unequal(suite: &Suite, c: &StreamComparison, sweeps: &[&SweepEntry]) -> Option<String> {
    let methods = c.rows.iter().map(|row| &suite.manifest.methods[row.method]);
    let of = |method: &MethodEntry| {
        let own = sweeps.iter().find(|sweep| sweep.method == method.name);
        own.map_or(1, |sweep| sweep.settings.len())
    };
    let methods: Vec<&MethodEntry> = methods.filter(|method| method.twin.is_none()).collect();
    let first = of(methods.first()?);
    if methods.iter().all(|method| of(method) == first) {
        return None;
    }
    let each: Vec<String> = methods
        .iter()
        .map(|method| format!("{} {}", bold(method), of(method)))
        .collect();
    Some(format!(
        "Methods were given different numbers of settings to choose from: {}.",
        list(&each)
    ))
}

/// The sizes of a static twin, in the order of its seeds.
fn twin(suite: &Suite, method: usize, stream: usize) -> Option<String> {
    let entry = &suite.manifest.methods[method];
    let of = entry.twin.as_ref()?;
    let parent = suite.manifest.methods.iter().find(|m| m.name == of.of);
    let runs = suite
        .runs
        .iter()
        .filter(|run| run.method == method && run.stream == stream);
    let mut sizes: Vec<String> = Vec::new();
    for run in runs {
        let size = SIZES
            .iter()
            .find_map(|key| Some(format!("{key} = {}", name(run.entry.settings.get(*key)?))));
        sizes.extend(size.filter(|size| !sizes.contains(size)));
    }
    if sizes.is_empty() || sizes.len() > MOST {
        return None;
    }
    // Each stream may have sizes of its own.
    let stream = match suite.manifest.streams.len() {
        1 => String::new(),
        _ => format!(" on {}", name(&suite.manifest.streams[stream].title)),
    };
    let parent = parent.map_or_else(|| name(&of.of), bold);
    Some(format!(
        "{} is sized by the runs of {parent}: {}{stream}.",
        bold(entry),
        list(&sizes)
    ))
}

#[cfg(test)]
mod tests;
