use super::*;

fn rows(n: usize, width: usize) -> Array2<f32> {
    // Neither centred nor uncorrelated.
    Array2::from_shape_fn((n, width), |(i, j)| {
        let x = ((i * 7 + j * 3) % 11) as f32;
        x * 0.3 + (i % (j + 2)) as f32 + 5.0 * j as f32
    })
}

#[test]
fn moments_of_batches_are_those_of_all_rows() {
    let (n, width) = (57, 4);
    let all = rows(n, width);
    let mut moments = Moments::default();
    for start in [0usize, 1, 9, 40] {
        let end = [1, 9, 40, n][[0, 1, 9, 40].iter().position(|s| *s == start).unwrap()];
        moments.add(&all.slice(ndarray::s![start..end, ..]).to_owned());
    }
    moments.add(&Array2::zeros((0, width)));
    assert_eq!(moments.count(), n as u64);
    let at = |i: usize, j: usize| f64::from(all[(i, j)]);
    let mean = |j: usize| (0..n).map(|i| at(i, j)).sum::<f64>() / n as f64;
    let covariance = moments.covariance();
    for j in 0..width {
        assert!((moments.mean()[j] - mean(j)).abs() < 1e-12);
        for k in 0..width {
            let sum: f64 = (0..n).map(|i| (at(i, j) - mean(j)) * (at(i, k) - mean(k))).sum();
            assert!((covariance[j * width + k] - sum / n as f64).abs() < 1e-10);
        }
    }
}
