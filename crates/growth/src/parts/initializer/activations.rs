//! Activations in double precision, with their first two derivatives, for units that are only thought of.

use dentate_core::Activation;

/// √(2/π) and the cubic coefficient of the tanh approximation of `gelu` (Hendrycks & Gimpel 2016).
const GELU: (f64, f64) = (0.797_884_560_802_865_4, 0.044_715);

/// f(z); `gelu` by its tanh approximation.
pub(crate) fn value(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Identity => z,
        Activation::Relu | Activation::ReluLiveAtZero => z.max(0.0),
        Activation::LeakyRelu => z.max(0.01 * z),
        Activation::Tanh => z.tanh(),
        Activation::Sigmoid => sigmoid(z),
        Activation::Softplus => z.max(0.0) + (-z.abs()).exp().ln_1p(),
        Activation::Gelu => {
            let inner = GELU.0 * (z + GELU.1 * z.powi(3));
            0.5 * z * (1.0 + inner.tanh())
        }
    }
}

/// f′(z).
pub(super) fn slope(activation: Activation, z: f64) -> f64 {
    let step = |at_zero: f64| match z {
        z if z > 0.0 => 1.0,
        z if z < 0.0 => 0.0,
        _ => at_zero,
    };
    match activation {
        Activation::Identity => 1.0,
        Activation::Relu => step(0.0),
        Activation::ReluLiveAtZero => step(1.0),
        Activation::LeakyRelu => 0.01 + 0.99 * step(0.0),
        Activation::Tanh => 1.0 - z.tanh().powi(2),
        Activation::Sigmoid => sigmoid(z) * sigmoid(-z),
        Activation::Softplus => sigmoid(z),
        Activation::Gelu => {
            let (inner, rise) = gelu_inner(z);
            0.5 * (1.0 + inner.tanh()) + 0.5 * z * (1.0 - inner.tanh().powi(2)) * rise
        }
    }
}

/// f″(z); 0 for activations that are linear but for a kink.
pub(super) fn curvature(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Identity | Activation::Relu | Activation::ReluLiveAtZero | Activation::LeakyRelu => 0.0,
        Activation::Tanh => -2.0 * z.tanh() * (1.0 - z.tanh().powi(2)),
        Activation::Sigmoid => sigmoid(z) * sigmoid(-z) * (1.0 - 2.0 * sigmoid(z)),
        Activation::Softplus => sigmoid(z) * sigmoid(-z),
        Activation::Gelu => {
            let ((inner, rise), bend) = (gelu_inner(z), GELU.0 * 6.0 * GELU.1 * z);
            let (t, d) = (inner.tanh(), 1.0 - inner.tanh().powi(2));
            d * rise + 0.5 * z * (d * bend - 2.0 * t * d * rise * rise)
        }
    }
}

/// Return true if a unit with an input of 0 puts out something other than 0.
pub(super) fn speaks_at_zero(activation: Activation) -> bool {
    matches!(activation, Activation::Sigmoid | Activation::Softplus)
}

fn sigmoid(z: f64) -> f64 {
    0.5 * (1.0 + (0.5 * z).tanh())
}

/// The argument of gelu's tanh, and its derivative.
fn gelu_inner(z: f64) -> (f64, f64) {
    let inner = GELU.0 * (z + GELU.1 * z.powi(3));
    (inner, GELU.0 * (1.0 + 3.0 * GELU.1 * z * z))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_finite_differences() {
        for activation in Activation::ALL {
            for z in [-3.1, -0.7, -0.05, 0.2, 1.3, 4.0] {
                let e = 1e-5;
                let first = (value(activation, z + e) - value(activation, z - e)) / (2.0 * e);
                let second = (slope(activation, z + e) - slope(activation, z - e)) / (2.0 * e);
                assert!(
                    (slope(activation, z) - first).abs() < 1e-7,
                    "{activation:?} at {z}"
                );
                assert!(
                    (curvature(activation, z) - second).abs() < 1e-7,
                    "{activation:?} at {z}"
                );
            }
        }
    }
}
