//! Optimizers, one block at a time. With g the gradient plus `weight_decay · w`, r the learning-rate scale and η = learning
//! rate · r:
//!
//! - SGD: `v ← momentum · v + g`, `w ← w − η v`;
//! - Adam (Kingma & Ba 2015, arXiv:1412.6980): `m ← m + (1 − β₁)(g − m)`, `v ← v + (1 − β₂)(g² − v)`,
//!   `w ← w + m / (k √v + e)` with `k = −√c₂ / (η c₁)` and `e = −ε / (η c₁)`, which is
//!   `w − η c₁ m / (√(c₂ v) + ε)` in one pass less;
//! - AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101): as Adam without decay in g, after `w ← w − η · weight_decay · w`.
//!
//! `c = 1 / (1 − βᵗ)` corrects moments that began at 0 (see [`ages`](crate::ages)). The gradient tensor doubles as scratch and
//! is consumed. Values below the smallest normal number become 0.

use super::tensors::settle;
use dentate_core::Optimizer;
use tch::Tensor;

/// An optimizer's constants.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rule {
    pub(super) learning_rate: f64,
    momentum: f64,
    pub(super) betas: (f32, f32),
    pub(super) epsilon: f64,
    /// Weight decay that is part of the gradient.
    coupled: f64,
    /// Decoupled weight decay.
    decoupled: f64,
    pub(super) adam: bool,
}

/// A number for a whole block, or one for each entry.
#[derive(Debug)]
pub(super) enum Factor {
    One(f64),
    Each(Tensor),
}

/// The divisor of an update by Adam: `k √v + e`.
#[derive(Debug)]
pub(super) struct Spread {
    pub(super) k: Factor,
    pub(super) e: Factor,
}

/// The numbers of a block: parameters, and the moments of the rule.
pub(super) struct Numbers<'a> {
    pub(super) w: &'a mut Tensor,
    pub(super) first: Option<&'a mut Tensor>,
    pub(super) second: Option<&'a mut Tensor>,
}

impl Rule {
    pub(super) fn of(optimizer: &Optimizer) -> Self {
        match *optimizer {
            Optimizer::Sgd {
                learning_rate,
                momentum,
                weight_decay,
            } => Self {
                learning_rate: learning_rate.into(),
                momentum: momentum.into(),
                coupled: weight_decay.into(),
                ..Self::default()
            },
            Optimizer::Adam {
                learning_rate,
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => Self {
                coupled: weight_decay.into(),
                ..Self::adam(learning_rate, (beta1, beta2), epsilon)
            },
            Optimizer::AdamW {
                learning_rate,
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => Self {
                decoupled: weight_decay.into(),
                ..Self::adam(learning_rate, (beta1, beta2), epsilon)
            },
        }
    }

    fn adam(learning_rate: f32, betas: (f32, f32), epsilon: f32) -> Self {
        Self {
            learning_rate: learning_rate.into(),
            betas,
            // A divisor must not be 0.
            epsilon: epsilon.max(f32::MIN_POSITIVE).into(),
            adam: true,
            ..Self::default()
        }
    }

    /// Returns whether the rule has a first moment.
    pub(super) fn has_first(&self) -> bool {
        self.adam || self.momentum != 0.0
    }

    /// Update a block by its gradient. `pace` is η; `spread` is required for Adam.
    pub(super) fn update(&self, numbers: Numbers<'_>, mut g: Tensor, pace: &Factor, spread: Option<&Spread>) {
        let Numbers {
            w,
            mut first,
            mut second,
        } = numbers;
        // Rounded as a slot stores it.
        settle(&g);
        if self.coupled != 0.0 {
            let _ = g.g_add_(&w.g_mul_scalar(self.coupled));
        }
        match (first.as_deref_mut(), second.as_deref_mut(), spread) {
            (Some(m), Some(v), Some(spread)) => self.adapt([&mut *w, m, v], g, pace, spread),
            (Some(m), ..) => {
                let _ = m.g_mul_scalar_(self.momentum);
                let _ = m.g_add_(&g);
                g.copy_(m);
                descend(w, g, pace);
            }
            _ => descend(w, g, pace),
        }
        for kept in [Some(w), first, second].into_iter().flatten() {
            settle(kept);
        }
    }

    fn adapt(&self, [w, m, v]: [&mut Tensor; 3], mut g: Tensor, pace: &Factor, spread: &Spread) {
        let rest = |beta: f32| 1.0 - f64::from(beta);
        let _ = m.lerp_(&g, rest(self.betas.0));
        let _ = g.square_();
        let _ = v.lerp_(&g, rest(self.betas.1));
        if self.decoupled != 0.0 {
            match pace {
                Factor::One(pace) => drop(w.g_mul_scalar_(1.0 - pace * self.decoupled)),
                Factor::Each(pace) => drop(w.g_mul_(&(1.0 - pace * self.decoupled))),
            }
        }
        let mut divisor = v.sqrt_out(&g);
        multiply(&mut divisor, &spread.k);
        match &spread.e {
            Factor::One(e) => drop(divisor.g_add_scalar_(*e)),
            Factor::Each(e) => drop(divisor.g_add_(e)),
        }
        let _ = w.addcdiv_(m, &divisor);
    }
}

/// `w ← w − η g`.
fn descend(w: &mut Tensor, mut g: Tensor, pace: &Factor) {
    multiply(&mut g, pace);
    let _ = w.g_sub_(&g);
}

fn multiply(tensor: &mut Tensor, by: &Factor) {
    match by {
        Factor::One(by) => drop(tensor.g_mul_scalar_(*by)),
        Factor::Each(by) => drop(tensor.g_mul_(by)),
    }
}
