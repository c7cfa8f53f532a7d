//! From a recipe and the outcomes of the runs that it comes after to settings: a function of these alone, whoever works it out, and when.

use crate::recipe::{Chosen, Recipe, Twin};
use crate::score::By;
use dentate_core::record::{Record, Sum};
use dentate_core::{LearnerSpec, RunCosts, StreamFacts};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The outcome of a run, for one that comes after it.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It has finished.
    Finished {
        learner: Box<dyn LearnerSpec>,
        records: Vec<Record>,
        log: Sum,
    },
    /// Its own numbers ended it.
    Out { why: String },
    /// It has none that could be used: why, as the rest of a sentence about the run.
    Without(String),
}

/// Outcomes by the id of the run.
pub(crate) type Outcomes = BTreeMap<String, Outcome>;

/// Settings that follow from other runs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Resolved {
    pub(crate) learner: Box<dyn LearnerSpec>,
    /// Those that were worked out, by key, as TOML.
    pub(crate) settings: BTreeMap<String, String>,
    /// The choice, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) choice: Option<Choice>,
}

/// A choice among settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Choice {
    /// The measure.
    pub(crate) by: By,
    /// Index of the best setting.
    pub(crate) setting: usize,
    /// The mean of the measure over the runs of each setting; none of one that is out.
    pub(crate) scores: Vec<Option<f64>>,
}

/// The settings of `recipe` on a stream, or why there are none, in one sentence.
pub(crate) fn resolve(
    recipe: &Recipe,
    outcomes: &Outcomes,
    stream: &StreamFacts,
) -> Result<Option<Resolved>, String> {
    match recipe {
        Recipe::Settings(_) => Ok(None),
        Recipe::Twin(recipe) => twin(recipe, outcomes, stream).map(Some),
        Recipe::Chosen(recipe) => {
            let choice = choose(recipe, outcomes)?;
            let learner = recipe.among[choice.setting].learner.boxed();
            Ok(Some(Resolved {
                settings: varied(recipe, choice.setting),
                learner,
                choice: Some(choice),
            }))
        }
    }
}

fn twin(recipe: &Twin, outcomes: &Outcomes, stream: &StreamFacts) -> Result<Resolved, String> {
    let id = &recipe.of;
    let (grown, records) = match outcomes.get(id) {
        Some(Outcome::Finished { learner, records, .. }) => (learner, records),
        Some(Outcome::Out { why }) => return Err(format!("run {id}, whose twin it is, failed: {why}")),
        Some(Outcome::Without(why)) => return Err(format!("run {id}, whose twin it is, {why}")),
        None => return Err(format!("run {id}, whose twin it is, has not been made")),
    };
    if !grown.grows() {
        return Err(format!(
            "run {id}, whose twin it is, was made with settings that do not grow"
        ));
    }
    let costs = RunCosts::of(records).map_err(|error| format!("run {id} cannot have a twin: {error}"))?;
    let twin = grown.twin(recipe.budget, &costs, stream);
    let learner = twin.map_err(|error| format!("run {id} has no twin: {error}"))?;
    let (before, after) = (flat(grown.as_ref()), flat(learner.as_ref()));
    let new = after
        .into_iter()
        .filter(|(key, value)| before.get(key) != Some(value));
    Ok(Resolved {
        settings: new.collect(),
        learner,
        choice: None,
    })
}

/// The best of the settings, by runs of which all have ended.
pub(crate) fn choose(recipe: &Chosen, outcomes: &Outcomes) -> Result<Choice, String> {
    let mut runs = recipe.among.iter().flat_map(|candidate| &candidate.runs);
    for id in runs.clone() {
        match outcomes.get(id) {
            Some(Outcome::Finished { .. } | Outcome::Out { .. }) => {}
            Some(Outcome::Without(why)) => return Err(format!("run {id} of its sweep {why}")),
            None => return Err(format!("run {id} of its sweep has not been made")),
        }
    }
    let first = runs.find_map(|id| match outcomes.get(id) {
        Some(Outcome::Finished { records, .. }) => Some(records),
        _ => None,
    });
    let Some(first) = first else {
        return Err(format!(
            "none of the {} settings of its sweep could be trained with",
            recipe.among.len()
        ));
    };
    let by = recipe.by.or_else(|| By::own(first));
    let by = by.ok_or("the runs of its sweep have recorded nothing to choose by")?;
    let score = |runs: &[String]| {
        let of = |id: &String| match outcomes.get(id) {
            Some(Outcome::Finished { records, .. }) => by.of(records),
            _ => None,
        };
        let all: Option<Vec<f64>> = runs.iter().map(of).collect();
        all.map(|all| all.iter().sum::<f64>() / all.len() as f64)
    };
    let scores: Vec<Option<f64>> = recipe.among.iter().map(|c| score(&c.runs)).collect();
    let better = |new: f64, old: f64| {
        if by.higher_is_better() {
            new > old
        } else {
            new < old
        }
    };
    let mut best: Option<(usize, f64)> = None;
    for (setting, score) in scores.iter().enumerate() {
        if let Some(score) = *score
            && best.is_none_or(|(_, old)| better(score, old))
        {
            best = Some((setting, score));
        }
    }
    let (setting, _) = best.ok_or_else(|| {
        let measure = by.name();
        format!("no setting of its sweep has a {measure} to choose by")
    })?;
    Ok(Choice { by, setting, scores })
}

/// The settings in which those to choose among differ, of one of them.
fn varied(recipe: &Chosen, setting: usize) -> BTreeMap<String, String> {
    let all: Vec<_> = recipe.among.iter().map(|c| flat(c.learner.as_ref())).collect();
    let differs = |key: &String| all.iter().any(|other| other.get(key) != all[setting].get(key));
    let own = all[setting].clone().into_iter();
    own.filter(|(key, _)| differs(key)).collect()
}

/// Settings by dotted keys, as TOML.
fn flat(learner: &dyn LearnerSpec) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    // Through text, in which a number of single precision has the digits that it was written with.
    let settings = toml::to_string(learner).ok();
    if let Some(settings) = settings.and_then(|text| text.parse::<toml::Table>().ok()) {
        flatten(String::new(), &toml::Value::Table(settings), &mut all);
    }
    all
}

fn flatten(key: String, value: &toml::Value, all: &mut BTreeMap<String, String>) {
    let inside = |name: &str| match key.as_str() {
        "" => name.to_owned(),
        key => format!("{key}.{name}"),
    };
    match value {
        toml::Value::Table(table) => {
            for (name, value) in table {
                flatten(inside(name), value, all);
            }
        }
        toml::Value::Array(items) if items.iter().any(toml::Value::is_table) => {
            for (number, item) in items.iter().enumerate() {
                let name = item.get("name").and_then(toml::Value::as_str);
                flatten(inside(name.unwrap_or(&number.to_string())), item, all);
            }
        }
        other => drop(all.insert(key, other.to_string())),
    }
}

/// Settings as text, equal for equal ones.
pub(crate) fn text(resolved: &Resolved) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec_pretty(resolved)
}

#[cfg(test)]
mod tests;
