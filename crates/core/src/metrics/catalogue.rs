//! The metrics of the framework, each declared once: name, title, unit, direction, formula, source, and where it is used.
//!
//! One more metric is one more declaration here, and, unless it only sums up one record, a function in `dentate-eval`.

use super::info::{Metric, MetricInfo, Ranked, Step, Table};
use crate::record::{Aggregate, Direction, Unit};

mod accuracy;
mod cost;
mod maps;
mod problems;
mod units;

/// Declares metrics: a constant of [`Metric`] for each, and the list of all.
macro_rules! declare {
    ($list:ident: $($(#[$doc:meta])* $key:ident { $($field:ident: $value:expr,)* })*) => {
        impl Metric {
            $(
                $(#[$doc])*
                pub const $key: Self = Self::declared(&MetricInfo { $($field: $value,)* ..MetricInfo::PLAIN });
            )*
        }

        pub(super) const $list: &[Metric] = &[$(Metric::$key),*];
    };
}
use declare;

impl Metric {
    /// Every metric of the framework, in the order of the tables.
    pub fn all() -> impl Iterator<Item = Self> {
        let parts = [
            accuracy::ACCURACIES,
            cost::COSTS,
            problems::PROBLEMS,
            maps::MAPS,
            units::UNITS,
        ];
        parts.into_iter().flatten().copied()
    }

    /// The metrics of one table, in its order.
    pub fn in_table(table: Table) -> impl Iterator<Item = Self> {
        Self::all().filter(move |metric| metric.table() == table)
    }

    /// The metric of the framework with this kebab-case name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|metric| metric.name() == name)
    }
}
