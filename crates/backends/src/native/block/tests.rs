use super::*;
use ndarray::Array2;

#[test]
fn growth_keeps_what_was_there() {
    let values = Array2::from_shape_fn((3, 5), |(i, j)| (i * 5 + j) as f32);
    let mut block = Block::from_view(values.view());
    for (rows, cols) in [(3, 16), (4, 17), (40, 17), (40, 100), (3, 5)] {
        block.resize(rows, cols);
        assert_eq!((block.rows(), block.cols()), (rows, cols));
        assert_eq!(block.view().slice(ndarray::s![..3, ..5]), values);
        assert_eq!(block.data().as_ptr().align_offset(64), 0);
        assert!(block.stride() >= cols && block.stride().is_multiple_of(LINE));
    }
}

#[test]
fn growing_one_by_one_is_amortised() {
    let mut block = Block::zeros(1, 1);
    let mut moves = 0;
    for n in 2..1000 {
        let before = block.data().as_ptr();
        block.resize(n, n);
        moves += usize::from(block.data().as_ptr() != before);
    }
    assert!(moves < 40, "{moves}");
}

#[test]
fn copies_do_not_share() {
    let mut block = Block::zeros(2, 3);
    let copy = block.clone();
    block.fill(1.0);
    assert_eq!(copy.view().sum(), 0.0);
    assert_eq!(Block::default().view().dim(), (0, 0));
}
