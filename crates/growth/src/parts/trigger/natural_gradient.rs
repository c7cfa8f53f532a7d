//! Natural gradient: fires when a new unit would raise the natural-gradient score of the network enough.
//!
//! Mitchell, R. et al. (2023). Self expanding neural networks. arXiv:2307.04526. With g the gradient of the loss over some rows and F the
//! damped empirical Fisher matrix, `η = gᵀ F⁻¹ g` says what a natural-gradient step could gain. With η' the score with one unit more, of several random ones the
//! best in any layer, it fires when
//!
//! ```text
//! η' ≥ relative · η   and   η' − η ≥ absolute
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `relative` | least ratio of the scores, dimensionless | 1.01 |
//! | `absolute` | least difference of the scores, dimensionless: η is between 0 and 1 | 1e-3 |
//! | `damping` | λ, relative to the mean eigenvalue of the Fisher matrix on the rows' gradients, dimensionless | 0.1 |
//! | `candidates` | random units that are tried in each layer | 32 |
//! | `rows` | rows of the experience that are measured | 256 |
//!
//! It needs rows that can be revisited. **Cost** of a check, in multiply-adds, for r rows: a pass forward and backward, `r² (d + m)` for each layer of m units with d inputs,
//! `r (d + o)` for each candidate below o sums, and two factorisations of `r³ / 6`.
//!
//! **Departures.** As the strategy `self-expanding`: the Fisher matrix is the empirical one, exact and not factored; incoming weights are drawn and not optimised.

use crate::parts::natural_gradient::{Measurements, Score, Site, best_unit, widenable};
use crate::parts::{Answer, Answered, Decision, Part, Trigger};
use crate::prospect::{CheckPeriod, Prospect};
use crate::strategy::{Hook, Reason, View};
use dentate_core::{Unsuited, config};

config! {
    /// Configuration of the trigger; see [the module](self) for the equation and units.
    pub struct NaturalGradient {
        /// Least ratio of the scores with and without a new unit.
        #[schemars(range(min = 1.0))]
        pub relative: f64 = 1.01,
        /// Least difference of the scores.
        #[schemars(range(min = 0.0))]
        pub absolute: f64 = 1e-3,
        /// λ, relative to the mean eigenvalue of the Fisher matrix on the rows' gradients.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub damping: f64 = 0.1,
        /// Random units that are tried in each layer.
        #[schemars(range(min = 1, max = 10_000))]
        pub candidates: usize = 32,
        /// Rows of the experience that are measured.
        #[schemars(range(min = 1, max = 4096))]
        pub rows: u32 = 256,
    }
}

impl Part for NaturalGradient {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "use `loss-plateau`, which needs losses only")?;
        run.needs_calls("name", "natural-gradient", 1, CheckPeriod::TheRun)
    }
}

impl Trigger for NaturalGradient {
    fn fires(&self, (): &mut (), view: &View<'_>) -> Answered<Decision> {
        if view.hook != Hook::Update {
            return Ok(Answer::Is(Decision::Wait(Reason::NotNow)));
        }
        let Some(measured) = view.measured else {
            return Ok(Answer::Ask(Measurements::question(view, self.rows)));
        };
        let of = Measurements::of(view, measured)?;
        let Some(kernel) = of.kernel(view.graph) else {
            return Ok(Answer::Is(Decision::Wait(Reason::NoLayer)));
        };
        let now = Score::new(kernel, self.damping);
        let seed = view.seed.derive("natural-gradient");
        let sites: Vec<Site<'_>> = widenable(view.graph, usize::MAX)
            .filter_map(|layer| Site::of(view, &of, layer))
            .collect();
        let Some(best) = best_unit(view, &sites, &now, self.candidates, seed) else {
            return Ok(Answer::Is(Decision::Wait(Reason::NoLayer)));
        };
        let with = now.with(&best.kernel).value;
        let enough = with >= self.relative * now.value && with - now.value >= self.absolute;
        Ok(Answer::Is(if enough {
            Decision::grow(1.0).because("gain of the natural-gradient score", with - now.value)
        } else {
            Decision::Wait(Reason::Improving)
        }))
    }
}

crate::register!(
    trigger,
    NaturalGradient,
    "natural-gradient",
    summary = "Fires when a new unit would raise the natural-gradient score of the network enough.",
    citation = "Mitchell et al. 2023, arXiv:2307.04526",
    source = include_str!("natural_gradient.rs"),
);
