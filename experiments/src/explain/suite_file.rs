//! Tables and settings of a suite file, from the schemas that check it.

use super::settings::{self, forms};
use crate::suite::{Checkpoints, Claim, Limits, Sweep};
use dentate_core::registry::{self, Kind};
use dentate_session::Evaluation;
use serde_json::Value as Json;
use std::fmt::Write;

/// Keys with their meanings.
pub(crate) type Keys = [(&'static str, &'static str)];

/// Top-level keys of a suite, in the order of the page.
pub(crate) const TOP_KEYS: &Keys = &[
    ("title", "the title of the report; the file's name if absent"),
    ("description", "the question of the suite, in a sentence or two"),
    ("control", "the method that the others are compared with"),
    (
        "rank_by",
        "the measure that methods are ranked by, for example `learning-accuracy`; if absent, each stream's own",
    ),
    (
        "seeds",
        "seeds of each method on each stream, 1 to 10000; 3 if absent",
    ),
    ("evaluation", "a table, see below"),
    ("limits", "a table, see below"),
    ("checkpoints", "a table, see below"),
    (
        "keep",
        "the trained networks that runs keep: `\"final\"` (if absent), `\"experiences\"` or `\"none\"`",
    ),
    ("backend", "`\"native\"` (if absent) or `\"libtorch\"`"),
    (
        "device",
        "the device of libtorch: `\"cpu\"`, `\"cuda\"` or `\"cuda:N\"`",
    ),
    ("defaults", "a table: settings that all methods share"),
    ("stream", "a list of tables `[[stream]]`, see below"),
    ("method", "a list of tables `[[method]]`, see below"),
    (
        "factorial",
        "a table: a method for each combination of factors, see below",
    ),
    (
        "claim",
        "a list of tables `[[claim]]`: published statements that the report holds the results against, see below",
    ),
    (
        "scale",
        "tables `[scale.NAME]`: the suite made smaller for `bench --scale NAME`, see below",
    ),
    ("sweep", "a table: how settings are chosen, see below"),
];

/// Keys of `[[stream]]` besides those of its kind.
pub(crate) const STREAM_KEYS: &Keys = &[
    ("kind", "the registered name of the stream; required"),
    ("name", "the name in the suite; required"),
    ("title", "the title in reports; the name if absent"),
    (
        "settings",
        "a table: learner settings on this stream, over `[defaults]`",
    ),
];

/// Keys of `[[method]]` besides those of its learner.
pub(crate) const METHOD_KEYS: &Keys = &[
    ("name", "the name in the suite; required"),
    ("title", "the title in reports; the name if absent"),
    (
        "summary",
        "a sentence for reports; that of the strategy if absent",
    ),
    ("streams", "the streams that it runs on, by name; all if absent"),
    ("backend", "as at the top, for this method"),
    ("device", "as at the top, for this method"),
    (
        "twin",
        "static networks with the budget of this growing method, as methods of their own: `\"final-parameters\"`, `\"mean-parameters\"`, \
         `\"memory\"`, `\"updates\"`, `\"multiply-adds\"`, or a list of these",
    ),
    (
        "sweep",
        "a table: the settings to choose among, each key with a list of values or `{ from = …, to = …, scale = \"log\" }`",
    ),
    (
        "learner",
        "the registered name of the learner; `gradient` if absent",
    ),
];

/// Keys of `[factorial]`.
pub(crate) const FACTORIAL_KEYS: &Keys = &[
    (
        "half",
        "only half of the combinations, so chosen that main effects and two-way interactions can be told apart; `false` if absent",
    ),
    ("settings", "a table: the settings of all of them"),
    (
        "factor",
        "a list of tables `[[factorial.factor]]` with `name`, `first` and `second`; a level has a `name` and may have `settings`",
    ),
    (
        "twin",
        "as of a method: static networks with the budget of each cell that grows",
    ),
];

/// Keys of `[scale.NAME]`.
pub(crate) const SCALE_KEYS: &Keys = &[
    ("seeds", "as at the top, at this scale"),
    ("evaluation", "a table over `[evaluation]`"),
    ("defaults", "a table over `[defaults]`, table by table"),
    ("stream", "a table over every `[[stream]]`, table by table"),
];

/// A table of a suite file.
struct Table {
    name: &'static str,
    written: &'static str,
    about: &'static str,
    keys: &'static Keys,
    schema: Option<fn() -> Json>,
    more: fn() -> String,
}

