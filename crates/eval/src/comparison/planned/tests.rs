use crate::comparison::StreamComparison;
use crate::pairs::pairs;
use crate::suite::tests_support::{compared, suite_of_values};
use dentate_core::record::TwinEntry;

const FIRST: [f64; 6] = [0.80, 0.82, 0.81, 0.83, 0.80, 0.82];
const GROWN: [f64; 6] = [0.81, 0.86, 0.84, 0.84, 0.81, 0.88];
const TWIN: [f64; 6] = [0.80, 0.83, 0.82, 0.81, 0.80, 0.85];
const OTHER: [f64; 6] = [0.70, 0.84, 0.72, 0.83, 0.73, 0.85];

/// The first size `m0`, a growing method `m1`, its twin `m2` and others.
fn with_twin(control: Option<&str>, grown: &str) -> StreamComparison {
    let methods = [&FIRST, &GROWN, &TWIN, &OTHER].map(|seeds| seeds.to_vec());
    let mut suite = suite_of_values(&[methods.to_vec()], 1000);
    suite.manifest.control = control.map(str::to_owned);
    suite.manifest.methods[2].twin = Some(TwinEntry {
        of: grown.into(),
        budget: "final-parameters".into(),
    });
    compared(&suite).remove(0)
}

fn place(c: &StreamComparison, method: usize) -> usize {
    c.rows.iter().position(|row| row.method == method).unwrap()
}

/// Three methods against the control and one against its twin: each p is Holm's over these four, and not over all six pairs.
#[test]
fn twins_and_the_control_are_one_family() {
    let c = with_twin(Some("m0"), "m1");
    assert_eq!(c.planned(), 4);
    let [control, grown, twin, other] = [0, 1, 2, 3].map(|method| place(&c, method));
    let planned = [(grown, control), (twin, control), (other, control), (grown, twin)];
    let found = planned.map(|(one, other)| c.planned_between(one, other).unwrap());
    let p: Vec<f64> = found.iter().map(|v| v.paired.p.unwrap()).collect();
    for (i, verdict) in found.iter().enumerate() {
        // By its definition: the largest of p times the number of those at least as large, over all that are at most as large.
        let wanted = p.iter().filter(|q| **q <= p[i]).map(|q| {
            let left = p.iter().filter(|other| *other >= q).count();
            (q * left as f64).min(1.0)
        });
        let wanted = wanted.fold(0.0, f64::max);
        assert!((verdict.adjusted.unwrap() - wanted).abs() < 1e-15, "{i}");
        assert_eq!(verdict.significant, wanted < 0.05);
    }
    // From the other side the difference is turned round, and what is not planned has no verdict.
    let back = c.planned_between(twin, grown).unwrap();
    assert_eq!(back.paired.difference.mean, -found[3].paired.difference.mean);
    assert_eq!(back.adjusted, found[3].adjusted);
    assert!(c.planned_between(grown, other).is_none());
    // All pairs say the same of what is planned.
    for pair in pairs(&c) {
        if let Some(verdict) = c.planned_between(pair.one, pair.other) {
            assert_eq!(pair.significant, verdict.significant);
        }
    }
}

#[test]
fn without_a_control_twins_are_the_family() {
    let c = with_twin(None, "m1");
    assert_eq!(c.planned(), 1);
    let verdict = c.planned_between(place(&c, 1), place(&c, 2)).unwrap();
    assert_eq!(verdict.adjusted, verdict.paired.p.ok());
}

/// The twin of the control is compared with it once.
#[test]
fn a_control_that_grows_meets_its_twin_once() {
    let c = with_twin(Some("m1"), "m1");
    assert_eq!(c.planned(), 3);
    let [grown, twin] = [1, 2].map(|method| place(&c, method));
    let there = c.planned_between(grown, twin).unwrap();
    assert!(there.paired.difference.mean > 0.0 && there.adjusted.is_some());
    let against = c.rows[twin].against_control.unwrap();
    assert_eq!(there.paired.difference.mean, -against.paired.difference.mean);
}
