use super::*;

#[test]
fn tables_agree_with_the_formula() {
    let mut table = Table::default();
    table.set(0.999);
    for age in [5u64, 1, 100, 3, 1 << 15, 1 << 20, 7] {
        let expected = 1.0 / (1.0 - f64::from(0.999f32).powi(age as i32));
        assert_eq!(table.at(age), expected as f32);
    }
    table.set(0.0);
    assert_eq!(table.at(1), 1.0);
    table.set(0.999_999);
    assert!(table.at(TABLE + 5) > 1.0);
}

#[test]
fn a_weight_is_as_old_as_its_younger_unit() {
    let mut corrections = Corrections::default();
    let births = [
        Births::new(vec![0, 3]),
        Births::new(vec![1, 1, 4]),
        Births::new(vec![2]),
    ];
    corrections.prepare((0.5, 0.9), &births, 6);
    let at = |birth: u64| 1.0 / (1.0 - 0.5f32.powi(6 - birth as i32));
    let (mut c1, mut c2) = (Vec::new(), Vec::new());
    assert!(corrections.weight(0, 1, 1, &mut c1, &mut c2).is_none());
    assert_eq!(c1, [at(3), at(3), at(4)]);
    let (one, _) = corrections.weight(0, 0, 2, &mut c1, &mut c2).unwrap();
    assert_eq!(one, at(2));
    assert!(corrections.node(1, &mut c1, &mut c2).is_none());
    assert_eq!(c1, [at(1), at(1), at(4)]);
    let (scalar, _) = corrections.gain(0, 1, true, &mut c1, &mut c2).unwrap();
    assert_eq!(scalar, at(1));
    // A connection from one unit with a gain a unit: as old as that unit, however young the target.
    let (only, _) = corrections.gain(2, 1, false, &mut c1, &mut c2).unwrap();
    assert_eq!(only, at(2));
}
