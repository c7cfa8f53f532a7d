//! The page "The suite file", whose tables are generated from the schemas that check suites.
//!
//! `DENTATE_WRITE_DOCS=1 cargo test -p dentate-experiments the_page_of_the_suite_file` writes the page anew.

use super::super::factorial::FACTORIAL;
use super::super::scale::SCALE;
use super::super::{METHOD_OWN, STREAM_OWN, TOP};
use crate::explain::settings;
use crate::explain::suite_file::{FACTORIAL_KEYS, Keys, METHOD_KEYS, SCALE_KEYS, STREAM_KEYS, TOP_KEYS};
use crate::suite::{Checkpoints, Claim, Limits, Sweep};
use dentate_core::registry::{self, Kind};
use dentate_session::Evaluation;
use serde_json::Value as Json;
use std::fmt::Write;
use std::path::Path;

/// Appends a table of keys.
fn keys(out: &mut String, title: &str, rows: &Keys) {
    let _ = write!(out, "\n## {title}\n\n| key | meaning |\n| --- | --- |\n");
    for (key, meaning) in rows {
        let _ = writeln!(out, "| `{key}` | {meaning} |");
    }
}

/// The page's generated part.
fn tables() -> String {
    let mut out = String::new();
    keys(&mut out, "Top level", TOP_KEYS);
    keys(&mut out, "`[[stream]]`", STREAM_KEYS);
    let _ = out.write_str("\nThe other keys are those of its kind:\n");
    for entry in registry::entries()
        .iter()
        .filter(|e| e.kind == Kind::Stream && own(e.package))
    {
        let _ = write!(out, "\n### `{}`\n\n{}\n\n", entry.name, entry.summary);
        out.push_str(&rows(&Json::from((entry.schema)())));
    }
    keys(&mut out, "`[[method]]`", METHOD_KEYS);
    let _ = out.write_str(
        "\nThe other keys are those of its learner. `[defaults]` and a stream's `settings` may have them too. Those of `gradient`:\n\n",
    );
    let gradient = registry::find(Kind::Learner, "gradient").unwrap();
    out.push_str(&rows(&Json::from((gradient.schema)())));
    let typed = [
        ("`[evaluation]`", Json::from(schemars::schema_for!(Evaluation))),
        ("`[limits]`", Json::from(schemars::schema_for!(Limits))),
        ("`[checkpoints]`", Json::from(schemars::schema_for!(Checkpoints))),
        ("`[sweep]`", Json::from(schemars::schema_for!(Sweep))),
    ];
    for (title, schema) in typed {
        let _ = write!(out, "\n## {title}\n\n{}", rows(&schema));
    }
    keys(&mut out, "`[factorial]`", FACTORIAL_KEYS);
    let claims = rows(&Json::from(schemars::schema_for!(Claim)));
    let _ = write!(out, "\n## `[[claim]]`\n\n{claims}");
    keys(&mut out, "`[scale.NAME]`", SCALE_KEYS);
    out
}

/// Returns whether a package is the project's own, and not a plugin's or a test's.
fn own(package: &str) -> bool {
    package.starts_with("dentate-")
}

fn rows(schema: &Json) -> String {
    let mut out = String::from("| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
    for [key, kind, default, meaning] in settings::rows(schema, schema, "") {
        let text = |text: &str| text.replace('|', "\\|");
        let default = if default.starts_with('(') {
            default
        } else {
            format!("`{default}`")
        };
        let _ = writeln!(
            out,
            "| `{key}` | {} | {} | {} |",
            text(&kind),
            text(&default),
            text(&meaning)
        );
    }
    out
}

const BEGIN: &str = "<!-- generated from the schemas; see experiments/src/suite/tests/page.rs -->\n";
const END: &str = "<!-- end of the generated part -->\n";

#[test]
fn the_page_of_the_suite_file_is_that_of_the_schemas() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/suite-file.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let wanted = format!("{before}{BEGIN}{}\n{END}{after}", tables());
    if std::env::var_os("DENTATE_WRITE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    assert!(
        page == wanted,
        "docs/suite-file.md is not that of the schemas: DENTATE_WRITE_DOCS=1 writes it anew"
    );
}

#[test]
fn the_page_has_every_key_that_the_reader_knows() {
    let same = |keys: &Keys, known: &[&str], also: &[&str]| {
        let mut keys: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
        let mut known: Vec<&str> = known.iter().chain(also).copied().collect();
        keys.sort_unstable();
        known.sort_unstable();
        assert_eq!(keys, known);
    };
    same(TOP_KEYS, TOP, &[]);
    same(STREAM_KEYS, STREAM_OWN, &["kind"]);
    same(METHOD_KEYS, METHOD_OWN, &["learner"]);
    same(FACTORIAL_KEYS, FACTORIAL, &[]);
    same(SCALE_KEYS, SCALE, &[]);
}
