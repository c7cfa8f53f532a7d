use super::{Aim, Loss};

fn row_loss(loss: Loss, z: &[f32], aim: Aim<'_>, gradient: &mut Vec<f32>) -> f64 {
    super::row_loss(loss, z, aim, gradient, &mut Vec::new())
}

#[test]
fn softmax_survives_large_outputs() {
    let mut gradient = Vec::new();
    let loss = row_loss(
        Loss::CrossEntropy,
        &[1e30, -1e30, 0.0],
        Aim::Label(0),
        &mut gradient,
    );
    assert_eq!((loss, gradient.as_slice()), (0.0, &[0.0, 0.0, 0.0][..]));
    let loss = row_loss(
        Loss::CrossEntropy,
        &[f32::INFINITY, 0.0],
        Aim::Label(1),
        &mut gradient,
    );
    assert!(!loss.is_finite());
}

#[test]
fn a_label_is_a_one_hot_value() {
    let z = [0.3, -1.2, 0.8];
    for loss in [Loss::CrossEntropy, Loss::MeanSquared] {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        let one = row_loss(loss, &z, Aim::Label(1), &mut a);
        let two = row_loss(loss, &z, Aim::Values(&[0.0, 1.0, 0.0]), &mut b);
        assert!((one - two).abs() < 1e-7);
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-7));
    }
}

#[test]
fn distillation_is_least_at_its_target() {
    let mut gradient = Vec::new();
    let loss = Loss::Distillation { temperature: 2.0 };
    let z = [0.3, -1.2, 0.8];
    let least = row_loss(loss, &z, Aim::Values(&z), &mut gradient);
    assert!(gradient.iter().all(|g| g.abs() < 1e-7));
    assert!(row_loss(loss, &[0.0; 3], Aim::Values(&z), &mut gradient) > least);
}
