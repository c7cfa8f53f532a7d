use super::*;
use ndarray::arr2;

#[test]
fn lists_hold_what_is_not_zero() {
    let (mut rows, mut columns) = (Sparse::default(), Sparse::default());
    let block = Block::from_view(arr2(&[[0.0, 2.0, 0.0], [3.0, -0.0, f32::NAN]]).view());
    rows.by_row(&block);
    assert_eq!(rows.list(0), [(1, 2.0)]);
    assert_eq!((rows.list(1)[0], rows.list(1)[1].0), ((0, 3.0), 2));
    columns.by_column(&rows, 3, |x| x);
    assert_eq!(columns.list(0), [(1, 3.0)]);
    assert_eq!(columns.list(1), [(0, 2.0)]);
    assert!(columns.list(2)[0].1.is_nan());
    assert_eq!(filled(&block), 3);
    let row = Block::from_view(arr2(&[[0.0, 4.0, 0.0]]).view());
    rows.by_row(&row);
    columns.by_column(&rows, 3, |x| x * x);
    assert_eq!(
        (columns.list(0), columns.list(1), columns.list(2)),
        (&[][..], &[(0, 16.0)][..], &[][..])
    );
}

#[test]
fn vectors_and_rests_are_listed_alike() {
    for width in [1, 15, 16, 17, 40] {
        let value = |(i, j): (usize, usize)| {
            if (i + 3 * j) % 4 == 0 {
                0.0
            } else {
                (i + j) as f32 + 0.5
            }
        };
        let block = Block::from_view(ndarray::Array2::from_shape_fn((3, width), value).view());
        let mut rows = Sparse::default();
        rows.by_row(&block);
        for i in 0..3 {
            let wanted: Vec<_> = (0..width).map(|j| (j as u32, value((i, j)))).collect();
            let wanted: Vec<_> = wanted.into_iter().filter(|(_, x)| *x != 0.0).collect();
            assert_eq!(rows.list(i), wanted, "{width}");
        }
    }
}
