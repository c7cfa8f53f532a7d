use super::*;

#[test]
fn numbers_are_written_for_reading() {
    assert_eq!(value(Unit::Percent, 0.9734), "97.3");
    assert_eq!(points(-0.0314), "−3.1");
    assert_eq!(points(0.0001), "0.0");
    assert_eq!(
        (value(Unit::Fall, 0.031), value(Unit::Fall, -0.031)),
        ("3.1".into(), "−3.1".into())
    );
    assert_eq!(count(1_234_567.0), "1,234,567");
    assert_eq!(count(999.6), "1,000");
    assert_eq!(count(2.5), "2.5");
    assert_eq!(operations(1.239e9), "1.24 G");
    assert_eq!(operations(12.0), "12");
    assert_eq!(significant(0.012_345), "0.0123");
    assert_eq!(significant(0.000_012_3), "1.2 × 10⁻⁵");
    assert_eq!(significant(0.0), "0");
    assert_eq!(p_value(0.0004), "<\u{a0}0.001");
    assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
}

#[test]
fn an_interval_is_written_where_there_is_one() {
    let three = Estimate::of(&[0.90, 0.92, 0.94]).unwrap();
    assert_eq!(estimate(Unit::Percent, &three), "92.0 ± 5.0");
    assert_eq!(difference(Unit::Percent, &three), "+92.0 [+87.0, +97.0]");
    assert_eq!(brief_difference(Unit::Points, &three), "+92.0 ± 5.0");
    assert_eq!(estimate(Unit::Percent, &Estimate::of(&[0.9]).unwrap()), "90.0");
    assert_eq!(estimate(Unit::Count, &Estimate::of(&[7.0, 7.0]).unwrap()), "7");
}

/// One notation in a cell, no interval beyond what is possible and none from two values.
#[test]
fn an_interval_is_in_one_notation_and_within_what_is_possible() {
    let of = |values: &[f64]| Estimate::of(values).unwrap();
    assert_eq!(
        estimate(Unit::Error, &of(&[0.00311, 0.00309, 0.00313])),
        "(3.11 ± 0.05) × 10⁻³"
    );
    assert_eq!(
        difference(Unit::Error, &of(&[-5.0e-4, -4.0e-4, -6.0e-4])),
        "−5.00 [−7.48, −2.52] × 10⁻⁴"
    );
    assert_eq!(
        brief_difference(Unit::Error, &of(&[-5.0e-4, -4.0e-4, -6.0e-4])),
        "(−5.00 ± 2.48) × 10⁻⁴"
    );
    assert_eq!(
        estimate(Unit::Percent, &of(&[0.99, 0.9, 0.87])),
        "92.0 [76.5, 100]"
    );
    assert_eq!(estimate(Unit::Percent, &of(&[0.01, 0.02, 0.06])), "3.0 [0, 9.6]");
    assert_eq!(estimate(Unit::Percent, &of(&[0.9, 0.5])), "70.0");
    assert_eq!(difference(Unit::Points, &of(&[0.01, 0.02])), "+1.5");
}

#[test]
fn numbers_of_axes_are_short() {
    let written: Vec<String> = [0.0, 0.5, 12.0, 50_000.0, 1.5e6, 0.01, 1e-4, 2e-5]
        .map(axis)
        .into();
    assert_eq!(
        written,
        ["0", "0.5", "12", "50k", "1.5M", "0.01", "10⁻⁴", "2 × 10⁻⁵"]
    );
}

#[test]
fn numbers_hold_together() {
    let shown = |text: &str| unbroken(text).replace('\u{a0}', "_");
    assert_eq!(
        shown("A leads with 84.0 ± 2.1% (+2.0 points; 95% interval −1.0 [−2.0, −0.5] × 10⁻⁴), 1.24 G each"),
        "A leads with 84.0_±_2.1% (+2.0_points; 95% interval −1.0_[−2.0,_−0.5]_×_10⁻⁴), 1.24_G each"
    );
    assert_eq!(shown("tasks 0, 1 and 2 Methods"), "tasks 0, 1 and 2 Methods");
}

#[test]
fn a_difference_is_said_with_the_power_of_its_interval() {
    let of = |values: &[f64]| spoken_difference(Unit::Error, &Estimate::of(values).unwrap());
    assert_eq!(
        of(&[-5.0e-4, -4.0e-4, -6.0e-4]),
        ("−5.00 × 10⁻⁴".into(), Some("−7.48 × 10⁻⁴ to −2.52 × 10⁻⁴".into()))
    );
    assert_eq!(of(&[0.3, 0.2, 0.4]).1, Some("+0.0516 to +0.548".into()));
    assert_eq!(of(&[0.3, 0.2]).1, None);
    let close = Estimate::of(&[0.0127, 0.01265, 0.01275]).unwrap();
    assert_eq!(estimate(Unit::Error, &close), "(1.27 ± 0.01) × 10⁻²");
}
