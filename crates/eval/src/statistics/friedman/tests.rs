use super::*;
use proptest::prelude::*;

fn rows() -> Vec<Vec<f64>> {
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
    ]
    .map(Vec::from)
    .into()
}

/// `scipy.stats.friedmanchisquare(*A.T)` and `scipy.stats.rankdata(-A, axis=1).mean(0)` of SciPy 1.17.1, with a tie in the last row.
#[test]
fn it_is_that_of_scipy() {
    let test = Friedman::of(&rows(), true).unwrap();
    assert!((test.statistic - 2.7966101694915255).abs() < 1e-9, "{test:?}");
    assert!((test.p - 0.4240582475652117).abs() < 1e-9, "{test:?}");
    let expected = [3.0, 23.0 / 12.0, 17.0 / 6.0, 2.25];
    for (rank, expected) in test.ranks.iter().zip(expected) {
        assert!((rank - expected).abs() < 1e-12, "{test:?}");
    }
    assert_eq!(test.order(), [1, 3, 2, 0]);
}

/// Demšar's example (2006, section 3.2.2): four methods on fourteen streams have a critical difference of 1.25.
#[test]
fn the_critical_difference_is_that_of_the_literature() {
    let many: Vec<Vec<f64>> = (0..14)
        .map(|i| (0..4).map(|j| f64::from((i * j + j) % 5)).collect())
        .collect();
    let test = Friedman::of(&many, true).unwrap();
    assert!((test.critical_difference - 1.25).abs() < 0.005, "{test:?}");
}

#[test]
fn groups_are_what_cannot_be_told_apart() {
    let of = |ranks: &[f64], critical_difference| {
        let test = Friedman {
            streams: 9,
            ranks: ranks.into(),
            statistic: 0.0,
            p: 0.5,
            critical_difference,
        };
        test.groups()
    };
    assert_eq!(of(&[1.0, 2.0, 3.0, 4.0], 1.5), [(0, 1), (1, 2), (2, 3)]);
    assert_eq!(of(&[4.0, 1.0, 1.2, 3.9], 1.0), [(0, 1), (2, 3)]);
    assert_eq!(of(&[1.0, 2.0, 3.0], 5.0), [(0, 2)]);
    assert!(of(&[1.0, 3.0], 1.0).is_empty());
}

#[test]
fn too_little_is_no_test() {
    assert_eq!(Friedman::of(&[], true), None);
    assert_eq!(Friedman::of(&rows()[..2], true), None);
    assert_eq!(Friedman::of(&[vec![1.0], vec![2.0], vec![3.0]], true), None);
    assert_eq!(
        Friedman::of(&[vec![1.0, f64::NAN], vec![1.0, 2.0], vec![1.0, 2.0]], true),
        None
    );
    let tied = Friedman::of(&[vec![0.5; 3], vec![0.7; 3], vec![0.1; 3]], false).unwrap();
    assert_eq!(
        (tied.statistic, tied.p, &tied.ranks[..]),
        (0.0, 1.0, &[2.0; 3][..])
    );
}

proptest! {
    #[test]
    fn ranks_add_up_and_turn_around(rows in prop::collection::vec(prop::collection::vec(0..4_u8, 5), 3..8)) {
        let rows: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|v| f64::from(*v)).collect()).collect();
        let (up, down) = (Friedman::of(&rows, true).unwrap(), Friedman::of(&rows, false).unwrap());
        prop_assert!((up.ranks.iter().sum::<f64>() - 15.0).abs() < 1e-9);
        for (a, b) in up.ranks.iter().zip(&down.ranks) {
            prop_assert!((a + b - 6.0).abs() < 1e-9);
        }
        prop_assert!((up.statistic - down.statistic).abs() < 1e-9);
        prop_assert!((0.0..=1.0).contains(&up.p));
    }
}
