use super::*;

#[test]
fn slopes_at_zero_are_as_documented() {
    for (f, slope) in [
        (Activation::Identity, 1.0),
        (Activation::Relu, 0.0),
        (Activation::ReluLiveAtZero, 1.0),
        (Activation::LeakyRelu, LEAK),
        (Activation::Tanh, 1.0),
        (Activation::Sigmoid, 0.25),
        (Activation::Softplus, 0.5),
        (Activation::Gelu, 0.5),
    ] {
        let (z, mut h, mut error) = ([0.0], [0.0], [1.0]);
        activate(f, &mut h);
        differentiate(f, &z, &h, &mut error);
        assert_eq!(error, [slope], "{f:?}");
    }
}

#[test]
fn extremes_stay_finite_and_what_is_not_a_number_stays_so() {
    for f in Activation::ALL {
        let mut values = [-200.0, 200.0, f32::NAN];
        activate(f, &mut values);
        assert!(values[0].is_finite() && values[1].is_finite(), "{f:?}");
        assert!(values[2].is_nan(), "{f:?}");
    }
}

#[test]
fn derivatives_are_differences() {
    for f in Activation::ALL {
        for z in [-3.1f32, -0.7, 0.2, 1.9] {
            let (mut below, mut at, mut above, mut slope) = ([z - 1e-2], [z], [z + 1e-2], [1.0]);
            activate(f, &mut below);
            activate(f, &mut at);
            activate(f, &mut above);
            differentiate(f, &[z], &at, &mut slope);
            let difference = (above[0] - below[0]) / 2e-2;
            assert!((slope[0] - difference).abs() < 1e-3, "{f:?} at {z}");
        }
    }
}
