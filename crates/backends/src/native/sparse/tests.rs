use super::*;
use ndarray::arr2;

#[test]
fn lists_hold_what_is_not_zero() {
    let mut sparse = Sparse::default();
    let block = Block::from_view(arr2(&[[0.0, 2.0, 0.0], [3.0, -0.0, f32::NAN]]).view());
    sparse.by_row(&block);
    assert_eq!(sparse.list(0), [(1, 2.0)]);
    assert_eq!((sparse.list(1)[0], sparse.list(1)[1].0), ((0, 3.0), 2));
    sparse.by_column(&block);
    assert_eq!(sparse.list(0), [(1, 3.0)]);
    assert_eq!(sparse.list(1), [(0, 2.0)]);
    assert!(sparse.list(2)[0].1.is_nan());
    assert_eq!(filled(&block), 3);
    let row = Block::from_view(arr2(&[[0.0, 4.0, 0.0]]).view());
    sparse.by_column(&row);
    assert_eq!(
        (sparse.list(0), sparse.list(1), sparse.list(2)),
        (&[][..], &[(0, 4.0)][..], &[][..])
    );
}
