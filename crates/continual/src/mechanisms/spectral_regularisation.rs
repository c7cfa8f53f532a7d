//! Spectral regularisation: keeps the largest singular value of every weight matrix near 1.
//!
//! Lewandowski, A. et al. (2025). Learning continually by spectral regularization. *ICLR*, arXiv:2406.06811. With W_l the matrix of a
//! connection (units × sources, a kernel with all of its places), σ(W_l) its largest singular value, and b_l the biases of a layer,
//!
//! ```text
//! L(θ) + λ Σ_l (σ(W_l)^k − 1)² + λ Σ_l ‖b_l‖^(2k)
//! ```
//!
//! The gradient of σ is u vᵀ, its singular vectors. v is kept between updates and follows by power iteration, v ← WᵀW v scaled to
//! length 1, one iteration an update; u = W v / σ.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `strength` | λ, dimensionless | 1e-3 |
//! | `exponent` | k | 2 |
//! | `biases` | whether biases are pulled to 0 | true |
//!
//! **Preserves** nothing exactly; it acts from the first update on, on whatever blocks are learned. v is a slot and follows growth: a new
//! source starts with 0 in it, which the next iteration replaces; in a new connection, such as a new head's, v starts at random, so that
//! what is pulled there is not the largest singular value yet but a smaller one.
//!
//! **Departures.** The first update makes several iterations from random numbers, later ones one each. Nothing is added to the gradient of
//! gains and of normalisations, but to the optimizer they count as reached, also in parts that an update does not touch. The strengths of the paper are tuned for each problem; the default is a small one.

use crate::mechanism::{Context, Mechanism, Needs};
use dentate_core::{Expr, LearnError, Over, Slot, SlotKind, config};

/// v, in every row of a block.
const DIRECTION: &str = "direction";
/// Iterations at the first update.
const FIRST: usize = 30;

config! {
    /// Configuration; see [the module](self) for the equation.
    pub struct SpectralRegularisation {
        /// λ: strength of the penalty.
        #[schemars(range(min = 0.0))]
        pub strength: f32 = 1e-3,
        /// k: exponent of the singular value.
        #[schemars(range(min = 1, max = 8))]
        pub exponent: u32 = 2,
        /// Pulls biases to 0.
        pub biases: bool = true,
    }
}

impl Mechanism for SpectralRegularisation {
    type State = ();

    fn needs(&self) -> Needs {
        Needs {
            gradient: true,
            ..Needs::slots(&[(SlotKind::Statistic, DIRECTION)])
        }
    }

    fn gradient(&self, (): &mut (), cx: &mut Context<'_>, gradient: Slot) -> Result<(), LearnError> {
        if self.strength == 0.0 {
            return Ok(());
        }
        let direction = cx.slot(DIRECTION)?;
        let seed = cx.seed("direction").0;
        let weight = || Expr::slot(Slot::WEIGHT);
        // One iteration. A vector that is the same in every row has its length along a row. Without one, of a matrix of zeros, it starts anew.
        let followed = || {
            let back = || (weight() * (weight() * direction).sum(Over::Row)).sum(Over::Column);
            let length = || back().norm(Over::Row);
            let unit = length().greater(0.0).select(back() / length(), start(seed));
            Expr::weights().select(unit, 0.0)
        };
        let mut iterations = 1;
        if !cx.network.has(direction) {
            cx.network
                .map(direction, &Expr::weights().select(start(seed), 0.0))?;
            iterations = FIRST;
        }
        for _ in 0..iterations {
            cx.network.map(direction, &followed())?;
        }
        // W v, in every column.
        let image = || (weight() * direction).sum(Over::Row);
        let sigma = || image().norm(Over::Column);
        // 2 λ k (σ^k − 1) σ^(k − 1) u vᵀ with u = W v / σ; written without a division where σ is 0, as is then W v.
        let k = self.exponent;
        let slope = match k {
            1 => (sigma() - 1.0) / sigma().max(f32::MIN_POSITIVE),
            _ => (power(&sigma(), k) - 1.0) * power(&sigma(), k - 2),
        };
        let factor = 2.0 * self.strength * k as f32;
        let pulled = factor * slope * image() * direction;
        let biases = if self.biases {
            let biases = factor * power(&weight().norm(Over::Block), 2 * k - 2) * weight();
            Expr::fan_in().greater(0.0).select(biases, 0.0)
        } else {
            Expr::constant(0.0)
        };
        let regularised = Expr::slot(gradient) + Expr::weights().select(pulled, biases);
        Ok(cx.network.map(gradient, &regularised)?)
    }
}

/// A random vector of length 1, the same in every row of a block.
fn start(seed: u64) -> Expr {
    let sums = Expr::noise(seed).sum(Over::Column);
    sums.clone() / sums.norm(Over::Row)
}

/// x to a whole power.
fn power(x: &Expr, exponent: u32) -> Expr {
    (0..exponent).fold(Expr::constant(1.0), |product, _| product * x.clone())
}

crate::register!(
    mechanism,
    SpectralRegularisation,
    "spectral-regularisation",
    summary = "Keeps the largest singular value of every weight matrix near 1.",
    citation = "Lewandowski et al. 2025, arXiv:2406.06811",
    source = include_str!("spectral_regularisation.rs"),
);
