//! Quickprop: steps to the minimum of a parabola through the last two slopes.
//!
//! Fahlman, S. E. (1988). An empirical study of learning speed in back-propagation networks. CMU-CS-88-162. For each weight, with its
//! slope `s = ∂E/∂w + decay · w`, the slope p and the step d of the time before, and `shrink = mu / (1 + mu)`,
//!
//! ```text
//! step = −ε s  where d = 0, or where s still has the sign of −d   (else 0)
//!      + mu d            where s is beyond shrink · p: a full step
//!      + d s / (p − s)   elsewhere: the parabola's
//! ```
//!
//! as in the author's Lisp: for d < 0 a slope is beyond where `s ≥ shrink · p`, for d > 0 where `s ≤ shrink · p`.

use serde::{Deserialize, Serialize};

/// Settings of a phase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quickprop {
    /// Size of the linear step; already divided by the number of rows.
    pub(super) epsilon: f64,
    /// The largest ratio of a step to the one before.
    pub(super) mu: f64,
    /// Factor on the weight that is added to its slope.
    pub(super) decay: f64,
}

/// Weights with the steps and slopes of the time before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Weights {
    pub(super) values: Vec<f64>,
    steps: Vec<f64>,
    slopes: Vec<f64>,
}

impl Weights {
    pub(super) fn new(values: Vec<f64>) -> Self {
        Self {
            steps: vec![0.0; values.len()],
            slopes: vec![0.0; values.len()],
            values,
        }
    }

    /// Adds a weight that has made no step.
    pub(super) fn push(&mut self, value: f64) {
        self.values.push(value);
        self.steps.push(0.0);
        self.slopes.push(0.0);
    }
}

impl Quickprop {
    /// The step of one weight.
    pub(super) fn step(&self, slope: f64, before: f64, last: f64) -> f64 {
        let shrink = self.mu / (1.0 + self.mu);
        // The case of a positive last step is that of a negative one with all signs turned.
        let (s, p) = if last > 0.0 {
            (-slope, -before)
        } else {
            (slope, before)
        };
        if last == 0.0 {
            return -self.epsilon * slope;
        }
        let linear = if s > 0.0 { -self.epsilon * s } else { 0.0 };
        let size = -last.abs();
        let curved = if s >= shrink * p {
            self.mu * size
        } else {
            size * s / (p - s)
        };
        (linear + curved) * if last > 0.0 { -1.0 } else { 1.0 }
    }

    /// Moves weights by their slopes.
    pub(super) fn update(&self, weights: &mut Weights, slopes: impl Iterator<Item = f64>) {
        let Weights {
            values,
            steps,
            slopes: before,
        } = weights;
        let all = values.iter_mut().zip(steps).zip(before);
        for (((value, step), before), slope) in all.zip(slopes) {
            let slope = slope + self.decay * *value;
            *step = self.step(slope, *before, *step);
            *value += *step;
            *before = slope;
        }
    }
}
