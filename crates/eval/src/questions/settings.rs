//! Settings of methods that differ from the control's, from their configurations as TOML.

use std::collections::BTreeMap;

/// A configuration as keys with their values, both as text; keys within tables have the table's name before them.
pub(crate) fn flat(toml: &str) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut table = String::new();
    let mut last: Option<String> = None;
    for line in toml.lines() {
        let trimmed = line.trim();
        if let Some(name) = trimmed.strip_prefix("[[").and_then(|t| t.strip_suffix("]]")) {
            let n = counts.entry(name.to_owned()).or_default();
            *n += 1;
            table = format!("{name} {n}.");
            last = None;
        } else if let Some(name) = trimmed
            .strip_prefix('[')
            .and_then(|t| t.strip_suffix(']'))
            .filter(|_| !line.starts_with(' '))
        {
            // A table within a table of a list belongs to its latest entry.
            let parent = name
                .split_once('.')
                .and_then(|(parent, rest)| Some((parent, rest, counts.get(parent)?)));
            table = match parent {
                Some((parent, rest, n)) => format!("{parent} {n}.{rest}."),
                None => format!("{name}."),
            };
            last = None;
        } else if let Some((key, value)) = entry(line) {
            let key = format!("{table}{key}");
            all.insert(key.clone(), value.to_owned());
            last = Some(key);
        } else if let Some(value) = last.as_ref().and_then(|key| all.get_mut(key))
            && !trimmed.is_empty()
        {
            // An array over several lines.
            if trimmed.starts_with(']') && value.ends_with(',') {
                value.pop();
            }
            let space = if value.ends_with('[') || trimmed.starts_with(']') {
                ""
            } else {
                " "
            };
            value.push_str(&format!("{space}{trimmed}"));
        }
    }
    all
}

/// `key = value` at the beginning of a line.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(" = ")?;
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '"');
    (!key.is_empty() && key.chars().all(bare)).then_some((key, value))
}

/// The keys in which any configuration differs from the first one, each with all values; absent ones are `None`.
pub(super) fn differences(configurations: &[BTreeMap<String, String>]) -> Vec<(String, Vec<Option<String>>)> {
    let mut keys: Vec<&String> = configurations.iter().flat_map(BTreeMap::keys).collect();
    keys.sort();
    keys.dedup();
    let values = |key: &String| -> Vec<Option<String>> {
        configurations.iter().map(|c| c.get(key).cloned()).collect()
    };
    let all = keys.into_iter().map(|key| (key.clone(), values(key)));
    all.filter(|(_, values)| values.iter().any(|v| *v != values[0]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_apart_by_key() {
        let one =
            flat("learner = \"gradient\"\nhidden = [100, 100]\n\n[optimizer]\nname = \"sgd\"\nrate = 0.1\n");
        let other = flat(
            "learner = \"gradient\"\nhidden = [\n    100,\n    50,\n]\n\n[optimizer]\nname = \"sgd\"\nrate = 0.2\n\n[[mechanisms]]\nname = \"replay\"\n\n\
             [mechanisms.buffer]\nsize = 5\n",
        );
        let found = differences(&[one, other]);
        let shown: Vec<String> = found
            .iter()
            .map(|(key, values)| {
                let values: Vec<&str> = values.iter().map(|v| v.as_deref().unwrap_or("-")).collect();
                format!("{key}: {}", values.join(" | "))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "hidden: [100, 100] | [100, 50]",
                "mechanisms 1.buffer.size: - | 5",
                "mechanisms 1.name: - | \"replay\"",
                "optimizer.rate: 0.1 | 0.2"
            ]
        );
    }
}
