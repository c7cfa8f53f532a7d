//! Optimizers, one vector of parameters at a time. With g the gradient plus `weight_decay · w`, r the weight's learning-rate
//! scale and η the learning rate:
//!
//! - SGD: `v ← momentum · v + g`, `w ← w − (η r) v`;
//! - Adam (Kingma & Ba 2015, arXiv:1412.6980): `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
//!   `w ← w − (η r) c₁ m / (√(c₂ v) + ε)`;
//! - AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101): as Adam without decay in g, and `w ← w − (η r) weight_decay · w`.
//!
//! `c = 1 / (1 − βᵗ)` corrects moments that began at 0; t counts the updates that reached the block since the younger of the
//! two units that a weight joins was created. A learning-rate scale of 0 keeps every bit of the weight and of its moments.
//!
//! Values below the smallest normal number become 0 ([`settle`](super::settle)): the stored numbers, and the intermediate
//! products, which would be as slow to compute.
//!
//! Every update ends here, so the same gradient gives the same bits whatever computed it.

use super::settle::{at_least, settle_lanes};
use dentate_core::Optimizer;
use pulp::Simd;

/// An optimizer's constants.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rule {
    learning_rate: f32,
    momentum: f32,
    pub(super) betas: (f32, f32),
    epsilon: f32,
    /// Weight decay that is part of the gradient.
    coupled: f32,
    /// Decoupled weight decay.
    decoupled: f32,
    pub(super) adam: bool,
}

