use super::fisher::roots;
use ndarray::arr2;

#[test]
fn roots_squared_are_the_softmax() {
    let roots = roots(&arr2(&[[1.0, 2.0, 3.0], [1000.0, 1000.0, -1000.0]]));
    for row in roots.rows() {
        assert!((row.iter().map(|r| r * r).sum::<f32>() - 1.0).abs() < 1e-6);
    }
    assert!((roots[(0, 2)].powi(2) - 0.665_240_9).abs() < 1e-6);
    assert_eq!((roots[(1, 0)], roots[(1, 2)]), (0.5f32.sqrt(), 0.0));
}
