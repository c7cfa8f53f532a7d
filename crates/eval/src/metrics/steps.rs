//! The smallest possible changes of accuracy measures: an accuracy is a number of rows over all rows, so it cannot resolve less
//! than one row.

use super::Metric;
use dentate_core::metrics::Step;
use std::collections::BTreeMap;

/// The change of each measure when one more row is correct, from the number of rows that each task is evaluated on, at the ends of
/// experiences and within them; for tasks of unequal size the mean. Empty if no task states its number.
pub(super) fn steps(
    tasks: usize,
    rows: &BTreeMap<usize, f64>,
    within: &BTreeMap<usize, f64>,
) -> BTreeMap<Metric, f64> {
    let Some(at_ends) = one_row(rows) else {
        return BTreeMap::new();
    };
    // A minimum is over both, and most of its values are of the fewer rows.
    let within = one_row(within).unwrap_or(at_ends);
    let step = |metric: Metric| {
        let (one, over) = match metric.info().step {
            Step::Unknown => return None,
            Step::Tasks => (at_ends, tasks),
            Step::TasksSquared => (at_ends, tasks * tasks),
            Step::FifthOfTasks => (at_ends, tasks / 5),
            Step::EarlierTasks => (at_ends, tasks.saturating_sub(1)),
            Step::EarlierTasksWithin => (within, tasks.saturating_sub(1)),
            Step::TasksWithin => (within, tasks),
        };
        Some((metric, one / over.max(1) as f64))
    };
    Metric::all().filter_map(step).collect()
}

/// The mean over tasks of the share that one row has.
fn one_row(rows: &BTreeMap<usize, f64>) -> Option<f64> {
    let known: Vec<f64> = rows.values().copied().filter(|n| *n >= 1.0).collect();
    let one = known.iter().map(|n| n.recip()).sum::<f64>() / known.len() as f64;
    one.is_finite().then_some(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_one_row_of_one_task() {
        // Five tasks of 20 rows: one row is 1/20 of a task and 1/100 of their mean.
        let of = |rows: f64| (0..5).map(|task| (task, rows)).collect();
        let none = BTreeMap::new();
        let all = steps(5, &of(20.0), &none);
        let near =
            |all: &BTreeMap<Metric, f64>, metric: Metric, step: f64| (all[&metric] - step).abs() < 1e-12;
        assert!(near(&all, Metric::AVERAGE_ACCURACY, 0.01) && near(&all, Metric::LEARNING_ACCURACY, 0.01));
        assert!(near(&all, Metric::ANYTIME_ACCURACY, 0.002));
        assert!(near(&all, Metric::FORGETTING, 0.0125) && near(&all, Metric::FORWARD_TRANSFER, 0.0125));
        assert!(near(&all, Metric::MIN_ACCURACY, 0.0125));
        // Within experiences only 10 of them are looked at.
        let all = steps(5, &of(20.0), &of(10.0));
        assert!(near(&all, Metric::MIN_ACCURACY, 0.025) && near(&all, Metric::WORST_CASE_ACCURACY, 0.02));
        assert!(near(&all, Metric::FORGETTING, 0.0125));
        assert!(steps(5, &none, &none).is_empty());
        assert!(steps(5, &BTreeMap::from([(0, 0.0)]), &none).is_empty());
    }
}
