use super::*;
use proptest::prelude::*;
use rand::Rng;

/// The same rows in another order and in other batches.
fn holds<R: Rule>(
    rule: &R,
    seed: u64,
    rows: usize,
    features: usize,
    classes: u32,
) -> Result<(), TestCaseError> {
    let (all, labels) = blobs(seed, rows, features, classes);
    let all = match rule.projection(features, Seed(seed)) {
        Some(projection) => all.dot(&projection).mapv(|v| v.max(0.0)),
        None => all,
    };
    let mut random = Seed(seed).derive("order").random();
    let mut order: Vec<usize> = (0..rows).collect();
    order.shuffle(&mut random);
    let turned: Vec<u32> = order.iter().map(|&i| labels[i]).collect();
    let mut ends: Vec<usize> = (0..random.random_range(0..6))
        .map(|_| random.random_range(0..rows))
        .collect();
    ends.sort_unstable();
    let (probes, _) = blobs(seed + 1, 9, all.ncols(), classes);
    let once = learned(rule, &all, &labels, &[]);
    let pieces = learned(rule, &all.select(Axis(0), &order), &turned, &ends);
    let one_by_one: Vec<usize> = (1..rows).collect();
    let single = learned(rule, &all.select(Axis(0), &order), &turned, &one_by_one);
    for other in [pieces, single] {
        prop_assert_eq!(&other.labels, &once.labels);
        let apart = apart(&scores(&other, &probes), &scores(&once, &probes));
        prop_assert!(apart < 1e-7, "{rule:?}: {apart}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Neither the order of rows nor their batches matter, but for rounding.
    #[test]
    fn the_order_of_rows_does_not_matter(seed in 0u64..1000, rows in 1usize..60, features in 1usize..7, classes in 1u32..5) {
        for distance in [Distance::Euclidean, Distance::Cosine] {
            holds(&NearestClassMean { distance, ..NearestClassMean::default() }, seed, rows, features, classes)?;
        }
        for shrinkage in [1e-2, 0.5] {
            let rule = StreamingLinearDiscriminantAnalysis { shrinkage, ..StreamingLinearDiscriminantAnalysis::default() };
            holds(&rule, seed, rows, features, classes)?;
        }
        holds(&RanPac { width: 20, ridge: Some(0.5), ..RanPac::default() }, seed, rows, features, classes)?;
    }
}

/// Across blocks of columns and panels of the factor.
#[test]
fn wide_rows_are_as_narrow_ones() {
    holds(
        &RanPac {
            width: 300,
            ridge: Some(10.0),
            ..RanPac::default()
        },
        3,
        80,
        12,
        3,
    )
    .unwrap();
    let rule = StreamingLinearDiscriminantAnalysis {
        shrinkage: 0.1,
        ..StreamingLinearDiscriminantAnalysis::default()
    };
    holds(&rule, 4, 150, 140, 3).unwrap();
}

/// Scores lie below the best, unknown classes and those that do not compete at −∞, and what is no number changes nothing else.
#[test]
fn scores_say_which_is_best() {
    let rule = NearestClassMean::default();
    let readout = learned(
        &rule,
        &array![[0.0, 0.0], [1e7, 0.0], [1e7, 1.0]],
        &[0, 2, 3],
        &[],
    );
    let rows = array![
        [1e7, 0.4],
        [1e7, 0.6],
        [2.0, 0.0],
        [f64::NAN, 0.0],
        [f64::MAX, 0.0]
    ];
    let all = readout.scores(&rows, None, 5);
    let best = |scores: &Array2<f32>, row| dentate_core::Predictions::best(scores.row(row));
    assert_eq!(
        [0, 1, 2, 3].map(|row| best(&all, row)),
        [Some(2), Some(3), Some(0), Some(0)]
    );
    assert!(all.iter().all(|v| !v.is_nan() && *v <= 0.0));
    assert!(all.columns().into_iter().enumerate().all(|(c, column)| {
        let known = [0, 2, 3].contains(&c);
        column.iter().all(|v| known == v.is_finite())
    }));
    let asked = readout.scores(&rows, Some(&[0, 3, 4]), 5);
    assert_eq!(
        [0, 1, 2].map(|row| best(&asked, row)),
        [Some(3), Some(3), Some(0)]
    );
    assert_eq!((asked[(0, 3)], asked[(0, 2)]), (0.0, f32::NEG_INFINITY));
    assert!(readout.knows(None) && readout.knows(Some(&[1, 2])) && !readout.knows(Some(&[1])));
}
