//! The test that a broken law prints. It compiles where it is pasted: in a test of the subject's crate.

use super::case::Case;
use super::subject::Subject;
use dentate_core::registry;
use std::collections::BTreeSet;

/// Packages that the testkit links in by itself.
const LINKED: [&str; 4] = [
    "dentate-core",
    "dentate-growth",
    "dentate-continual",
    "dentate-testkit",
];

/// Packages of the project that depend on the testkit directly. All others find it in `dentate`, which links these in.
const OWN: [&str; 2] = ["dentate-learners", "dentate-citizen"];

/// A test of one law in one case.
pub(super) fn test(law: &str, subject: &Subject, case: &Case) -> String {
    let toml = subject.toml().unwrap_or_default();
    let toml = toml.trim_end();
    let mut packages = packages(toml);
    let in_a_plugin = packages.iter().any(|package| !OWN.contains(package));
    if in_a_plugin {
        packages.retain(|package| !OWN.contains(package));
    }
    let kit = if in_a_plugin {
        "dentate::testkit"
    } else {
        "dentate_testkit"
    };
    let linked: String = packages
        .iter()
        .map(|package| format!("    use {} as _; // links it in\n", package.replace('-', "_")))
        .collect();
    let case = format!("{case:#?}")
        .replace("scenario: ", "scenario: Scenario::")
        .replace("data: ", "data: Data::")
        .replace("hidden: ", "hidden: vec!")
        .replace("activation: ", "activation: Activation::")
        .replace('\n', "\n        ");
    // More marks than the text itself has in a row.
    let marks = (1..)
        .map(|n| "#".repeat(n))
        .find(|marks| !toml.contains(&format!("\"{marks}")));
    let marks = marks.unwrap_or_default();
    format!(
        "#[test]\nfn {law}_again() {{\n{linked}    \
         use {kit}::dentate_core::{{Activation, Scenario, registry::Kind}};\n    \
         use {kit}::strategy::{{Case, Data, again}};\n    \
         again(\n        Kind::{:?},\n        r{marks}\"{toml}\"{marks},\n        \"{law}\",\n        &{case},\n    );\n}}\n",
        subject.kind(),
    )
}

/// The packages that register the parts of a configuration, at any depth, and that nothing else links in.
fn packages(toml: &str) -> BTreeSet<&'static str> {
    let table: toml::Table = toml.parse().unwrap_or_default();
    let mut names = BTreeSet::new();
    named(&toml::Value::Table(table), &mut names);
    let entries = registry::entries().into_iter();
    let named = entries
        .filter(|entry| names.contains(entry.name))
        .map(|entry| entry.package);
    named.filter(|package| !LINKED.contains(package)).collect()
}

fn named(value: &toml::Value, names: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                if let (true, toml::Value::String(name)) = (key == "name" || key == "learner", value) {
                    names.insert(name.clone());
                }
                named(value, names);
            }
        }
        toml::Value::Array(all) => all.iter().for_each(|value| named(value, names)),
        _ => {}
    }
}
