//! A data set that may be available in several forms, of which the first found is used.

use crate::data::{DataEnv, DataFacts, DataRecipe, DataSpec, LabelledData};
use crate::error::StreamError;
use crate::register;
use dentate_core::ConfigError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::PathBuf;

/// The first of several data sets whose files exist: for instance the same pictures from their publisher or from a local archive.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstOf {
    /// The data sets, in order of preference. They have the same number of classes, and rows of the same shape.
    #[schemars(length(min = 1))]
    pub of: Vec<Box<dyn DataSpec>>,
}

/// Returns whether an error means that files are missing, rather than wrong.
fn absent(error: &StreamError) -> bool {
    match error {
        StreamError::NoRoot { .. }
        | StreamError::Missing { .. }
        | StreamError::Absent { .. }
        | StreamError::NoDataFolder { .. } => true,
        StreamError::Unreadable { source, .. } => source.kind() == ErrorKind::NotFound,
        _ => false,
    }
}

impl FirstOf {
    /// The result for the first data set that exists. A damaged one is not skipped; if none exists, the error is that of the
    /// first.
    fn first<T>(&self, give: impl Fn(&dyn DataSpec) -> Result<T, StreamError>) -> Result<T, StreamError> {
        let mut lacking = None;
        for data in &self.of {
            match give(data.as_ref()) {
                Ok(given) => return Ok(given),
                Err(error) if absent(&error) => lacking = lacking.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        Err(lacking.unwrap_or_else(|| StreamError::range("of", "empty", "one data set and more")))
    }
}

/// The facts that have to agree.
fn called(facts: &DataFacts) -> String {
    let classes = format!("data of {} classes", facts.classes);
    match &facts.shape {
        Some(shape) => {
            let sides: Vec<String> = shape.iter().map(ToString::to_string).collect();
            format!("{classes} and rows of {}", sides.join(" × "))
        }
        None => classes,
    }
}

impl DataRecipe for FirstOf {
    fn check(&self) -> Result<(), ConfigError> {
        let Some(first) = self.of.first() else {
            return Ok(());
        };
        let facts = first.facts();
        for (i, data) in self.of.iter().enumerate() {
            data.validate().map_err(|e| e.within(&format!("of[{i}]")))?;
            let other = data.facts();
            let shapes = facts.shape.as_ref().zip(other.shape.as_ref());
            if other.classes != facts.classes || shapes.is_some_and(|(a, b)| a != b) {
                let what = called(&other);
                let wanted = format!("{}, as the first has", called(&facts));
                return Err(ConfigError::new("of", what, wanted));
            }
        }
        Ok(())
    }

    fn facts(&self) -> DataFacts {
        let facts = self.of.first().map(|data| data.facts());
        facts.unwrap_or_else(|| DataFacts {
            title: String::new(),
            classes: 0,
            shape: None,
            cached: None,
        })
    }

    fn fingerprint(&self, env: &DataEnv) -> Result<String, StreamError> {
        // Published data is identified by its checksums, whether it exists or not.
        self.first(|data| data.prepare(env).and_then(|_| data.fingerprint(env)))
    }

    fn prepare(&self, env: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        self.first(|data| data.prepare(env))
    }

    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        self.first(|data| data.load(env))
    }
}

register!(
    data,
    FirstOf,
    "first-of",
    summary = "the first of several data sets whose files exist",
    citation = "this project",
);

#[cfg(test)]
mod tests;
