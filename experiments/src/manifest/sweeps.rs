//! The sweeps of a suite as its manifest has them: which settings each method was given, how they did, and which was chosen.

use crate::job::Job;
use crate::outcome;
use crate::paths::SuiteFolder;
use crate::recipe::{Chosen, Recipe};
use crate::resolve::{self, Choice, Outcomes};
use crate::suite::Suite;
use dentate_core::record::{RunEntry, SettingEntry, Status, SweepEntry, SweepRun};

/// The sweeps that have runs in the folder; `trials` are the rows of these runs.
pub(super) fn of(suite: &Suite, all: &[Job], trials: &[RunEntry], folder: &SuiteFolder) -> Vec<SweepEntry> {
    let mut sweeps = Vec::new();
    for (method, stream) in suite.pairs() {
        let Some(settings) = &method.sweep else { continue };
        let own = |job: &&Job| job.method == method.name && job.stream == stream.name && job.trial.is_none();
        let Some(Recipe::Chosen(recipe)) = all.iter().find(own).map(|job| &job.recipe) else {
            continue;
        };
        let row = |id: &String| trials.iter().find(|row| row.id == *id);
        let begun = recipe
            .among
            .iter()
            .flat_map(|c| &c.runs)
            .any(|id| row(id).is_some());
        if !begun {
            continue;
        }
        let choice = choice(recipe, folder);
        let entries = settings.iter().zip(&recipe.among).enumerate();
        let entries = entries.map(|(number, (setting, candidate))| SettingEntry {
            values: setting.values(),
            score: choice.as_ref().and_then(|choice| choice.scores[number]),
            runs: candidate
                .runs
                .iter()
                .zip(suite.sweep.seeds())
                .map(|(id, seed)| SweepRun {
                    id: id.clone(),
                    seed,
                    status: row(id).map_or(Status::Pending, |row| row.status.clone()),
                })
                .collect(),
        });
        let by = choice.as_ref().map(|choice| choice.by).or(recipe.by);
        sweeps.push(SweepEntry {
            method: method.name.clone(),
            stream: stream.name.clone(),
            measure: by.map_or_else(|| "the stream's own".into(), |by| by.name().into()),
            settings: entries.collect(),
            chosen: choice.map(|choice| choice.setting),
        });
    }
    sweeps
}

/// The choice, once all runs have ended: the same as the runs that come after them make.
fn choice(recipe: &Chosen, folder: &SuiteFolder) -> Option<Choice> {
    let runs = recipe.among.iter().flat_map(|candidate| &candidate.runs);
    let outcome = |id: &String| {
        // One that is being made has no outcome yet.
        let outcome = outcome::of(&folder.run(id)).ok()?;
        Some((id.clone(), outcome))
    };
    let outcomes: Outcomes = runs.map(outcome).collect::<Option<_>>()?;
    resolve::choose(recipe, &outcomes).ok()
}
