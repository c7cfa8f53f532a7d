use super::*;
use ndarray::array;

/// An axis of three entries that lost its first, copied its second with a factor of a quarter, and gained one.
fn moved() -> Axis {
    Axis {
        before: 3,
        after: 4,
        moved: Some(vec![Some((1, 0.75)), Some((2, 1.0)), Some((1, 0.25)), None]),
        fresh: vec![3],
    }
}

#[test]
fn an_axis_knows_where_its_entries_come_from() {
    let axis = moved();
    assert_eq!(
        (axis.origin(0), axis.origin(2)),
        (Some((1, 0.75)), Some((1, 0.25)))
    );
    assert_eq!((axis.origin(3), axis.origin(4)), (None, None));
    assert_eq!(axis.carry(&[10, 11, 12], 0), [11, 12, 11, 0]);
    assert!(Axis::same(3).unchanged() && !axis.unchanged());
    assert_eq!(Axis::same(3).origin(3), None);
}

#[test]
fn coefficients_of_rows_and_columns_multiply() {
    let carry = Carry::Mapped {
        rows: moved(),
        columns: Axis {
            before: 1,
            after: 2,
            moved: Some(vec![Some((0, 0.5)), None]),
            fresh: vec![1],
        },
        fresh_rows: array![[7.0, 8.0]],
        fresh_columns: array![[1.0], [2.0], [3.0], [9.0]],
    };
    let old = array![[10.0], [20.0], [30.0]];
    let weights = carry.apply(SlotKind::Weight, old.view());
    // At the intersection of a fresh row and a fresh column, the row counts.
    assert_eq!(weights, array![[7.5, 1.0], [15.0, 2.0], [2.5, 3.0], [7.0, 8.0]]);
    let masks = carry.apply(SlotKind::Mask, old.view());
    assert_eq!(masks, array![[20.0, 1.0], [30.0, 1.0], [20.0, 1.0], [1.0, 1.0]]);
    assert_eq!(carry.shape(), (4, 2));
    assert!(!carry.in_place());
}

#[test]
fn in_place_and_moved_say_the_same() {
    let axis = |moved| Axis {
        before: 2,
        after: 3,
        moved,
        fresh: vec![1, 2],
    };
    let carry = |moved| Carry::Mapped {
        rows: Axis::same(1),
        columns: axis(moved),
        fresh_rows: Array2::zeros((0, 3)),
        fresh_columns: array![[5.0, 6.0]],
    };
    let old = array![[1.0, 2.0]];
    let (short, long) = (carry(None), carry(Some(vec![Some((0, 1.0)), None, None])));
    for kind in SlotKind::ALL {
        assert_eq!(short.apply(kind, old.view()), long.apply(kind, old.view()));
    }
    assert!(short.in_place() && !long.in_place());
}

#[test]
fn adjustments_change_values_in_place() {
    let mut values = array![[1.0, 2.0], [3.0, 4.0]];
    Adjustment::Scale(2.0).apply(&mut values);
    Adjustment::AddRow {
        row: 1,
        values: vec![1.0, -1.0],
    }
    .apply(&mut values);
    assert_eq!(values, array![[2.0, 4.0], [7.0, 7.0]]);
    Adjustment::Add(array![[1.0, 1.0], [0.0, 0.0]]).apply(&mut values);
    assert_eq!(values, array![[3.0, 5.0], [7.0, 7.0]]);
    Adjustment::Set(array![[0.0, 1.0], [2.0, 3.0]]).apply(&mut values);
    assert_eq!(values, array![[0.0, 1.0], [2.0, 3.0]]);
}
