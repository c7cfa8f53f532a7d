//! The declaration of a metric, and the key that stands for it.

use crate::record::{Aggregate, Direction, MetricEntry, Unit};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// The declaration of a metric: everything that is said about it anywhere.
#[derive(Clone, Copy, Debug)]
pub struct MetricInfo {
    /// Its kebab-case name, unabbreviated, because the field has several quantities for most short names.
    pub name: &'static str,
    /// Its name in a sentence.
    pub title: &'static str,
    /// The format of its values.
    pub unit: Unit,
    /// The better direction, if there is one.
    pub better: Option<Direction>,
    /// A definition in one or two sentences with the formula.
    pub formula: &'static str,
    /// Its source: a citation; empty if it needs none.
    pub source: &'static str,
    /// The names of the records that it is computed from.
    pub records: &'static [&'static str],
    /// The aggregation of its one record's values, if nothing else computes the metric.
    pub aggregate: Option<Aggregate>,
    /// The conditions under which a suite may rank its methods by it.
    pub ranked: Ranked,
    /// Its smallest possible change.
    pub step: Step,
    /// The table of the report that shows it.
    pub table: Table,
}

impl MetricInfo {
    /// A declaration that says nothing, for those that leave something out.
    pub const PLAIN: Self = Self {
        name: "",
        title: "",
        unit: Unit::Number,
        better: None,
        formula: "",
        source: "",
        records: &[],
        aggregate: None,
        ranked: Ranked::Never,
        step: Step::Unknown,
        table: Table::Other,
    };
}

/// The conditions under which a suite may rank its methods by a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranked {
    /// It is not ranked by.
    Never,
    /// It needs no evaluation of other tasks than the one just learned.
    Always,
    /// It needs evaluations of all tasks (`tasks = "all"`).
    AllTasks,
    /// It needs these, and measurements between the ends of experiences (`every`).
    WithinExperiences,
    /// It needs these, and a method that learns all tasks of the stream at once.
    JointReference,
}

/// The smallest possible change of a metric: one row more or less that is classified correctly, by the mean that the row enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is no mean over rows, or not known.
    Unknown,
    /// A row of one task, in the mean over all tasks.
    Tasks,
    /// The same in the mean over tasks and experiences.
    TasksSquared,
    /// The same in the mean over a fifth of the tasks.
    FifthOfTasks,
    /// The same in the mean over all tasks but the last.
    EarlierTasks,
    /// The same over all tasks but the last, of the fewer rows that are evaluated within experiences.
    EarlierTasksWithin,
    /// The same over all tasks.
    TasksWithin,
}

/// A table of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// The results that methods are ranked by.
    Outcome,
    /// Forgetting and transfer.
    Transfer,
    /// Cost: size.
    Size,
    /// Cost: memory and effort.
    Cost,
    /// Maps.
    Maps,
    /// Hidden units.
    Plasticity,
    /// Metrics of plugins.
    Other,
    /// None of its own: only in the files, or in a table that is about something else.
    Nowhere,
}

/// A quantity of a run: a declaration, by which it is known everywhere. Two are equal if they have the same name.
#[derive(Clone, Copy)]
pub struct Metric(&'static MetricInfo);

impl Metric {
    /// The metric that a declaration is of.
    #[must_use]
    pub const fn declared(info: &'static MetricInfo) -> Self {
        Self(info)
    }

    /// The metric of a plugin that a manifest declares. Equal declarations give the same metric. It is kept as long as the program runs, so
    /// this is for the few declarations of suites that are reported on.
    #[must_use]
    pub fn of_manifest(entry: &MetricEntry) -> Self {
        static KNOWN: Mutex<BTreeMap<String, Vec<(MetricEntry, Metric)>>> = Mutex::new(BTreeMap::new());
        // A thread that ended in between has added a whole entry or none.
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let same = known.entry(entry.name.clone()).or_default();
        if let Some((_, metric)) = same.iter().find(|(own, _)| own == entry) {
            return *metric;
        }
        let kept = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        let name = kept(&entry.name);
        let info = MetricInfo {
            name,
            title: kept(&entry.title),
            unit: entry.unit,
            better: entry.better,
            formula: kept(&entry.formula),
            source: kept(&entry.source),
            records: Box::leak(Box::new([name])),
            aggregate: Some(entry.aggregate),
            ranked: Ranked::of_recorded(entry.better),
            ..MetricInfo::PLAIN
        };
        let metric = Self(Box::leak(Box::new(info)));
        same.push((entry.clone(), metric));
        metric
    }

    /// Its declaration.
    #[must_use]
    pub fn info(self) -> &'static MetricInfo {
        self.0
    }

    /// Its kebab-case name, as in the CSV files.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.0.title
    }

    /// The definition with its source.
    #[must_use]
    pub fn explanation(self) -> String {
        let MetricInfo { formula, source, .. } = self.0;
        if source.is_empty() {
            return (*formula).to_owned();
        }
        match formula.strip_suffix('.') {
            Some(formula) => format!("{formula} ({source})."),
            None => format!("{formula} ({source})"),
        }
    }

    /// The format of its values.
    #[must_use]
    pub fn unit(self) -> Unit {
        self.0.unit
    }

    /// The better direction, if there is one.
    #[must_use]
    pub fn direction(self) -> Option<Direction> {
        self.0.better
    }

    /// The table of the report that shows it.
    #[must_use]
    pub fn table(self) -> Table {
        self.0.table
    }
}

impl Ranked {
    /// The conditions for a metric that is recorded by a plugin.
    #[must_use]
    pub const fn of_recorded(better: Option<Direction>) -> Self {
        match better {
            Some(_) => Self::Always,
            None => Self::Never,
        }
    }
}

impl PartialEq for Metric {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Metric {}

impl PartialOrd for Metric {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The order of names.
impl Ord for Metric {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl Hash for Metric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Debug for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
