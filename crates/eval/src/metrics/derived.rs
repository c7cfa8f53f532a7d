//! Metrics that are computed by a function from frames to a frame, and their registration.

use super::Metric;
use crate::frames::Frames;
use polars::prelude::*;
use thiserror::Error;

/// A function from the frames of a suite to one with the columns `run` (`u32`, as in [`Frames::runs`]) and `value`. Runs that it leaves out,
/// and values that are null or not finite, have no such metric.
pub type Compute = fn(&Frames) -> PolarsResult<DataFrame>;

/// A metric with its function, registered by [`register!`](crate::register).
#[derive(Clone, Copy, Debug)]
pub struct Derived {
    /// The metric.
    pub metric: Metric,
    /// The function.
    pub compute: Compute,
    /// The package that contains it.
    pub package: &'static str,
}

inventory::collect!(Derived);

/// A derived metric whose name is not its own.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the metric `{name}` of package `{package}` has the name of {other}; rename it")]
pub struct DerivedNameError {
    name: &'static str,
    package: &'static str,
    other: String,
}

/// All derived metrics, those of the framework and of plugins that are linked in, by name.
#[must_use]
pub fn all_derived() -> Vec<Derived> {
    let mut all: Vec<Derived> = inventory::iter::<Derived>().copied().collect();
    all.sort_by_key(|derived| (derived.metric, derived.package));
    all
}

/// Refuses a metric with the name of another, of a metric of the framework that is not its own, or of a record.
///
/// # Errors
/// [`DerivedNameError`].
pub fn check_derived(all: &[Derived]) -> Result<(), DerivedNameError> {
    let refused = |derived: &Derived, other: String| {
        Err(DerivedNameError {
            name: derived.metric.name(),
            package: derived.package,
            other,
        })
    };
    for (i, derived) in all.iter().enumerate() {
        let name = derived.metric.name();
        if let Some(earlier) = all[..i].iter().find(|earlier| earlier.metric == derived.metric) {
            return refused(derived, format!("one of package `{}`", earlier.package));
        }
        if derived.package == env!("CARGO_PKG_NAME") {
            continue;
        }
        if Metric::named(name).is_some() {
            return refused(derived, "one of the framework".into());
        }
        if dentate_core::record::known(name).is_some() {
            return refused(derived, "a record".into());
        }
    }
    Ok(())
}

/// Registers a derived metric: its declaration, and a function from frames to a frame ([`Compute`](crate::metrics::Compute)).
///
/// ```
/// use dentate_eval::prelude::*;
///
/// /// The number of records of the loss.
/// fn looks(frames: &Frames) -> PolarsResult<DataFrame> {
///     group::count(&frames.records("loss")?, &["run"], "value")
/// }
///
/// dentate_eval::register!(
///     metric,
///     "looks",
///     title = "looks at the loss",
///     unit = count,
///     better = neither,
///     formula = "Records of the loss.",
///     source = "this page",
///     records = ["loss"],
///     compute = looks,
/// );
/// ```
///
/// `unit` is one of percent, points, fall, ratio, count, operations, bytes, error and number; `better` higher, lower or neither; `records`
/// are the names of the records that it is computed from.
#[macro_export]
macro_rules! register {
    (
        metric, $name:literal, title = $title:expr, unit = $unit:ident, better = $better:ident, formula = $formula:expr,
        source = $source:expr, records = [$($record:expr),* $(,)?], compute = $compute:expr $(,)?
    ) => {
        const _: () = {
            use $crate::__private as private;
            static INFO: private::MetricInfo = private::MetricInfo {
                name: $name,
                title: $title,
                unit: private::__metric!(@unit $unit),
                better: private::__metric!(@better $better),
                formula: $formula,
                source: $source,
                records: &[$($record),*],
                ..private::MetricInfo::PLAIN
            };
            private::inventory::submit! {
                $crate::metrics::Derived {
                    metric: $crate::metrics::Metric::declared(&INFO),
                    compute: $compute,
                    package: ::core::env!("CARGO_PKG_NAME"),
                }
            }
        };
    };
}

/// Registers the function of a metric that the framework declares.
macro_rules! derived {
    ($metric:ident, $compute:expr) => {
        inventory::submit! {
            $crate::metrics::Derived {
                metric: $crate::metrics::Metric::$metric,
                compute: $compute,
                package: env!("CARGO_PKG_NAME"),
            }
        }
    };
}
pub(super) use derived;

#[cfg(test)]
mod tests;
