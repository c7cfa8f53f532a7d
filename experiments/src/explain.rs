//! `dentate explain NAME`: explains a registered item (from its registry entry, the `//!` lines of its source, the schema
//! of its configuration and the laws it claims), a metric, a suite, a table or setting of a suite file, or a term of the
//! glossary.

use crate::error::RunnerError;
use dentate_core::registry::{self, Entry, Kind, nearest};
use dentate_growth::Growth;
use serde_json::Value as Json;
use std::fmt::Write;

mod glossary;
mod markdown;
mod metrics;
pub(crate) mod settings;
pub(crate) mod suite_file;
mod suites;

/// The number of nearest names that a refusal lists.
const NEAREST: usize = 5;

/// The explanation of everything with this name.
pub(crate) fn explain(name: &str) -> Result<String, RunnerError> {
    let entries = registry::entries();
    let found: Vec<&Entry> = entries.iter().filter(|e| e.name == name).collect();
    let others: [fn(&str) -> Option<String>; 6] = [
        metrics::metric,
        metrics::record,
        suites::suite,
        suite_file::table,
        glossary::term,
        suite_file::setting,
    ];
    let others = others.iter().filter_map(|explanation| explanation(name));
    let each: Vec<String> = found.into_iter().map(of).chain(others).collect();
    if each.is_empty() {
        return Err(unexplained(name, &entries));
    }
    Ok(each.join("\n\n"))
}

/// The error for an unknown name, with the nearest ones.
fn unexplained(name: &str, entries: &[Entry]) -> RunnerError {
    let suites: Vec<String> = crate::paths::suites().into_iter().map(|(name, _)| name).collect();
    let mut known: Vec<&str> = entries.iter().map(|e| e.name).collect();
    known.extend(suites.iter().map(String::as_str));
    known.extend(glossary::names());
    known.extend(metrics::names());
    let settings = suite_file::known();
    known.extend(settings.iter().map(String::as_str));
    known.sort_unstable();
    known.dedup();
    let mut near = Vec::new();
    while let Some(nearest) = nearest(name, known.iter().copied()).filter(|_| near.len() < NEAREST) {
        known.retain(|other| *other != nearest);
        near.push(format!("`{nearest}`"));
    }
    let suggestion = match near.as_slice() {
        [] => String::new(),
        [one] => format!(", did you mean {one}?"),
        [others @ .., last] => format!(", did you mean {} or {last}?", others.join(", ")),
    };
    let name = name.into();
    RunnerError::Unexplained { name, suggestion }
}

fn of(entry: &Entry) -> String {
    let schema = Json::from((entry.schema)());
    let mut out = format!("{} · {} of {}\n\n", entry.name, entry.kind, entry.package);
    let _ = writeln!(out, "{}\nSource: {}\n", entry.summary, entry.citation);
    let documentation = entry.documentation();
    let description = schema
        .get("description")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let words = if documentation.is_empty() {
        description
    } else {
        &documentation
    };
    if !words.is_empty() {
        let _ = writeln!(out, "{}\n", markdown::rendered(words));
    }
    out.push_str(&settings::table(&schema));
    if entry.kind == Kind::Strategy {
        out.push_str(&laws(entry.name));
    }
    let _ = write!(out, "In a suite\n\n{}", example(entry, &schema));
    out
}

/// The laws that a strategy claims with its default settings.
fn laws(name: &str) -> String {
    let plain = toml::Value::Table([("name".to_string(), name.into())].into_iter().collect());
    let Ok(strategy) = plain.try_into::<Box<dyn Growth>>() else {
        return "Laws it claims depend on its settings.\n\n".into();
    };
    let laws = strategy.laws();
    let mut out = String::from("Claimed laws, in addition to those of every strategy\n\n");
    if laws.is_empty() {
        out.push_str("  none is claimed\n");
    }
    for law in laws {
        let _ = writeln!(out, "  {law}");
    }
    out + "\n"
}

/// A minimal example of its use in a suite, with the required settings.
fn example(entry: &Entry, schema: &Json) -> String {
    let name = entry.name;
    let required = settings::required(schema);
    let inline = |tag: &str| {
        let more: String = required
            .iter()
            .map(|(key, value)| format!(", {key} = {value}"))
            .collect();
        format!("{{ {tag} = \"{name}\"{more} }}")
    };
    let lines: String = required
        .iter()
        .map(|(key, value)| format!("{key} = {value}\n"))
        .collect();
    match entry.kind {
        Kind::Strategy => format!("[[method]]\nname = \"{name}\"\nstrategy = {}\n", inline("name")),
        Kind::Learner => format!("[[method]]\nname = \"{name}\"\nlearner = \"{name}\"\n{lines}"),
        Kind::Stream => format!("[[stream]]\nname = \"{name}\"\nkind = \"{name}\"\n{lines}"),
        Kind::Data => format!("data = {}\n", inline("kind")),
        Kind::Trigger | Kind::Placement | Kind::Initializer | Kind::Survival | Kind::Modulation => {
            let (kind, part) = (entry.kind, inline("name"));
            format!("[[method]]\nname = \"{name}\"\nstrategy = {{ name = \"composed\", {kind} = {part} }}\n")
        }
        Kind::Mechanism => format!(
            "[[method]]\nname = \"{name}\"\nmechanisms = [{}]\n",
            inline("name")
        ),
        Kind::Buffer => format!(
            "[[method]]\nname = \"{name}\"\nmechanisms = [{{ name = \"experience-replay\", buffer = {} }}]\n",
            inline("name")
        ),
    }
}

#[cfg(test)]
mod tests;
