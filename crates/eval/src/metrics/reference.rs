//! Measures against a stream's joint reference.

use super::{Measured, Metric};
use crate::suite::Suite;

/// The method whose runs a stream's others are measured against: the first in the suite's order that learned all tasks at once.
#[must_use]
pub(crate) fn joint(suite: &Suite, measured: &[Measured], stream: usize) -> Option<usize> {
    let runs = suite.runs.iter().zip(measured);
    let joint = runs.filter(|(run, m)| run.stream == stream && m.matrix.is_joint());
    joint.map(|(run, _)| run.method).min()
}

/// Enters the intransigence of every run whose stream has a joint reference with a run of the same seed.
pub(super) fn intransigence(suite: &Suite, measured: &mut [Measured]) {
    for stream in 0..suite.manifest.streams.len() {
        let Some(method) = joint(suite, measured, stream) else {
            continue;
        };
        let here = |method: Option<usize>| {
            let runs = suite.runs.iter().enumerate();
            runs.filter(move |(_, run)| run.stream == stream && method.is_none_or(|m| run.method == m))
        };
        let values: Vec<(usize, f64)> = here(None)
            .filter_map(|(i, run)| {
                let mut references = here(Some(method));
                let (reference, _) = references.find(|(_, other)| other.entry.seed == run.entry.seed)?;
                let value = measured[i].matrix.intransigence(&measured[reference].matrix)?;
                Some((i, value))
            })
            .collect();
        for (run, value) in values {
            measured[run].values.insert(Metric::Intransigence, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::frames::Frames;
    use crate::metrics::{Metric, measure};
    use crate::suite::tests_support::suite_of;

    #[test]
    fn a_run_is_measured_against_the_joint_one_of_its_seed() {
        let own = "accuracy,0,1,0,,0.9\naccuracy,0,1,1,,0.1\naccuracy,1,2,0,,0.5\naccuracy,1,2,1,,0.7\n";
        let joint = "accuracy,0,1,0,,0.95\naccuracy,0,1,1,,0.9\n";
        let mut suite = suite_of(&[own, own, joint]);
        let mut reference = suite.manifest.methods[0].clone();
        reference.name = "joint".into();
        suite.manifest.methods.push(reference);
        (suite.runs[2].method, suite.runs[2].entry.seed) = (1, 0);
        let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
        let value = measured[0].values[&Metric::Intransigence];
        assert!((value - (0.05 + 0.2) / 2.0).abs() < 1e-12, "{value}");
        // The second seed has no reference, and a reference is not measured against itself.
        assert!(!measured[1].values.contains_key(&Metric::Intransigence));
        assert!(!measured[2].values.contains_key(&Metric::Intransigence));
    }
}
