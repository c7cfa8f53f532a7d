//! `dentate explain NAME`: what a registered thing is, from where its crate says it: the entry in the registry, the `//!` lines
//! of its source, the schema of its configuration, and the laws it claims.

use crate::error::RunnerError;
use dentate_core::registry::{self, Entry, Kind, nearest};
use dentate_growth::Growth;
use serde_json::Value as Json;
use std::fmt::Write;

mod settings;

/// The explanation of everything that is called `name`.
pub(crate) fn explain(name: &str) -> Result<String, RunnerError> {
    let entries = registry::entries();
    let found: Vec<&Entry> = entries.iter().filter(|e| e.name == name).collect();
    if found.is_empty() {
        let known = || entries.iter().map(|e| e.name);
        return Err(RunnerError::Unexplained {
            name: name.into(),
            suggestion: nearest(name, known())
                .map(|n| format!(", did you mean `{n}`?"))
                .unwrap_or_default(),
            known: known().collect::<Vec<_>>().join(", "),
        });
    }
    let each = found.into_iter().map(of);
    Ok(each.collect::<Vec<_>>().join("\n\n"))
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
        let _ = writeln!(out, "{}\n", words.trim());
    }
    out.push_str(&settings::table(&schema));
    if entry.kind == Kind::Strategy {
        out.push_str(&laws(entry.name));
    }
    let _ = write!(out, "In a suite\n\n{}", example(entry, &schema));
    out
}

/// What a strategy claims, with its settings as they are when nothing is said.
fn laws(name: &str) -> String {
    let plain = toml::Value::Table([("name".to_string(), name.into())].into_iter().collect());
    let Ok(strategy) = plain.try_into::<Box<dyn Growth>>() else {
        return "Laws it claims depend on its settings.\n\n".into();
    };
    let laws = strategy.laws();
    let mut out = String::from("Laws beside those that every strategy keeps\n\n");
    if laws.is_empty() {
        out.push_str("  none is claimed\n");
    }
    for law in laws {
        let _ = writeln!(out, "  {law}");
    }
    out + "\n"
}

/// How it is written in a suite, with what has to be given.
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
