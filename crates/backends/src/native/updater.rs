//! Optimizers, one pass over each row of parameters. With g the gradient plus `weight_decay · w`, r the weight's rate and
//! η the learning rate:
//!
//! - SGD: `v ← momentum · v + g`, `w ← w − (η r) v`;
//! - Adam (Kingma & Ba 2015, arXiv:1412.6980): `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
//!   `w ← w − (η r) c₁ m / (√(c₂ v) + ε)`;
//! - AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101): as Adam without decay in g, and `w ← w − (η r) weight_decay · w`.
//!
//! `c = 1 / (1 − βᵗ)` corrects moments that began at 0; t counts the updates that reached the block since the younger of the
//! two units that a weight joins was born. A rate of 0 keeps every bit of the weight and of its moments.

use super::ages::Corrections;
use super::block::Block;
use super::sink::Span;
use dentate_core::Optimizer;
use pulp::{Arch, Simd, WithSimd};

/// An optimizer at work.
#[derive(Debug, Default)]
pub(super) struct Updater {
    pub(super) rule: Rule,
    /// First and second moments; empty where the rule has none.
    pub(super) first: Vec<Block>,
    pub(super) second: Vec<Block>,
    /// Bias corrections of this update.
    pub(super) corrections: Corrections,
    c1: Vec<f32>,
    c2: Vec<f32>,
}

/// An optimizer's constants.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rule {
    learning_rate: f32,
    momentum: f32,
    pub(super) betas: (f32, f32),
    epsilon: f32,
    /// Decay that is part of the gradient.
    coupled: f32,
    /// Decay that is not.
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

    /// Whether it keeps a first moment.
    pub(super) fn has_first(&self) -> bool {
        self.adam || self.momentum != 0.0
    }
}

impl Updater {
    /// Whether a gradient of 0 changes no bit.
    pub(super) fn skips_zeros(&self) -> bool {
        !self.rule.has_first() && self.rule.coupled == 0.0
    }

    /// Update some stored rows of a block whose entries have one rate. `false`: their corrections differ, and nothing was
    /// done.
    pub(super) fn tile(
        &mut self,
        place: usize,
        span: Span<'_>,
        weights: &mut Block,
        gradient: &Block,
        rate: f32,
    ) -> bool {
        let corrections = if self.rule.adam {
            self.corrections.whole(place)
        } else {
            Some((1.0, 1.0))
        };
        let Some(corrections) = corrections else {
            return false;
        };
        if rate == 0.0 {
            return true;
        }
        let tile = Tile {
            rule: self.rule,
            rate,
            corrections,
            span,
            w: weights,
            first: self.first.get_mut(place),
            second: self.second.get_mut(place),
            g: gradient,
        };
        Arch::new().dispatch(tile);
        true
    }

    /// Update one stored row of a block. `rate` is that of the whole row, or else `rates` has one for each entry.
    pub(super) fn row(
        &mut self,
        place: usize,
        row: usize,
        weights: &mut Block,
        gradient: &[f32],
        rate: Option<f32>,
        rates: &mut Vec<f32>,
    ) {
        let n = gradient.len();
        if !self.rule.adam {
            let kept = self.rule.has_first().then(|| self.first[place].row_mut(row));
            let rate = rate.map_or(Rates::Each(&rates[..]), Rates::Same);
            let update = Descent {
                rule: self.rule,
                rate,
                w: weights.row_mut(row),
                v: kept,
                g: gradient,
            };
            return Arch::new().dispatch(update);
        }
        let same = self.corrections.row(place, row, &mut self.c1, &mut self.c2);
        let coefficients = match (rate, same) {
            (Some(rate), Some((c1, c2))) => Coefficients::Same { rate, c1, c2 },
            (rate, same) => {
                if let Some(rate) = rate {
                    rates.clear();
                    rates.resize(n, rate);
                }
                if let Some((c1, c2)) = same {
                    self.c1.clear();
                    self.c1.resize(n, c1);
                    self.c2.clear();
                    self.c2.resize(n, c2);
                }
                Coefficients::Each {
                    rates: &rates[..n],
                    c1: &self.c1[..n],
                    c2: &self.c2[..n],
                }
            }
        };
        let update = Adam {
            rule: self.rule,
            coefficients,
            w: weights.row_mut(row),
            m: self.first[place].row_mut(row),
            v: self.second[place].row_mut(row),
            g: gradient,
        };
        Arch::new().dispatch(update);
    }
}

/// Rows whose entries share rate and corrections.
struct Tile<'a> {
    rule: Rule,
    rate: f32,
    corrections: (f32, f32),
    span: Span<'a>,
    w: &'a mut Block,
    first: Option<&'a mut Block>,
    second: Option<&'a mut Block>,
    g: &'a Block,
}

