//! The registry of everything that a suite can name, collected at link time.
//!
//! `inventory` collects entries from every linked crate; their order differs between builds, so listings are sorted.
//! `typetag` would detect a duplicate name only on use, so [`check`] refuses it at start.

use schemars::{Schema, json_schema};
use std::fmt;
use thiserror::Error;

mod register;

/// The kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A growth strategy.
    Strategy,
    /// A learner, with or without gradients.
    Learner,
    /// A stream.
    Stream,
    /// A data set or generator.
    Data,
    /// A mechanism: an addition to training for continual learning.
    Mechanism,
    /// A buffer: the choice of rows that a mechanism keeps.
    Buffer,
    /// A part of a composed strategy: the time of growth.
    Trigger,
    /// A part: the place of growth.
    Placement,
    /// A part: the initial weights of new units.
    Initializer,
    /// A part: the selection of new units that survive.
    Survival,
    /// A part: a factor on growth and survival.
    Modulation,
}

impl Kind {
    /// All kinds, in listing order.
    pub const ALL: [Self; 11] = [
        Self::Strategy,
        Self::Trigger,
        Self::Placement,
        Self::Initializer,
        Self::Survival,
        Self::Modulation,
        Self::Learner,
        Self::Mechanism,
        Self::Buffer,
        Self::Stream,
        Self::Data,
    ];

    /// Kebab-case name, singular.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strategy => "strategy",
            Self::Learner => "learner",
            Self::Stream => "stream",
            Self::Data => "data",
            Self::Mechanism => "mechanism",
            Self::Buffer => "buffer",
            Self::Trigger => "trigger",
            Self::Placement => "placement",
            Self::Initializer => "initializer",
            Self::Survival => "survival",
            Self::Modulation => "modulation",
        }
    }

    /// The plural heading of a listing.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Strategy => "strategies",
            Self::Learner => "learners",
            Self::Stream => "streams",
            Self::Data => "data",
            Self::Mechanism => "mechanisms",
            Self::Buffer => "buffers",
            Self::Trigger => "triggers",
            Self::Placement => "placements",
            Self::Initializer => "initializers",
            Self::Survival => "survival",
            Self::Modulation => "modulation",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An entry of the registry, made by `register!`.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Its kind.
    pub kind: Kind,
    /// Its kebab-case name: the TOML tag.
    pub name: &'static str,
    /// A summary in one line.
    pub summary: &'static str,
    /// Its source: a citation, or "this project".
    pub citation: &'static str,
    /// The package that contains it; its sources are part of a run's id.
    pub package: &'static str,
    /// The JSON schema of its configuration.
    pub schema: fn() -> Schema,
    /// The text of its source file, whose `//!` lines document what it computes; empty if not given.
    pub source: &'static str,
}

impl Entry {
    /// The documentation of its module: the leading `//!` lines of its source.
    #[must_use]
    pub fn documentation(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

inventory::collect!(Entry);

/// Two entries have the same name.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error(
    "two {kind} entries are called `{name}`: one in package `{first}`, one in `{second}`; rename one of them"
)]
pub struct DuplicateName {
    kind: Kind,
    name: &'static str,
    first: &'static str,
    second: &'static str,
}

/// All linked entries, sorted by kind and name.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let mut all: Vec<Entry> = inventory::iter::<Entry>().copied().collect();
    all.sort_by_key(|e| (e.kind, e.name, e.package));
    all
}

/// A listing of entries by kind, as `dentate list` shows it.
#[must_use]
pub fn listing(entries: &[Entry]) -> String {
    let width = entries.iter().map(|e| e.name.len()).max().unwrap_or(0);
    let of = |kind: Kind| {
        let entries = entries.iter().filter(move |e| e.kind == kind);
        let lines = entries.map(
            move |Entry {
                      name,
                      summary,
                      citation,
                      ..
                  }| { format!("  {name:width$}  {summary}\n  {:width$}  {citation}\n", "") },
        );
        format!("{}\n{}\n", kind.plural(), lines.collect::<String>())
    };
    Kind::ALL.map(of).concat()
}

/// The schema of a table whose `tag` names an entry of a kind; `x-registry` refers to the schema of the rest.
#[must_use]
pub fn named(kind: Kind, tag: &str) -> Schema {
    let all = entries();
    let names: Vec<&str> = all.iter().filter(|e| e.kind == kind).map(|e| e.name).collect();
    json_schema!({
        "type": "object",
        "x-registry": kind.name(),
        "required": [tag],
        "properties": { tag: { "type": "string", "enum": names } },
    })
}

/// The entry with this kind and name.
#[must_use]
pub fn find(kind: Kind, name: &str) -> Option<Entry> {
    entries().into_iter().find(|e| e.kind == kind && e.name == name)
}

/// Refuses two entries of one kind and name.
///
/// # Errors
/// [`DuplicateName`], naming both packages.
pub fn check(entries: &[Entry]) -> Result<(), DuplicateName> {
    match entries
        .windows(2)
        .find(|w| w[0].kind == w[1].kind && w[0].name == w[1].name)
    {
        None => Ok(()),
        Some(w) => Err(DuplicateName {
            kind: w[0].kind,
            name: w[0].name,
            first: w[0].package,
            second: w[1].package,
        }),
    }
}

/// The candidate nearest to `given` in spelling, if it is near enough to be a correction.
#[must_use]
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|c| (strsim::jaro_winkler(given, c), c))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests;
