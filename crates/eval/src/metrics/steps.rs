//! The smallest possible changes of accuracy measures: an accuracy is a number of rows over all rows, so it cannot resolve less
//! than one row.

use super::Metric;
use std::collections::BTreeMap;

/// The change of each measure when one more row is correct, from the number of test rows of each task; for tasks of unequal
/// size the mean. Empty if no task states its number.
pub(super) fn steps(tasks: usize, rows: &BTreeMap<usize, f64>) -> BTreeMap<Metric, f64> {
    let known: Vec<f64> = rows.values().copied().filter(|n| *n >= 1.0).collect();
    let one = known.iter().map(|n| n.recip()).sum::<f64>() / known.len() as f64;
    if !one.is_finite() {
        return BTreeMap::new();
    }
    let over = |tasks: usize| one / tasks.max(1) as f64;
    BTreeMap::from([
        (Metric::AverageAccuracy, over(tasks)),
        (Metric::LearningAccuracy, over(tasks)),
        (Metric::AnytimeAccuracy, over(tasks * tasks)),
        (Metric::LearningTrend, over(tasks / 5)),
        (Metric::Forgetting, over(tasks.saturating_sub(1))),
        (Metric::BackwardTransfer, over(tasks.saturating_sub(1))),
        (Metric::ForwardTransfer, over(tasks.saturating_sub(1))),
        (Metric::OneStepTransfer, over(tasks.saturating_sub(1))),
        (Metric::MinAccuracy, over(tasks.saturating_sub(1))),
        (Metric::WorstCaseAccuracy, over(tasks)),
        (Metric::Intransigence, over(tasks)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_one_row_of_one_task() {
        // Five tasks of 20 rows: one row is 1/20 of a task and 1/100 of their mean.
        let all = steps(5, &(0..5).map(|task| (task, 20.0)).collect());
        let near = |metric: Metric, step: f64| (all[&metric] - step).abs() < 1e-12;
        assert!(near(Metric::AverageAccuracy, 0.01) && near(Metric::LearningAccuracy, 0.01));
        assert!(near(Metric::AnytimeAccuracy, 0.002));
        assert!(near(Metric::Forgetting, 0.0125) && near(Metric::ForwardTransfer, 0.0125));
        assert!(steps(5, &BTreeMap::new()).is_empty());
        assert!(steps(5, &BTreeMap::from([(0, 0.0)])).is_empty());
    }
}
