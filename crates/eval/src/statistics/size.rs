//! Sizes of paired differences, without a unit.

use statrs::function::gamma::ln_gamma;

/// The size of a difference over seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EffectSize {
    /// Cohen's d_z: the mean difference over the standard deviation of the differences (Cohen 1988); `None` without a spread.
    pub cohen: Option<f64>,
    /// The same with Hedges' correction for few seeds, `Γ(ν/2) / (√(ν/2) Γ((ν−1)/2))` at ν = n − 1 (Hedges 1981); from three seeds on.
    pub hedges: Option<f64>,
    /// Probability of superiority: the share of seeds on which the first is larger, ties as half (Grissom & Kim 2012).
    pub superiority: f64,
}

impl EffectSize {
    /// The size of these differences, where a spread below `least` is none; `None` for no differences or one that is not finite.
    #[must_use]
    pub fn of(differences: &[f64], least: f64) -> Option<Self> {
        if differences.is_empty() || differences.iter().any(|d| !d.is_finite()) {
            return None;
        }
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let squares: f64 = differences.iter().map(|d| (d - mean).powi(2)).sum();
        let spread = (squares / (n - 1.0)).sqrt();
        let cohen = (spread > 0.0 && spread >= least).then_some(mean / spread);
        let larger = differences.iter().map(|d| match d.partial_cmp(&0.0) {
            Some(std::cmp::Ordering::Greater) => 1.0,
            Some(std::cmp::Ordering::Equal) => 0.5,
            _ => 0.0,
        });
        Some(Self {
            cohen,
            hedges: cohen.and_then(|d| Some(d * correction(n - 1.0)?)),
            superiority: larger.sum::<f64>() / n,
        })
    }
}

/// Hedges' exact correction at so many degrees of freedom.
fn correction(freedom: f64) -> Option<f64> {
    let half = freedom / 2.0;
    (freedom > 1.0).then(|| (ln_gamma(half) - ln_gamma(half - 0.5) - half.ln() / 2.0).exp())
}

#[cfg(test)]
mod tests;
