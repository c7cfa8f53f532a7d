//! The draw of initial weights as an expression: its bound, and fresh draws of it.

use dentate_core::{Expr, Init};

/// The bound of the initial draw of each weight, from the number of weights into its unit. For a draw without a bound it is that
/// of the uniform draw of the same variance, and for a constant its magnitude.
pub(super) fn bound(init: Init) -> Expr {
    let over_fan_in = |variance: f32| (variance / Expr::fan_in().max(1.0)).sqrt();
    match init {
        Init::Zero => Expr::constant(0.0),
        Init::Constant(value) | Init::Uniform(value) => Expr::constant(value.abs()),
        Init::Normal(deviation) => Expr::constant(deviation.abs() * 3f32.sqrt()),
        Init::He => over_fan_in(6.0),
        Init::FanIn => over_fan_in(1.0),
        Init::Identity => Expr::constant(1.0),
    }
}

/// A fresh draw for each weight: normal numbers with the variance of the initial draw. `None` for the identity, which depends on
/// an entry's place.
pub(super) fn fresh(init: Init, seed: u64) -> Option<Expr> {
    match init {
        Init::Identity => None,
        Init::Zero => Some(Expr::constant(0.0)),
        Init::Constant(value) => Some(Expr::constant(value)),
        Init::Normal(deviation) => Some(deviation * Expr::noise(seed)),
        Init::Uniform(_) | Init::He | Init::FanIn => {
            // A uniform number within ±s has the variance s² / 3.
            Some(3f32.sqrt().recip() * bound(init) * Expr::noise(seed))
        }
    }
}
