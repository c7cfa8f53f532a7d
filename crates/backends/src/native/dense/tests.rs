use super::*;
use ndarray::Array2;

fn block(rows: usize, cols: usize, seed: usize) -> Block {
    let value = |(i, j)| ((i * 31 + j * 17 + seed) % 13) as f32 - 6.0;
    Block::from_view(Array2::from_shape_fn((rows, cols), value).view())
}

#[test]
fn products_are_products() {
    for (m, k, n) in [(1, 1, 1), (5, 7, 3), (64, 33, 130), (2, 0, 3)] {
        let (a, b) = (block(m, k, 1), block(k, n, 2));
        let mut c = block(m, n, 3);
        let start = c.view().to_owned();
        multiply(&mut c, true, 1.0, Matrix::of(&a), Matrix::of(&b));
        assert_eq!(c.view(), start + a.view().dot(&b.view()));
        multiply(&mut c, false, 1.0, Matrix::of(&a), Matrix::of(&b));
        assert_eq!(c.view(), a.view().dot(&b.view()));
        let (at, bt) = (Block::from_view(a.view().t()), Block::from_view(b.view().t()));
        multiply(
            &mut c,
            false,
            1.0,
            Matrix::of(&at).turned(),
            Matrix::of(&bt).turned(),
        );
        assert_eq!(c.view(), a.view().dot(&b.view()));
    }
}

#[test]
#[should_panic(expected = "shapes of a product")]
fn shapes_are_checked() {
    let (a, b, mut c) = (block(2, 3, 0), block(4, 2, 0), block(2, 2, 0));
    multiply(&mut c, false, 1.0, Matrix::of(&a), Matrix::of(&b));
}

#[test]
fn bounds_are_exact() {
    assert!(inside(12, 3, 4, 4, 1));
    assert!(!inside(11, 3, 4, 4, 1));
    assert!(inside(0, 0, 4, 4, 1));
    assert!(!inside(10, 2, 2, usize::MAX, 1));
}
