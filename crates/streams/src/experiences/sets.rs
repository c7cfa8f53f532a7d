//! The data sets of a list of experiences, each once.

use super::NamedExperience;
use crate::contents;
use crate::data::{DataEnv, DataFacts, DataSpec, LabelledData};
use crate::error::StreamError;

/// The distinct data sets, in the order of first use.
pub(super) struct Sets<'a> {
    pub(super) all: Vec<&'a dyn DataSpec>,
    /// The index of each experience's data set.
    pub(super) index: Vec<usize>,
}

impl<'a> Sets<'a> {
    pub(super) fn of(experiences: &'a [NamedExperience]) -> Self {
        let mut sets = Self {
            all: Vec::new(),
            index: Vec::new(),
        };
        let mut written: Vec<Option<String>> = Vec::new();
        for experience in experiences {
            // A data set that cannot be serialised is distinct from all others.
            let text = serde_json::to_string(&experience.data).ok();
            let known = written.iter().position(|other| text.is_some() && *other == text);
            sets.index.push(known.unwrap_or(sets.all.len()));
            if known.is_none() {
                sets.all.push(&*experience.data);
                written.push(text);
            }
        }
        sets
    }

    pub(super) fn facts(&self) -> Vec<DataFacts> {
        self.all.iter().map(|set| set.facts()).collect()
    }

    /// Their common name: of many, the first ones.
    pub(super) fn title(&self) -> String {
        let titles: Vec<String> = self.facts().into_iter().map(|facts| facts.title).collect();
        match titles.len() {
            0..=4 => titles.join(", "),
            n => format!("{} and {} more", titles[..3].join(", "), n - 3),
        }
    }

    /// Loads all of them, each as `env` expects. An error names the first experience with the data.
    pub(super) fn load(
        &self,
        env: &DataEnv,
        experiences: &[NamedExperience],
    ) -> Result<Vec<LabelledData>, StreamError> {
        let mut expected = self.expected(env)?.into_iter();
        let load = |(at, set): (usize, &&dyn DataSpec)| {
            let env = DataEnv {
                expected: expected.next(),
                ..env.clone()
            };
            let first = self.index.iter().position(|set| *set == at);
            let name = first.map_or("", |first| &experiences[first].name);
            set.load(&env).map_err(|error| error.of_experience(name))
        };
        self.all.iter().enumerate().map(load).collect()
    }

    /// The expected fingerprint of each; empty if any is accepted.
    fn expected(&self, env: &DataEnv) -> Result<Vec<String>, StreamError> {
        let Some(text) = &env.expected else {
            return Ok(Vec::new());
        };
        match &self.all[..] {
            [_] => Ok(vec![text.clone()]),
            several => match serde_json::from_str::<Vec<String>>(text) {
                Ok(each) if each.len() == several.len() => Ok(each),
                _ => Err(StreamError::Changed {
                    title: self.title(),
                    expected: contents::short(text),
                    found: format!("of {} data sets", several.len()),
                }),
            },
        }
    }
}