const TABLES: [Table; 11] = [
    Table {
        name: "suite-file",
        written: "the top of a suite",
        about: "Methods × streams × seeds, and how they are evaluated.",
        keys: TOP_KEYS,
        schema: None,
        more: String::new,
    },
    Table {
        name: "stream",
        written: "[[stream]]",
        about: "A stream of the suite.",
        keys: STREAM_KEYS,
        schema: None,
        more: || format!("The other keys are those of its kind: {}\n", names(Kind::Stream)),
    },
    Table {
        name: "method",
        written: "[[method]]",
        about: "A method of the suite: its own keys over the stream's `settings` over `[defaults]`.",
        keys: METHOD_KEYS,
        schema: None,
        more: || {
            format!(
                "The other keys are those of its learner: {}\n",
                names(Kind::Learner)
            )
        },
    },
    Table {
        name: "defaults",
        written: "[defaults]",
        about: "Settings that all methods share, unless the stream's `settings` or the method say otherwise.",
        keys: &[],
        schema: None,
        more: || "The keys are those of the learner: `gradient` where no other is named\n".into(),
    },
    Table {
        name: "evaluation",
        written: "[evaluation]",
        about: "The evaluation along each stream.",
        keys: &[],
        schema: Some(|| Json::from(schemars::schema_for!(Evaluation))),
        more: String::new,
    },
    Table {
        name: "limits",
        written: "[limits]",
        about: "The largest costs of a run; one that exceeds them fails, and its row in the report says so.",
        keys: &[],
        schema: Some(|| Json::from(schemars::schema_for!(Limits))),
        more: String::new,
    },
    Table {
        name: "checkpoints",
        written: "[checkpoints]",
        about: "The frequency of checkpoints. It changes no result.",
        keys: &[],
        schema: Some(|| Json::from(schemars::schema_for!(Checkpoints))),
        more: String::new,
    },
    Table {
        name: "factorial",
        written: "[factorial]",
        about: "A factorial design: a method for each combination of the levels of its factors.",
        keys: FACTORIAL_KEYS,
        schema: None,
        more: String::new,
    },
    Table {
        name: "claim",
        written: "[[claim]]",
        about: "A published statement that the report holds the results against: a figure with a tolerance, or an order.",
        keys: &[],
        schema: Some(|| Json::from(schemars::schema_for!(Claim))),
        more: || "`bench --check-claims` ends with exit code 5 if one is not held\n".into(),
    },
    Table {
        name: "scale",
        written: "[scale.NAME]",
        about: "The suite made smaller: `bench --scale NAME` lays these keys over those of the suite. The scale `full` is the suite as it is written.",
        keys: SCALE_KEYS,
        schema: None,
        more: String::new,
    },
    Table {
        name: "sweep",
        written: "[sweep]",
        about: "How the settings of methods that have a `sweep` are chosen, before they are compared: on rows held out of training, with seeds of \
                their own.",
        keys: &[],
        schema: Some(|| Json::from(schemars::schema_for!(Sweep))),
        more: String::new,
    },
];

fn names(kind: Kind) -> String {
    let entries = registry::entries();
    let names = entries.iter().filter(|e| e.kind == kind).map(|e| e.name);
    names.collect::<Vec<_>>().join(", ")
}

/// A name without punctuation, so that `rank_by` and `rank-by`, or `[[stream]]` and `stream`, are equal.
fn bare(name: &str) -> String {
    name.trim_matches(['[', ']', '`']).replace('-', "_")
}

/// The explanation of a table of a suite file.
pub(super) fn table(name: &str) -> Option<String> {
    let table = TABLES.iter().find(|table| bare(table.name) == bare(name))?;
    let (written, about) = (table.written, table.about);
    let mut out = format!("{} · table of a suite · {written}\n\n{about}\n\n", table.name);
    for (key, meaning) in table.keys {
        let _ = writeln!(out, "  {key:12} {}", super::markdown::rendered(meaning));
    }
    if let Some(schema) = table.schema {
        out.push_str(&settings::table(&schema()));
    }
    let more = (table.more)();
    if !more.is_empty() {
        let gap = if table.keys.is_empty() { "" } else { "\n" };
        let _ = write!(out, "{gap}{more}");
    }
    Some(out.trim_end().to_owned() + "\n")
}

/// A setting, with all items that share it.
struct FoundSetting {
    owners: Vec<String>,
    name: String,
    row: [String; 3],
    forms: String,
}

