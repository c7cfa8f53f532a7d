//! The identity of an experiment, by which a saved session is compared with another.

use crate::error::SessionError;
use crate::setup::Setup;
use dentate_core::Protocol;
use serde_json::{Value, json};

/// Seed, protocol and evaluation, and the recipes of learner and stream where they are known, as one JSON text.
pub(crate) fn identity(setup: &Setup, protocol: Protocol) -> String {
    let all = json!({
        "seed": setup.seed,
        "protocol": protocol,
        "evaluation": setup.evaluation,
        "learner": setup.learner,
        "stream": setup.stream,
    });
    all.to_string()
}

/// Refuses a session of another experiment, naming the first setting that differs. A recipe known to only one of the two is not
/// compared.
pub(crate) fn compare(saved: &str, here: &str) -> Result<(), SessionError> {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    match difference("", &read(saved), &read(here)) {
        None => Ok(()),
        Some((setting, saved, here)) => Err(SessionError::OtherExperiment { setting, saved, here }),
    }
}

/// The path of the first value that differs, and both values.
fn difference(path: &str, saved: &Value, here: &Value) -> Option<(String, String, String)> {
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match (saved, here) {
        (Value::Object(one), Value::Object(other)) => {
            // The names of recipes come first: two recipes of different names differ in all their settings.
            let names = ["seed", "learner", "kind", "name"].into_iter();
            let keys = names.chain(one.keys().chain(other.keys()).map(String::as_str));
            let nothing = Value::Null;
            keys.into_iter().find_map(|key| {
                let of = |all: &'_ serde_json::Map<String, Value>| all.get(key).cloned().unwrap_or_default();
                let (saved, here) = (of(one), of(other));
                let unknown = path.is_empty() && (saved == nothing || here == nothing);
                if unknown {
                    None
                } else {
                    difference(&below(key), &saved, &here)
                }
            })
        }
        _ if saved == here => None,
        _ => Some((path.to_owned(), short(saved), short(here))),
    }
}

/// A value, shortened for a sentence.
fn short(value: &Value) -> String {
    const MOST: usize = 60;
    match value {
        Value::Null => "left out".into(),
        _ => {
            let text = value.to_string();
            match text.char_indices().nth(MOST) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text,
            }
        }
    }
}

#[cfg(test)]
mod tests;
