use super::*;
use ndarray::{Array2, ArrayView2};

/// Whole numbers, so that every order of summation gives the same result.
fn block(rows: usize, cols: usize, seed: usize, zeros: usize) -> Block {
    let value = |(i, j)| {
        let n = (i * 31 + j * 17 + i * j * 7 + seed) % 23;
        if n < zeros { 0.0 } else { n as f32 - 11.0 }
    };
    Block::from_view(Array2::from_shape_fn((rows, cols), value).view())
}

fn same(block: &Block, expected: &Array2<f32>) {
    let view: ArrayView2<'_, f32> = block.view();
    assert_eq!(view, *expected);
}

#[test]
fn both_ways_give_the_same_sums() {
    for (rows, sources, targets) in [(1, 5, 3), (3, 40, 17), (9, 70, 150), (64, 100, 33)] {
        for zeros in [0, 18] {
            let (x, v) = (block(rows, sources, 1, zeros), block(sources, targets, 2, 0));
            let d = block(rows, targets, 3, 4);
            let (mut rows_of, mut lists) = (Sparse::default(), Sparse::default());
            rows_of.by_row(&x);
            for way in [ProductKind::Lists, ProductKind::Kernels] {
                let mut z = d.clone();
                forward(&x, &v, &mut z, 1.0, (way, &rows_of));
                same(&z, &(&d.view() + &x.view().dot(&v.view())));
                lists.by_column(&rows_of, sources, |x| x);
                let expected = x.view().t().dot(&d.view());
                for first in (0..sources).step_by(TILE) {
                    let count = TILE.min(sources - first);
                    let mut tile = Block::zeros(count, targets);
                    gradient(&x, &d, Span::From(first), &mut tile, 1.0, (way, &lists));
                    same(
                        &tile,
                        &expected.slice(ndarray::s![first..first + count, ..]).to_owned(),
                    );
                }
            }
            let mut e = x.clone();
            back(&d, &v, &mut e, true, None);
            same(&e, &(&x.view() + &d.view().dot(&v.view().t())));
            back(&d, &v, &mut e, false, Some(&x));
            let expected = d.view().dot(&v.view().t());
            for ((i, j), e) in expected.indexed_iter() {
                assert!(x.row(i)[j] == 0.0 || *e == v_at(&d, &v, i, j));
            }
        }
    }
}

fn v_at(d: &Block, v: &Block, i: usize, j: usize) -> f32 {
    d.row(i).iter().zip(v.row(j)).map(|(d, v)| d * v).sum()
}

#[test]
fn small_and_sparse_batches_take_the_lists() {
    assert_eq!(way(&block(2, 50, 1, 0)), ProductKind::Lists);
    assert_eq!(way(&block(20, 50, 1, 0)), ProductKind::Kernels);
    assert_eq!(way(&block(20, 50, 1, 20)), ProductKind::Lists);
}

#[test]
fn rows_side_by_side_have_the_bits_of_rows_alone() {
    let value = |(i, j): (usize, usize)| {
        if (i * 7 + j * 3) % 5 < 2 {
            0.0
        } else {
            1.0 / (1 + i * 3 + j * 11) as f32
        }
    };
    let (rows, sources, targets) = (70, 90, 150);
    let x = Array2::from_shape_fn((rows, sources), value);
    let v = Array2::from_shape_fn((sources, targets), |(i, j)| (i as f32 - 1.7 * j as f32).sin());
    let v = Block::from_view(v.view());
    for start in [0.0, 0.3] {
        let (mut lists, mut together) = (Sparse::default(), Block::zeros(rows, targets));
        together.fill(start);
        lists.by_row(&Block::from_view(x.view()));
        forward(
            &Block::from_view(x.view()),
            &v,
            &mut together,
            1.0,
            (ProductKind::Lists, &lists),
        );
        for i in 0..rows {
            let row = Block::from_view(x.slice(ndarray::s![i..=i, ..]));
            let mut alone = Block::zeros(1, targets);
            alone.fill(start);
            lists.by_row(&row);
            forward(&row, &v, &mut alone, 1.0, (ProductKind::Lists, &lists));
            let bits = |row: &[f32]| row.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(together.row(i)), bits(alone.row(0)), "{i}");
        }
    }
}