/// The explanation of every setting with this name: `batch`, `conv.kernel`, `learning_rate`. A setting within the forms of
/// another is explained with that one.
pub(super) fn setting(name: &str) -> Option<String> {
    let mut found: Vec<FoundSetting> = Vec::new();
    for (owner, schema) in owners() {
        let mut own = Vec::new();
        search(&schema, &schema, "", name, &mut own);
        for (name, row, forms) in own {
            let like =
                |other: &&mut FoundSetting| other.name == name && other.row == row && other.forms == forms;
            match found.iter_mut().find(like) {
                Some(known) => known.owners.push(owner.clone()),
                None => found.push(FoundSetting {
                    owners: vec![owner.clone()],
                    name,
                    row,
                    forms,
                }),
            }
        }
    }
    let mut texts: Vec<String> = plain_keys(name);
    for (at, setting) in found.iter().enumerate() {
        let again = found[..at].iter().any(|other| other.forms == setting.forms);
        texts.push(setting.text(again));
    }
    (!texts.is_empty()).then(|| texts.join("\n"))
}

impl FoundSetting {
    /// Its text. `again` is true if the forms were printed before.
    fn text(&self, again: bool) -> String {
        let [kind, default, meaning] = &self.row;
        let owners = self.owners.join(", ");
        let mut out = format!("{} · setting of {owners}\n\n", self.name);
        if !meaning.is_empty() {
            let _ = writeln!(out, "{}", super::markdown::rendered(meaning));
        }
        let _ = writeln!(out, "Type: {kind}. Default: {default}");
        match self.forms.as_str() {
            "" => {}
            _ if again => out.push_str("Its forms are those above.\n"),
            forms => out.push_str(&format!("\n{forms}")),
        }
        out.trim_end().to_owned() + "\n"
    }
}

/// The keys with this name that a suite reads without a schema. Tables are explained separately.
fn plain_keys(name: &str) -> Vec<String> {
    let tables = TABLES.iter().filter(|table| !table.keys.is_empty());
    let found = tables.flat_map(|table| {
        let keys = table.keys.iter().filter(|(key, _)| bare(key) == bare(name));
        keys.map(|(key, meaning)| (*key, *meaning, table.written))
    });
    found
        .filter(|(key, ..)| TABLES.iter().all(|table| table.name != *key))
        .map(|(key, meaning, written)| {
            let meaning = super::markdown::rendered(meaning);
            format!("{key} · key of {written}\n\n{meaning}\n")
        })
        .collect()
}

/// All items with a settings schema: the suite's own tables, and everything registered.
fn owners() -> Vec<(String, Json)> {
    let own = TABLES
        .iter()
        .filter_map(|table| Some((table.written.to_owned(), table.schema?())));
    let entries = registry::entries();
    let registered = entries.iter().map(|entry| {
        let owner = format!("{} `{}`", entry.kind, entry.name);
        (owner, Json::from((entry.schema)()))
    });
    own.chain(registered).collect()
}

/// Appends the settings called `name` of a table, including those of tables in its lists: name, row and forms.
fn search(
    root: &Json,
    schema: &Json,
    within: &str,
    name: &str,
    found: &mut Vec<(String, [String; 3], String)>,
) {
    let properties = schema.get("properties").and_then(Json::as_object);
    for (key, property) in properties.into_iter().flatten() {
        let full = format!("{within}{key}");
        let resolved = settings::resolve(root, property);
        let inside = forms::keys(root, resolved);
        if [&full, key].iter().any(|own| bare(own) == bare(name))
            || inside
                .iter()
                .any(|inner| bare(inner) == bare(name) || bare(&format!("{full}.{inner}")) == bare(name))
        {
            let [_, kind, default, meaning] = settings::row(root, schema, key, property, "");
            found.push((
                full.clone(),
                [kind, default, meaning],
                forms::described(root, property),
            ));
        }
        if let Some(items) = resolved.get("items") {
            search(
                root,
                settings::resolve(root, items),
                &format!("{full}."),
                name,
                found,
            );
        }
    }
}

/// Names of all tables and settings.
pub(super) fn known() -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for table in &TABLES {
        known.push(table.name.into());
        known.extend(table.keys.iter().map(|(key, _)| (*key).to_owned()));
    }
    for (_, schema) in owners() {
        collect(&schema, &schema, &mut known);
    }
    known
}

fn collect(root: &Json, schema: &Json, known: &mut Vec<String>) {
    let properties = schema.get("properties").and_then(Json::as_object);
    for (key, property) in properties.into_iter().flatten() {
        known.push(key.clone());
        let resolved = settings::resolve(root, property);
        known.extend(forms::keys(root, resolved).into_iter().map(String::from));
        if let Some(items) = resolved.get("items") {
            collect(root, settings::resolve(root, items), known);
        }
    }
}
