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
    assert_eq!(significant(0.000_012_3), "1.2e-5");
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
