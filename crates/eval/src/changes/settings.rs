//! The settings of a method that differ between two results.

use crate::questions::settings::flat;
use crate::values::MethodValues;
use std::collections::BTreeMap;

/// The longest value that is written out.
const LONGEST: usize = 60;

/// The settings that differ, by key: `hidden: [64] → [128]`.
pub(super) fn differing(before: &MethodValues, after: &MethodValues) -> Vec<String> {
    let mut said = of_tables(&before.configuration, &after.configuration);
    said.extend(pairs(&before.chosen, &after.chosen));
    said
}

/// The same of two configurations, as TOML.
pub(crate) fn of_tables(before: &str, after: &str) -> Vec<String> {
    pairs(&flat(before), &flat(after))
}

fn pairs(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differ = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
    let value = |of: &BTreeMap<String, String>, key: &String| -> String {
        let Some(text) = of.get(key) else {
            return "absent".into();
        };
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.clone(),
        }
    };
    differ
        .map(|key| format!("{key}: {} → {}", value(before, key), value(after, key)))
        .collect()
}
