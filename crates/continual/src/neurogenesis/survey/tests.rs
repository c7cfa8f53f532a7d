use super::*;

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
    let survey = Survey {
        errors: vec![0.5, 0.6, 0.1, 0.7, 0.6],
    };
    assert_eq!(survey.above(0.6), [3]);
    assert_eq!(survey.above(0.0), [0, 1, 2, 3, 4]);
}
