use super::*;
use ndarray::Array2;

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

fn clock(updates: u64, rows: &[u64], columns: &[u64]) -> Clock {
    Clock {
        updates,
        rows: rows.to_vec(),
        columns: columns.to_vec(),
    }
}

#[test]
fn an_entry_is_as_old_as_the_younger_of_its_row_and_column() {
    let mut corrections = Corrections::default();
    let ages = [
        Age::of(&clock(5, &[0, 3], &[1, 1, 4]), false),
        Age::of(&clock(5, &[2], &[0, 0]), true),
    ];
    corrections.prepare((0.5, 0.9), &ages);
    let at = |birth: u64| 1.0 / (1.0 - 0.5f32.powi(6 - birth as i32));
    let (mut c1, mut c2) = (Vec::new(), Vec::new());
    assert!(corrections.whole(0).is_none());
    assert!(corrections.row(0, 1, &mut c1, &mut c2).is_none());
    assert_eq!(c1, [at(3), at(3), at(4)]);
    assert!(corrections.row(0, 0, &mut c1, &mut c2).is_none());
    assert_eq!(c1, [at(1), at(1), at(4)]);
    assert_eq!(corrections.whole(1).map(|c| c.0), Some(at(2)));
    assert_eq!(corrections.row(1, 1, &mut c1, &mut c2).map(|c| c.0), Some(at(2)));
}

#[test]
fn corrections_that_round_to_one_are_the_same_for_all() {
    let mut corrections = Corrections::default();
    corrections.prepare((0.5, 0.5), &[Age::of(&clock(1000, &[0, 3, 7], &[0]), false)]);
    assert_eq!(corrections.whole(0), Some((1.0, 1.0)));
}

#[test]
fn appending_is_building_anew() {
    let axis = |before: usize, after: usize| Axis {
        fresh: (before as u32..after as u32).collect(),
        after,
        ..Axis::same(before)
    };
    let mut age = Age::new((2, 1));
    age.follow(&Carry::Created(Array2::zeros((1, 2))), true);
    for (now, before, after) in [(0, 2, 2), (0, 2, 3), (4, 3, 3), (4, 3, 5), (9, 5, 6)] {
        age.updates = now;
        let carry = Carry::Mapped {
            rows: Axis::same(1),
            columns: axis(before, after),
            fresh_rows: Array2::zeros((0, after)),
            fresh_columns: Array2::zeros((1, after - before)),
        };
        age.follow(&carry, true);
        assert_eq!(age, Age::of(&age.clock(true), true), "{now}");
    }
    assert_eq!(age.clock(true), clock(9, &[0], &[0, 0, 0, 4, 4, 9]));
}