impl Rule {
    pub(super) fn of(optimizer: &Optimizer) -> Self {
        match *optimizer {
            Optimizer::Sgd {
                learning_rate,
                momentum,
                weight_decay,
            } => Self {
                learning_rate,
                momentum,
                coupled: weight_decay,
                ..Self::default()
            },
            Optimizer::Adam {
                learning_rate,
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => Self {
                learning_rate,
                betas: (beta1, beta2),
                epsilon,
                coupled: weight_decay,
                adam: true,
                ..Self::default()
            },
            Optimizer::AdamW {
                learning_rate,
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => Self {
                learning_rate,
                betas: (beta1, beta2),
                epsilon,
                decoupled: weight_decay,
                adam: true,
                ..Self::default()
            },
        }
    }

    /// Returns whether the rule has a first moment.
    pub(super) fn has_first(&self) -> bool {
        self.adam || self.momentum != 0.0
    }

    /// Its kind, of [`MOMENTS`] and [`DECAY`].
    pub(super) fn kind(&self) -> u8 {
        let moments = match (self.adam, self.has_first()) {
            (true, _) => TWO,
            (_, true) => ONE,
            _ => NONE,
        };
        let decays = self.coupled != 0.0 || self.decoupled != 0.0;
        moments | if decays { DECAY } else { 0 }
    }

    /// Returns whether a gradient of 0 changes no bit.
    pub(super) fn skips_zeros(&self) -> bool {
        !self.has_first() && self.coupled == 0.0
    }
}

/// The number of moments a rule keeps, and whether parameters decay: loops are compiled separately for each.
pub(super) const NONE: u8 = 0;
pub(super) const ONE: u8 = 1;
pub(super) const TWO: u8 = 2;
pub(super) const MOMENTS: u8 = 3;
pub(super) const DECAY: u8 = 4;

/// A rule's constants in every lane.
#[derive(Clone, Copy)]
pub(super) struct Lanes<S: Simd> {
    /// −η.
    descent: S::f32s,
    coupled: S::f32s,
    decoupled: S::f32s,
    /// The factors on the old moments and on the new terms. SGD takes all of the new.
    keep: [S::f32s; 2],
    take: [S::f32s; 2],
    /// The smallest gradient whose term in the second moment is a normal number.
    least: S::f32s,
    epsilon: S::f32s,
}

/// The factors of a step that may differ between parameters, precomputed.
#[derive(Clone, Copy)]
pub(super) struct StepFactors<S: Simd> {
    /// −η r.
    step: S::f32s,
    /// η r c₁.
    scaled: S::f32s,
    /// √c₂.
    widen: S::f32s,
    /// −η r times decoupled decay.
    pull: S::f32s,
}

impl<S: Simd> Lanes<S> {
    #[inline(always)]
    pub(super) fn of(simd: S, rule: &Rule) -> Self {
        let all = |x: f32| simd.splat_f32s(x);
        let (b1, b2) = rule.betas;
        let (keep, take) = if rule.adam {
            ([all(b1), all(b2)], [all(1.0 - b1), all(1.0 - b2)])
        } else {
            ([all(rule.momentum); 2], [all(1.0); 2])
        };
        Self {
            descent: all(-rule.learning_rate),
            coupled: all(rule.coupled),
            decoupled: all(rule.decoupled),
            keep,
            take,
            // Half a percent more than the root, which may have been rounded down.
            least: all(1.005 * (f32::MIN_POSITIVE / (1.0 - b2)).sqrt()),
            // Its inverse can be multiplied by any learning rate. A root is 0 or much larger.
            epsilon: all(rule.epsilon.max(1e-30)),
        }
    }

    #[inline(always)]
    pub(super) fn factors(&self, simd: S, rate: S::f32s, c1: S::f32s, c2: S::f32s) -> StepFactors<S> {
        let step = simd.mul_f32s(self.descent, rate);
        StepFactors {
            step,
            scaled: simd.mul_f32s(simd.neg_f32s(step), c1),
            widen: simd.sqrt_f32s(c2),
            pull: simd.mul_f32s(step, self.decoupled),
        }
    }

    /// Update a vector by its gradient. Moments that the rule does not have are left as they are.
    #[inline(always)]
    pub(super) fn update<const KIND: u8>(
        &self,
        simd: S,
        factors: &StepFactors<S>,
        w: &mut S::f32s,
        m: &mut S::f32s,
        v: &mut S::f32s,
        g: S::f32s,
    ) {
        // Rounded as a slot stores it.
        let g = settle_lanes(simd, g);
        let decay = KIND & DECAY != 0;
        let g = if decay {
            simd.mul_add_e_f32s(self.coupled, *w, g)
        } else {
            g
        };
        if KIND & MOMENTS == NONE {
            *w = settle_lanes(simd, simd.mul_add_e_f32s(factors.step, g, *w));
        } else if KIND & MOMENTS == ONE {
            *m = settle_lanes(simd, simd.mul_add_e_f32s(self.keep[0], *m, g));
            *w = settle_lanes(simd, simd.mul_add_e_f32s(factors.step, *m, *w));
        } else {
            let taken = simd.mul_f32s(self.take[0], g);
            *m = settle_lanes(simd, simd.mul_add_e_f32s(self.keep[0], *m, taken));
            let g = at_least(simd, g, self.least);
            let taken = simd.mul_f32s(simd.mul_f32s(self.take[1], g), g);
            *v = settle_lanes(simd, simd.mul_add_e_f32s(self.keep[1], *v, taken));
            let pulled = if decay {
                simd.mul_add_e_f32s(factors.pull, *w, *w)
            } else {
                *w
            };
            *w = self.step(simd, factors, *m, *v, pulled);
        }
    }

    /// [`update`](Self::update) by a gradient of 0, for a rule of two moments without decay: the same bits. Where the first
    /// moment is 0, only the second changes ([`fade`](Self::fade)).
    #[inline(always)]
    pub(super) fn coast(
        &self,
        simd: S,
        factors: &StepFactors<S>,
        w: &mut S::f32s,
        m: &mut S::f32s,
        v: &mut S::f32s,
    ) {
        // A sum with 0, not a product alone: −0 becomes 0.
        let none = simd.splat_f32s(0.0);
        *m = settle_lanes(simd, simd.mul_add_e_f32s(self.keep[0], *m, none));
        self.fade(simd, v);
        *w = self.step(simd, factors, *m, *v, *w);
    }

    /// Update a second moment by a gradient of 0.
    #[inline(always)]
    pub(super) fn fade(&self, simd: S, v: &mut S::f32s) {
        *v = settle_lanes(simd, simd.mul_add_e_f32s(self.keep[1], *v, simd.splat_f32s(0.0)));
    }

    #[inline(always)]
    fn step(&self, simd: S, factors: &StepFactors<S>, m: S::f32s, v: S::f32s, w: S::f32s) -> S::f32s {
        let next = step(simd, (m, factors.scaled), v, factors.widen, self.epsilon, w);
        settle_lanes(simd, next)
    }
}

/// `w − m · (scaled / (widen · √square + ε))`: the product of m and the learning rate alone could be subnormal.
///
/// With AVX-512, 1/√x and 1/x are estimated and refined by a Newton step each, accurate to about two units in the last place,
/// since the exact instructions are slow. A square that has overflowed is replaced by the largest number.
#[inline(always)]
fn step<S: Simd>(
    simd: S,
    (m, scaled): (S::f32s, S::f32s),
    square: S::f32s,
    widen: S::f32s,
    epsilon: S::f32s,
    w: S::f32s,
) -> S::f32s {
    #[cfg(target_arch = "x86_64")]
    if let Some(v4) = (&simd as &dyn std::any::Any).downcast_ref::<pulp::x86::V4>() {
        use pulp::bytemuck::cast;
        let most = simd.splat_f32s(f32::MAX);
        // Of a NaN and a number, the minimum is the second: NaN has to come second.
        let square = simd.min_f32s(most, square);
        let estimate: S::f32s = cast(v4.avx512f._mm512_rsqrt14_ps(cast(square)));
        // 1/√0 is ∞, and ∞ · 0 is not 0.
        let estimate = simd.min_f32s(most, estimate);
        let rough = simd.mul_f32s(square, estimate);
        let half = simd.mul_f32s(simd.splat_f32s(-0.5), estimate);
        let off = simd.mul_add_e_f32s(rough, half, simd.splat_f32s(0.5));
        let root = simd.mul_add_e_f32s(rough, off, rough);
        let spread = simd.mul_add_e_f32s(widen, root, epsilon);
        let estimate: S::f32s = cast(v4.avx512f._mm512_rcp14_ps(cast(spread)));
        let off = simd.mul_add_e_f32s(spread, estimate, simd.splat_f32s(-2.0));
        // The negated inverse.
        let inverse = simd.mul_f32s(estimate, off);
        return simd.mul_add_e_f32s(m, simd.mul_f32s(scaled, inverse), w);
    }
    let spread = simd.mul_add_e_f32s(widen, simd.sqrt_f32s(square), epsilon);
    let turned = simd.sub_f32s(simd.splat_f32s(0.0), scaled);
    simd.mul_add_e_f32s(m, simd.div_f32s(turned, spread), w)
}

#[cfg(test)]
mod tests;
