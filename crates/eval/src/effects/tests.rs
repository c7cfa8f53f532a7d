use super::*;
use crate::comparison::{Role, Scoring};
use crate::statistics::Untested;
use crate::suite::tests_support::suite_of;
use dentate_core::metrics::mean_matrix;
use dentate_core::record::Level;

/// A full design of two factors. By hand, with cells (first, first) 1, (first, second) 2, (second, first) 4 and (second, second)
/// 9: main effects 6.5 − 1.5 = 5 and 5.5 − 2.5 = 3, interaction (9 − 4 − (2 − 1)) / 2 = 2. Each seed adds a number of its own.
fn design() -> (Suite, StreamComparison) {
    let mut suite = suite_of(&[]);
    let plain = suite.manifest.methods[0].clone();
    let cells = [
        (false, false, 1.0),
        (false, true, 2.0),
        (true, false, 4.0),
        (true, true, 9.0),
    ];
    let level = |factor: &str, second: bool| Level {
        factor: factor.into(),
        name: if second { "on" } else { "off" }.into(),
        second,
    };
    let mut rows = Vec::new();
    for (i, (a, b, value)) in cells.into_iter().enumerate() {
        let mut method = plain.clone();
        method.name = format!("cell-{i}");
        method.levels = vec![level("a", a), level("b", b)];
        suite.manifest.methods.push(method);
        let values = (0..3u64).map(|seed| (seed, value + seed as f64)).collect();
        rows.push(row(i + 1, values));
    }
    // The control is not a cell, whatever its results.
    rows.push(row(0, [(0, 100.0), (1, 7.0)].into()));
    let comparison = StreamComparison {
        stream: 0,
        rank_by: None,
        scoring: Scoring::Accuracy,
        rows,
        lead: None,
    };
    (suite, comparison)
}

fn row(method: usize, values: BTreeMap<u64, f64>) -> MethodRow {
    MethodRow {
        method,
        role: Role::Contender,
        runs: Vec::new(),
        finished: 3,
        values: [(Metric::AVERAGE_ACCURACY, values)].into(),
        estimates: BTreeMap::new(),
        steps: BTreeMap::new(),
        held: BTreeMap::new(),
        others: BTreeMap::new(),
        against_control: None,
        against_twins: BTreeMap::new(),
        matrix: mean_matrix(&[]),
    }
}

fn means(suite: &Suite, c: &StreamComparison) -> Vec<(String, f64, usize)> {
    let effects = effects(suite, c, Metric::AVERAGE_ACCURACY);
    let of = |e: &Effect| (e.name(), e.paired.difference.mean, e.paired.difference.n);
    effects.iter().map(of).collect()
}

#[test]
fn effects_are_what_they_are_by_hand() {
    let (suite, c) = design();
    let wanted = [("a", 5.0, 3), ("b", 3.0, 3), ("a × b", 2.0, 3)].map(|(n, m, k)| (n.to_string(), m, k));
    assert_eq!(means(&suite, &c), wanted);
    let all = of_metrics(&suite, &c);
    assert_eq!(all.len(), 1, "nothing was forgotten and no size recorded");
    assert_eq!(all[0].1[0].levels, Some(("on".into(), "off".into())));
}

/// Equal effects on every seed, as here, have no spread to test against, and three seeds are too few.
#[test]
fn effects_without_spread_or_seeds_have_no_verdict() {
    let (suite, mut c) = design();
    let all = |c: &StreamComparison| effects(&suite, c, Metric::AVERAGE_ACCURACY);
    assert!(
        all(&c)
            .iter()
            .all(|e| e.adjusted.is_none() && !e.excludes_nothing())
    );
    assert_eq!(all(&c)[0].paired.p, Err(Untested::TooFewSeeds));
    for (row, value) in c.rows.iter_mut().zip([1.0, 2.0, 4.0, 9.0]) {
        let values = (0..6u64).map(|seed| (seed, value + seed as f64)).collect();
        row.values.insert(Metric::AVERAGE_ACCURACY, values);
    }
    assert_eq!(all(&c)[0].paired.p, Err(Untested::NoSpread));
    assert!(all(&c).iter().all(|e| e.adjusted.is_none()));
}

/// A seed of which a cell is missing would mix effects.
#[test]
fn a_seed_with_a_hole_does_not_count() {
    let (suite, mut c) = design();
    c.rows[2]
        .values
        .get_mut(&Metric::AVERAGE_ACCURACY)
        .unwrap()
        .remove(&1);
    assert_eq!(means(&suite, &c)[0], ("a".into(), 5.0, 2));
    c.rows.remove(2);
    assert!(means(&suite, &c).is_empty(), "a whole cell is missing");
}

#[test]
fn without_a_design_there_are_no_effects() {
    let (mut suite, c) = design();
    suite.manifest.methods.iter_mut().for_each(|m| m.levels.clear());
    assert!(of_metrics(&suite, &c).is_empty());
}

/// Fractions by hand: the last factor is the product of the others, so the shortest constant product has all of them.
#[test]
fn a_fraction_is_called_by_its_resolution() {
    let of = |factors: u32, fraction: bool| {
        let mut suite = suite_of(&[]);
        let plain = suite.manifest.methods[0].clone();
        let free = if fraction { factors - 1 } else { factors };
        for cell in 0..1_u32 << free {
            let last = cell.count_ones() % 2 == 1;
            let second = |k: u32| if k < free { cell >> k & 1 == 1 } else { last };
            let mut method = plain.clone();
            method.levels = (0..factors)
                .map(|k| Level {
                    factor: k.to_string(),
                    name: String::new(),
                    second: second(k),
                })
                .collect();
            suite.manifest.methods.push(method);
        }
        super::design(&suite).unwrap()
    };
    assert_eq!(
        of(2, false),
        "The design is full: 2 factors at two levels, all 4 combinations."
    );
    assert!(of(5, true).starts_with(
        "The design is a fraction: 5 factors at two levels, 16 of 32 combinations; resolution V"
    ));
    assert!(of(4, true).contains("resolution IV"));
    assert!(of(3, true).contains("main effects are confounded"));
    assert!(super::design(&suite_of(&[])).is_none());
}