impl WithSimd for Tile<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self {
            rule,
            rate,
            span,
            w,
            g,
            ..
        } = self;
        let (c1, c2) = self.corrections;
        match (self.first, self.second) {
            (None, _) => {
                for i in 0..g.rows() {
                    descend(&rule, w.row_mut(span.at(i)), g.row(i), |_| rate);
                }
            }
            (Some(v), None) => {
                for i in 0..g.rows() {
                    let row = span.at(i);
                    roll(&rule, w.row_mut(row), v.row_mut(row), g.row(i), |_| rate);
                }
            }
            (Some(m), Some(v)) => {
                for i in 0..g.rows() {
                    let row = span.at(i);
                    adam(
                        &rule,
                        w.row_mut(row),
                        m.row_mut(row),
                        v.row_mut(row),
                        g.row(i),
                        |_| (rate, c1, c2),
                    );
                }
            }
        }
    }
}

enum Rates<'a> {
    Same(f32),
    Each(&'a [f32]),
}

/// One row of gradient descent.
struct Descent<'a> {
    rule: Rule,
    rate: Rates<'a>,
    w: &'a mut [f32],
    v: Option<&'a mut [f32]>,
    g: &'a [f32],
}

impl WithSimd for Descent<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { rule, w, v, g, .. } = self;
        match (self.rate, v) {
            (Rates::Same(rate), None) => descend(&rule, w, g, |_| rate),
            (Rates::Each(rates), None) => descend(&rule, w, g, |i| rates[i]),
            (Rates::Same(rate), Some(v)) => roll(&rule, w, v, g, |_| rate),
            (Rates::Each(rates), Some(v)) => roll(&rule, w, v, g, |i| rates[i]),
        }
    }
}

#[inline(always)]
fn descend(rule: &Rule, w: &mut [f32], g: &[f32], rate: impl Fn(usize) -> f32) {
    let n = w.len().min(g.len());
    let (w, g) = (&mut w[..n], &g[..n]);
    for i in 0..n {
        let g = g[i] + rule.coupled * w[i];
        let next = w[i] - rule.learning_rate * rate(i) * g;
        w[i] = if rate(i) == 0.0 { w[i] } else { next };
    }
}

#[inline(always)]
fn roll(rule: &Rule, w: &mut [f32], v: &mut [f32], g: &[f32], rate: impl Fn(usize) -> f32) {
    let n = w.len().min(g.len()).min(v.len());
    let (w, v, g) = (&mut w[..n], &mut v[..n], &g[..n]);
    for i in 0..n {
        let g = g[i] + rule.coupled * w[i];
        let rolled = rule.momentum * v[i] + g;
        let next = w[i] - rule.learning_rate * rate(i) * rolled;
        let still = rate(i) == 0.0;
        v[i] = if still { v[i] } else { rolled };
        w[i] = if still { w[i] } else { next };
    }
}

enum Coefficients<'a> {
    Same {
        rate: f32,
        c1: f32,
        c2: f32,
    },
    Each {
        rates: &'a [f32],
        c1: &'a [f32],
        c2: &'a [f32],
    },
}

/// One row of Adam.
struct Adam<'a> {
    rule: Rule,
    coefficients: Coefficients<'a>,
    w: &'a mut [f32],
    m: &'a mut [f32],
    v: &'a mut [f32],
    g: &'a [f32],
}

impl WithSimd for Adam<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let n = self.w.len().min(self.g.len()).min(self.m.len()).min(self.v.len());
        let (w, m, v, g) = (&mut self.w[..n], &mut self.m[..n], &mut self.v[..n], &self.g[..n]);
        match self.coefficients {
            Coefficients::Same { rate, c1, c2 } => adam(&self.rule, w, m, v, g, |_| (rate, c1, c2)),
            Coefficients::Each { rates, c1, c2 } => {
                let (rates, c1, c2) = (&rates[..n], &c1[..n], &c2[..n]);
                adam(&self.rule, w, m, v, g, |i| (rates[i], c1[i], c2[i]));
            }
        }
    }
}

#[inline(always)]
fn adam(
    rule: &Rule,
    w: &mut [f32],
    m: &mut [f32],
    v: &mut [f32],
    g: &[f32],
    coefficients: impl Fn(usize) -> (f32, f32, f32),
) {
    let (b1, b2) = rule.betas;
    let n = w.len().min(g.len()).min(m.len()).min(v.len());
    let (w, m, v, g) = (&mut w[..n], &mut m[..n], &mut v[..n], &g[..n]);
    for i in 0..n {
        let (rate, c1, c2) = coefficients(i);
        let step = rule.learning_rate * rate;
        let g = g[i] + rule.coupled * w[i];
        let first = b1 * m[i] + (1.0 - b1) * g;
        let second = b2 * v[i] + (1.0 - b2) * g * g;
        let pull = step * rule.decoupled * w[i];
        let next = w[i] - (step * c1 * first / ((c2 * second).sqrt() + rule.epsilon) + pull);
        let still = rate == 0.0;
        m[i] = if still { m[i] } else { first };
        v[i] = if still { v[i] } else { second };
        w[i] = if still { w[i] } else { next };
    }
}
