use super::*;

/// `scipy.stats.ttest_ind(a, b, equal_var=False)` of SciPy 1.16, with its confidence interval.
#[test]
fn it_agrees_with_scipy() {
    let welch = Welch::of(
        &[0.91, 0.93, 0.92, 0.90, 0.95],
        &[0.88, 0.90, 0.89, 0.91, 0.86, 0.87],
        0.0,
    );
    let welch = welch.unwrap();
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    near(welch.p.unwrap(), 0.011_285_189);
    near(welch.freedom.unwrap(), 8.544_345_658);
    near(welch.difference - welch.half_width.unwrap(), 0.010_763_910);
    near(welch.difference + welch.half_width.unwrap(), 0.063_236_090);
}

#[test]
fn nothing_is_told_from_too_few_or_from_no_spread() {
    let p = |one: &[f64], other: &[f64], step| Welch::of(one, other, step).unwrap().p;
    let (five, six) = ([0.1, 0.2, 0.3, 0.4, 0.5], [0.9, 0.8, 0.7, 0.6, 0.9, 0.8]);
    assert!(p(&five, &six, 0.0).is_ok());
    assert_eq!(p(&five[..4], &six, 0.0), Err(Untested::TooFewSeeds));
    assert_eq!(p(&[0.3], &six, 0.0), Err(Untested::TooFewSeeds));
    assert_eq!(p(&[0.2; 5], &[0.3; 6], 0.0), Err(Untested::NoSpread));
    // A spread below one row of the test set.
    assert_eq!(p(&five, &six, 0.5), Err(Untested::NoSpread));
    let flat = Welch::of(&[0.2; 5], &[0.3; 6], 0.0).unwrap();
    assert_eq!(flat.half_width, None);
    assert!(
        Welch::of(&[0.2; 5], &[0.3; 6], 0.01)
            .unwrap()
            .half_width
            .is_some()
    );
    assert_eq!(Welch::of(&[], &six, 0.0), None);
    assert_eq!(Welch::of(&[f64::NAN], &six, 0.0), None);
}
