//! Metrics that plugins record, declared with `register!(metric, …)`.
//!
//! A learner writes such a metric with [`MetricLog::note`](crate::MetricLog::note), a strategy, a part or a mechanism into
//! the [`Notes`](crate::Notes) of its call. The runner copies the declarations into the manifest, so the report knows them without the plugin.

use super::info::{Metric, MetricInfo};
use crate::record::{Aggregate, MetricEntry, known};
use thiserror::Error;

/// A registered declaration.
#[derive(Clone, Copy, Debug)]
pub struct RecordedMetric {
    /// The declaration; its one record has its own name.
    pub info: MetricInfo,
    /// The package that contains it.
    pub package: &'static str,
}

inventory::collect!(RecordedMetric);

/// A metric whose name is not its own.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MetricNameError {
    /// Two registered metrics.
    #[error(
        "two metrics are called `{name}`: one in package `{first}`, one in `{second}`; rename one of them"
    )]
    Twice {
        /// The name.
        name: &'static str,
        /// The package of the first.
        first: &'static str,
        /// The package of the second.
        second: &'static str,
    },
    /// A name that a manifest cannot have.
    #[error(
        "package `{package}` registers the metric {name:?}; a name has at most 64 letters, digits, dashes and dots"
    )]
    Unfit {
        /// The name.
        name: &'static str,
        /// The package.
        package: &'static str,
    },
    /// A metric or a record of the framework.
    #[error(
        "package `{package}` registers the metric `{name}`, and the framework has a metric or a record of that name; rename it"
    )]
    Taken {
        /// The name.
        name: &'static str,
        /// The package.
        package: &'static str,
    },
}

impl RecordedMetric {
    /// Its key.
    #[must_use]
    pub fn metric(&'static self) -> Metric {
        Metric::declared(&self.info)
    }

    /// Its declaration for a manifest.
    #[must_use]
    pub fn entry(&self) -> MetricEntry {
        MetricEntry {
            name: self.info.name.into(),
            title: self.info.title.into(),
            unit: self.info.unit,
            better: self.info.better,
            aggregate: self.info.aggregate.unwrap_or(Aggregate::Last),
            formula: self.info.formula.into(),
            source: self.info.source.into(),
        }
    }
}

/// All registered metrics, sorted by name.
#[must_use]
pub fn registered() -> Vec<&'static RecordedMetric> {
    let mut all: Vec<&RecordedMetric> = inventory::iter::<RecordedMetric>().collect();
    all.sort_by_key(|metric| (metric.info.name, metric.package));
    all
}

/// The registered metric with this name.
#[must_use]
pub fn find_registered(name: &str) -> Option<&'static RecordedMetric> {
    inventory::iter::<RecordedMetric>().find(|metric| metric.info.name == name)
}

/// Refuses two metrics of one name among `all`, which are sorted by it.
///
/// # Errors
/// [`MetricNameError`].
pub fn check_registered(all: &[&RecordedMetric]) -> Result<(), MetricNameError> {
    if let Some(pair) = all.windows(2).find(|pair| pair[0].info.name == pair[1].info.name) {
        return Err(MetricNameError::Twice {
            name: pair[0].info.name,
            first: pair[0].package,
            second: pair[1].package,
        });
    }
    if let Some(unfit) = all.iter().find(|metric| !MetricEntry::is_name(metric.info.name)) {
        return Err(MetricNameError::Unfit {
            name: unfit.info.name,
            package: unfit.package,
        });
    }
    let taken = |metric: &&&RecordedMetric| {
        let name = metric.info.name;
        Metric::named(name).is_some() || known(name).is_some()
    };
    match all.iter().find(taken) {
        None => Ok(()),
        Some(metric) => Err(MetricNameError::Taken {
            name: metric.info.name,
            package: metric.package,
        }),
    }
}

/// Declares a metric that a plugin records. See `register!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __metric {
    (
        $name:literal, title = $title:expr, unit = $unit:ident, better = $better:ident, aggregate = $aggregate:ident,
        formula = $formula:expr, source = $source:expr $(,)?
    ) => {
        $crate::__private::inventory::submit! {
            $crate::metrics::RecordedMetric {
                info: $crate::metrics::MetricInfo {
                    name: $name,
                    title: $title,
                    unit: $crate::__metric!(@unit $unit),
                    better: $crate::__metric!(@better $better),
                    formula: $formula,
                    source: $source,
                    records: &[$name],
                    aggregate: ::core::option::Option::Some($crate::__metric!(@aggregate $aggregate)),
                    ranked: $crate::metrics::Ranked::of_recorded($crate::__metric!(@better $better)),
                    ..$crate::metrics::MetricInfo::PLAIN
                },
                package: ::core::env!("CARGO_PKG_NAME"),
            }
        }
    };
    (@unit percent) => { $crate::metrics::Unit::Percent };
    (@unit points) => { $crate::metrics::Unit::Points };
    (@unit fall) => { $crate::metrics::Unit::Fall };
    (@unit ratio) => { $crate::metrics::Unit::Ratio };
    (@unit count) => { $crate::metrics::Unit::Count };
    (@unit operations) => { $crate::metrics::Unit::Operations };
    (@unit bytes) => { $crate::metrics::Unit::Bytes };
    (@unit error) => { $crate::metrics::Unit::Error };
    (@unit number) => { $crate::metrics::Unit::Number };
    (@better higher) => { ::core::option::Option::Some($crate::metrics::Direction::Higher) };
    (@better lower) => { ::core::option::Option::Some($crate::metrics::Direction::Lower) };
    (@better neither) => { ::core::option::Option::None };
    (@aggregate last) => { $crate::metrics::Aggregate::Last };
    (@aggregate mean) => { $crate::metrics::Aggregate::Mean };
    (@aggregate sum) => { $crate::metrics::Aggregate::Sum };
    (@aggregate max) => { $crate::metrics::Aggregate::Max };
    (@$what:ident $word:ident) => {
        ::core::compile_error!(::core::concat!(
            "`", ::core::stringify!($word), "` is no ", ::core::stringify!($what), " of a metric: a unit is percent, points, fall, ratio, \
             count, operations, bytes, error or number; better is higher, lower or neither; an aggregate is last, mean, sum or max"
        ))
    };
}

#[cfg(test)]
mod tests;
