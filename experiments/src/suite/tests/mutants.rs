//! Suites with typing errors, broken encodings or malicious changes.

use super::super::{Suite, SuiteError};
use proptest::prelude::*;
use std::path::Path;

/// Replacements of a value.
const VALUES: [&str; 22] = [
    "0",
    "-1",
    "1",
    "3",
    "1e400",
    "-0.0",
    "nan",
    "inf",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999",
    "1979-05-27T07:32:00Z",
    "\"\"",
    "\"split\"",
    "\"fixed\"",
    "true",
    "[]",
    "[[]]",
    "{}",
    "{ name = \"fixed\" }",
    "'''\n'''",
    "{ kind = \"mnist\", kind = 1 }",
];

/// Replacements of a key or a word.
const WORDS: [&str; 14] = [
    "kind",
    "name",
    "data",
    "seeds",
    "learner",
    "strategy",
    "optimizer",
    "hidden",
    "batch",
    "stream",
    "a.b.c",
    "\"\\n\"",
    "é",
    "title",
];

#[derive(Clone, Debug)]
enum Mutation {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Value(prop::sample::Index, prop::sample::Index),
    Key(prop::sample::Index, prop::sample::Index),
    Misspell(prop::sample::Index, char),
    Repeat(prop::sample::Index),
    Remove(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(a, b)| Mutation::Flip(a, b)),
        at().prop_map(Mutation::Cut),
        (at(), at()).prop_map(|(a, b)| Mutation::Value(a, b)),
        (at(), at()).prop_map(|(a, b)| Mutation::Value(a, b)),
        (at(), at()).prop_map(|(a, b)| Mutation::Key(a, b)),
        (at(), any::<char>()).prop_map(|(a, c)| Mutation::Misspell(a, c)),
        at().prop_map(Mutation::Repeat),
        at().prop_map(Mutation::Remove),
        (at(), at()).prop_map(|(a, b)| Mutation::Swap(a, b)),
    ]
}

/// Lines that say something.
fn spoken(lines: &[String], with: &str) -> Vec<usize> {
    let fits = |line: &&(usize, &String)| line.1.contains(with) && !line.1.trim_start().starts_with('#');
    lines
        .iter()
        .enumerate()
        .collect::<Vec<_>>()
        .iter()
        .filter(fits)
        .map(|(i, _)| *i)
        .collect()
}

fn mutate(text: &str, mutations: &[Mutation]) -> Vec<u8> {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    let mut bytes = None;
    for mutation in mutations {
        let (all, settings) = (spoken(&lines, ""), spoken(&lines, "="));
        if all.is_empty() || settings.is_empty() {
            break;
        }
        match mutation {
            Mutation::Value(at, value) => {
                let line = &mut lines[*at.get(&settings)];
                let equals: Vec<usize> = line.match_indices('=').map(|(i, _)| i).collect();
                let equals = *value.get(&equals);
                // Up to what ends the value, or the line.
                let end = line[equals..]
                    .find([',', '}'])
                    .map_or(line.len(), |end| equals + end);
                line.replace_range(equals + 1..end, &format!(" {} ", value.get(&VALUES)));
            }
            Mutation::Key(at, word) => {
                let line = &mut lines[*at.get(&settings)];
                let end = line.find('=').unwrap_or(0);
                line.replace_range(..end, &format!("{} ", word.get(&WORDS)));
            }
            Mutation::Misspell(at, letter) => {
                let line = &mut lines[*at.get(&all)];
                let places: Vec<usize> = line.char_indices().map(|(i, _)| i).collect();
                if !places.is_empty() {
                    line.insert(*at.get(&places), *letter);
                }
            }
            Mutation::Repeat(at) => {
                let at = *at.get(&all);
                lines.insert(at, lines[at].clone());
            }
            Mutation::Remove(at) => drop(lines.remove(*at.get(&all))),
            Mutation::Swap(a, b) => lines.swap(*a.get(&all), *b.get(&all)),
            Mutation::Flip(at, to) => {
                let mut whole = lines.join("\n").into_bytes();
                let at = at.index(whole.len().max(1));
                if let Some(byte) = whole.get_mut(at) {
                    *byte = *to;
                }
                bytes = Some(whole);
            }
            Mutation::Cut(at) => {
                let whole = lines.join("\n").into_bytes();
                bytes = Some(whole[..at.index(whole.len() + 1)].to_vec());
            }
        }
    }
    bytes.unwrap_or_else(|| lines.join("\n").into_bytes())
}

/// The position that a refusal names, if it names one.
fn place(error: &SuiteError) -> Option<String> {
    match error {
        SuiteError::Syntax { at, .. }
        | SuiteError::Key { at, .. }
        | SuiteError::Value { at, .. }
        | SuiteError::Range { at, .. }
        | SuiteError::Missing { at, .. }
        | SuiteError::Unsuited { at, .. }
        | SuiteError::Refused { at, .. } => Some(at.to_string()),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// A changed suite is good or refused in one sentence that points into it.
    #[test]
    fn a_changed_suite_is_good_or_refused_in_one_sentence(
        which in any::<prop::sample::Index>(),
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let suites = crate::paths::suites();
        let (_, path) = which.get(&suites);
        let text = std::fs::read_to_string(path).unwrap();
        let bytes = mutate(&text, &mutations);
        if let Err(error) = Suite::from_bytes(Path::new("m.toml"), &bytes) {
            let said = error.to_string();
            prop_assert!(said.starts_with("m.toml") && said.len() < 1000, "{said}");
            prop_assert!(!said.contains('\n'), "{said}");
            prop_assert!(!said.contains("expected struct") && !said.contains("invalid type"), "serde's words: {said}");
            if let Some(place) = place(&error) {
                let text = String::from_utf8_lossy(&bytes);
                let numbers: Vec<usize> = place.split(':').skip(1).map(|n| n.parse().unwrap()).collect();
                let line = text.split('\n').nth(numbers[0] - 1);
                let columns = line.map_or(0, |line| line.chars().count());
                prop_assert!((1..=columns + 1).contains(&numbers[1]), "{place} is outside");
                if let SuiteError::Key { key, .. } = &error {
                    let rest: String = line.unwrap_or_default().chars().skip(numbers[1] - 1).collect();
                    let key = key.chars().next().unwrap_or('"');
                    prop_assert!(rest.starts_with(['"', '\'', key]), "{said} points at {rest}");
                }
            }
        }
    }
}
