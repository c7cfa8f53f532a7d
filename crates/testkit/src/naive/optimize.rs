//! The optimizers, one weight at a time. Values below the smallest normal number of single precision become 0.

use super::number::Number;
use dentate_core::Optimizer;

/// A weight with its optimizer state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimization<T> {
    /// The current weight.
    pub weight: T,
    /// First moment or momentum.
    pub first: T,
    /// Second moment.
    pub second: T,
    /// Updates by Adam or AdamW since the start of its optimizer state.
    pub age: u64,
}

impl<T: Number> Optimization<T> {
    /// Update by `gradient`, with learning-rate scale `rate`. A scale of 0 changes nothing at all.
    pub fn update(&mut self, optimizer: &Optimizer, gradient: T, rate: f32) {
        self.age += u64::from(!matches!(optimizer, Optimizer::Sgd { .. }));
        if rate == 0.0 {
            return;
        }
        let step = |learning_rate: f32| of::<T>(learning_rate) * of(rate);
        match *optimizer {
            Optimizer::Sgd {
                learning_rate,
                momentum,
                weight_decay,
            } => {
                let g = gradient + of::<T>(weight_decay) * self.weight;
                self.first = (of::<T>(momentum) * self.first + g).settled();
                self.weight = (self.weight - step(learning_rate) * self.first).settled();
            }
            Optimizer::Adam {
                learning_rate,
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => {
                let g = gradient + of::<T>(weight_decay) * self.weight;
                let by = self.adam(g, beta1, beta2, epsilon);
                self.weight = (self.weight - step(learning_rate) * by).settled();
            }
            Optimizer::AdamW {
                learning_rate,
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => {
                let by = self.adam(gradient, beta1, beta2, epsilon) + of::<T>(weight_decay) * self.weight;
                self.weight = (self.weight - step(learning_rate) * by).settled();
            }
        }
    }

    fn adam(&mut self, g: T, beta1: f32, beta2: f32, epsilon: f32) -> T {
        let rest = |beta: f32| T::of(1.0 - f64::from(beta));
        self.first = (of::<T>(beta1) * self.first + rest(beta1) * g).settled();
        self.second = (of::<T>(beta2) * self.second + rest(beta2) * g * g).settled();
        let share = |beta: f32| T::of(1.0 - f64::from(beta).powi(self.age as i32));
        let first = self.first / share(beta1);
        let second = self.second / share(beta2);
        first / (second.sqrt() + of(epsilon))
    }
}

fn of<T: Number>(value: f32) -> T {
    T::of(f64::from(value))
}
