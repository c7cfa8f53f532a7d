//! The optimizers, one weight at a time.

use dentate_core::Optimizer;

/// A weight under an optimizer, in double precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimization {
    /// The weight.
    pub weight: f64,
    /// First moment or momentum.
    pub first: f64,
    /// Second moment.
    pub second: f64,
    /// Updates since its optimizer state began.
    pub age: u64,
}

impl Optimization {
    /// One update by `gradient`, learning scaled by `rate`. A rate of 0 changes nothing at all.
    pub fn update(&mut self, optimizer: &Optimizer, gradient: f64, rate: f64) {
        self.age += 1;
        if rate == 0.0 {
            return;
        }
        match *optimizer {
            Optimizer::Sgd {
                learning_rate,
                momentum,
                weight_decay,
            } => {
                let g = gradient + f64::from(weight_decay) * self.weight;
                self.first = f64::from(momentum) * self.first + g;
                self.weight -= f64::from(learning_rate) * rate * self.first;
            }
            Optimizer::Adam {
                learning_rate,
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => {
                let g = gradient + f64::from(weight_decay) * self.weight;
                let by = self.adam(g, beta1, beta2, epsilon);
                self.weight -= f64::from(learning_rate) * rate * by;
            }
            Optimizer::AdamW {
                learning_rate,
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => {
                let by = self.adam(gradient, beta1, beta2, epsilon) + f64::from(weight_decay) * self.weight;
                self.weight -= f64::from(learning_rate) * rate * by;
            }
        }
    }

    fn adam(&mut self, g: f64, beta1: f32, beta2: f32, epsilon: f32) -> f64 {
        let (b1, b2) = (f64::from(beta1), f64::from(beta2));
        self.first = b1 * self.first + (1.0 - b1) * g;
        self.second = b2 * self.second + (1.0 - b2) * g * g;
        let age = self.age as i32;
        let first = self.first / (1.0 - b1.powi(age));
        let second = self.second / (1.0 - b2.powi(age));
        first / (second.sqrt() + f64::from(epsilon))
    }
}
