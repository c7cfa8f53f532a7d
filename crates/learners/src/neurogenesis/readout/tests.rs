use super::*;
use dentate_core::TaskId;
use ndarray::array;

/// Compared with the explicit inverse of a two-by-two matrix.
#[test]
fn scores_are_distances_under_the_mean_covariance() {
    let concept = |mean: [f32; 2], factor: Array2<f32>| {
        let mut concept = ClassStats::new(TaskId(0), 0, Vec::new());
        concept.mean = array![mean];
        concept.factor = factor;
        concept
    };
    let concepts = [
        concept([0.0, 1.0], array![[1.0, 0.0], [0.5, 2.0]]),
        concept([3.0, -1.0], array![[2.0, 0.0], [0.0, 0.5]]),
    ];
    let jitter = 0.01;
    // C Cᵀ of the two, averaged; the ridge is a hundredth of the mean variance.
    let ridge = jitter * (2.5 + 2.25) / 2.0;
    let (a, b, d) = (2.5 + ridge, 0.25, 2.25 + ridge);
    let codes = array![[1.0f32, 2.0], [-4.0, 0.25]];
    let scores = ReadOut::new(&concepts, jitter).unwrap().scores(&codes);
    for (i, code) in codes.rows().into_iter().enumerate() {
        for (j, concept) in concepts.iter().enumerate() {
            let x = f64::from(code[0] - concept.mean[(0, 0)]);
            let y = f64::from(code[1] - concept.mean[(0, 1)]);
            let distance = (d * x * x - 2.0 * b * x * y + a * y * y) / (a * d - b * b);
            assert!((f64::from(scores[(i, j)]) + 0.5 * distance).abs() < 1e-4);
        }
    }
    // A unit without statistics changes nothing.
    let wide = array![[1.0f32, 2.0, 9.0], [-4.0, 0.25, -7.0]];
    assert_eq!(ReadOut::new(&concepts, jitter).unwrap().scores(&wide), scores);
    assert!(ReadOut::new(&[], jitter).is_none());
}
