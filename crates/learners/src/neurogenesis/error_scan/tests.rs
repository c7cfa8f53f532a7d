use super::*;
use dentate_core::{DataId, TaskId};

#[test]
fn percentiles_lie_between_ranks() {
    let values = [5.0, 1.0, 3.0, 2.0, 4.0];
    for (percent, wanted) in [(0.0, 1.0), (100.0, 5.0), (50.0, 3.0), (98.5, 4.94), (10.0, 1.4)] {
        assert!((percentile(&values, percent) - wanted).abs() < 1e-6, "{percent}");
    }
    assert_eq!((percentile(&[7.0], 98.5), percentile(&[], 98.5)), (7.0, 0.0));
}

#[test]
fn outliers_lie_above_the_threshold_and_not_on_it() {
    let error_scan = Survey {
        errors: vec![0.5, 0.6, 0.1, 0.7, 0.6],
    };
    assert_eq!(error_scan.above(0.6), [3]);
    assert_eq!(error_scan.above(0.0), [0, 1, 2, 3, 4]);
}

#[test]
fn some_rows_are_drawn_once_each_and_anew_by_each_seed() {
    let rows: Vec<Row> = (0..40).map(|i| (DataId(3), TaskId(0), i)).collect();
    for most in [0, 40, 41] {
        assert_eq!(drawn(rows.clone(), most, Seed(1)), rows);
    }
    let mut some = drawn(rows.clone(), 15, Seed(1));
    assert_eq!(some, drawn(rows.clone(), 15, Seed(1)));
    assert_ne!(some, drawn(rows.clone(), 15, Seed(2)));
    some.sort_unstable();
    some.dedup();
    assert_eq!(some.len(), 15);
}

#[test]
fn outliers_of_some_stand_for_those_of_all() {
    for (outliers, surveyed, all, wanted) in [
        (3, 10, 100, 30),
        (1, 3, 10, 3),
        (2, 3, 10, 7),
        (7, 7, 7, 7),
        (0, 0, 9, 0),
    ] {
        assert_eq!(extrapolated(outliers, surveyed, all), wanted);
    }
}
