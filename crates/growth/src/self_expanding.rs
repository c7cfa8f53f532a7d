//! Self-expanding networks: grow where new parameters would raise the natural-gradient score most, by units or by a layer.
//!
//! Mitchell, R., Menzenbach, R., Kersting, K. & Mundt, M. (2023). Self expanding neural networks. arXiv:2307.04526 (SENN). With g the gradient
//! of the loss and F the Fisher matrix, the score `η = gᵀ F⁻¹ g` is what a natural-gradient step gains, to first order. A proposal adds parameters
//! without changing the function, and so raises η to η'. The one with the largest gain is accepted if
//!
//! ```text
//! η' ≥ relative · η   and   η' − η ≥ absolute
//! ```
//!
//! Proposals: for each hidden layer, up to `units` new units with random incoming weights and outgoing ones of 0, chosen one after the other from `candidates` by their first-order gain;
//! behind each hidden layer, an identity layer. The score is computed exactly on some rows for the empirical Fisher matrix with damping; see the trigger
//! `natural-gradient`, which is the same question for one unit.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `relative` | least ratio of the scores, dimensionless | 1.05 |
//! | `absolute` | least difference of the scores, dimensionless: η is between 0 and 1 | 0.01 |
//! | `units` | units of a proposal at most | 8 |
//! | `deepen` | whether layers are proposed | true |
//! | `most` | number of hidden layers at which the network gets no deeper | 4 |
//! | `max_units` | width at which a layer stops growing | 256 |
//! | `candidates` | random units that are tried for each new one | 32 |
//! | `damping` | λ, relative to the mean eigenvalue of the Fisher matrix on the rows' gradients, dimensionless | 0.1 |
//! | `rows` | rows of the experience that are measured | 256 |
//! | `every` | updates between two checks | 200 |
//!
//! **Preserves** the function exactly: new units have no outgoing weights, and identity layers are proposed only behind activations that leave their own outputs as they are. It
//! needs rows that can be revisited. **Cost** of a check, in multiply-adds, for r rows: a pass forward and backward, `r² (d + m)` for each layer of m units
//! with d inputs, and a factorisation of `r³ / 6` for each layer and each new unit of a proposal: at the defaults on a network of 784-64-64-10 about 2 · 10⁸, the work of 9
//! updates of 128 rows, 5 % of the training.
//!
//! **Departures.** The Fisher matrix is the empirical one, without its factorisation by Kronecker products and without sampled labels; incoming weights are chosen among random ones and not
//! optimised; there are checks at intervals. Layers on grids, and normalised ones, are neither scored nor grown.

use crate::change::Change;
use crate::law::Law;
use crate::parts::natural_gradient::{
    Measurements, Score, Site, Unit, best_unit, deepenable, kernel, widenable,
};
use crate::prospect::{CheckPeriod, Prospect};
use crate::strategy::{Action, GrowthStrategy, Hook, Reason, Select, StrategyError, View};
use dentate_core::{
    Activation, ConnectionId, Init, Layer, LayerId, MAX_WIDTH, NewWeights, Observation, Plan, Route,
    Unsuited, config,
};
use ndarray::{Array2, Axis, concatenate};
use std::collections::BTreeSet;

config! {
    /// Configuration of self-expanding networks; see [the module](self) for the rule and units.
    pub struct SelfExpanding {
        /// Least ratio of the scores with and without a proposal.
        #[schemars(range(min = 1.0))]
        pub relative: f64 = 1.05,
        /// Least difference of the scores.
        #[schemars(range(min = 0.0))]
        pub absolute: f64 = 0.01,
        /// Units of a proposal at most.
        #[schemars(range(min = 1, max = 1024))]
        pub units: usize = 8,
        /// True if layers are proposed.
        pub deepen: bool = true,
        /// Number of hidden layers at which the network gets no deeper.
        #[schemars(range(min = 1))]
        pub most: usize = 4,
        /// Width at which a layer stops growing.
        #[schemars(range(min = 1, max = MAX_WIDTH))]
        pub max_units: usize = 256,
        /// Random units that are tried for each new one.
        #[schemars(range(min = 1, max = 10_000))]
        pub candidates: usize = 32,
        /// λ, relative to the mean eigenvalue of the Fisher matrix on the rows' gradients.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub damping: f64 = 0.1,
        /// Rows of the experience that are measured.
        #[schemars(range(min = 1, max = 4096))]
        pub rows: u32 = 256,
        /// Updates between two checks.
        #[schemars(range(min = 1))]
        pub every: u64 = 200,
    }
}

/// A growth that was thought of, with the score that the network would have.
#[derive(Clone, Debug)]
enum Proposal {
    Wider(LayerId, Vec<Unit>),
    Deeper(ConnectionId, Activation),
}

impl SelfExpanding {
    /// The units of a layer, chosen one after the other, with the score after the last.
    fn wider(
        &self,
        view: &View<'_>,
        of: &Measurements,
        now: &Score,
        layer: &Layer,
    ) -> Option<(f64, Proposal)> {
        let room = self.units.min(self.max_units.saturating_sub(layer.width()));
        let site = Site::of(view, of, layer)?;
        let (mut score, mut units) = (now.clone(), Vec::new());
        for number in 0..room {
            let seed = view.seed.derive(&format!("self-expanding/{number}"));
            let sites = std::slice::from_ref(&site);
            let Some(unit) = best_unit(view, sites, &score, self.candidates, seed) else {
                break;
            };
            score = score.with(&unit.kernel);
            units.push(unit);
        }
        (!units.is_empty()).then_some((score.value, Proposal::Wider(layer.id, units)))
    }

    /// Every proposal with its score.
    fn proposals(&self, view: &View<'_>, of: &Measurements, now: &Score) -> Vec<(f64, Proposal)> {
        let mut all: Vec<_> = widenable(view.graph, self.max_units)
            .filter_map(|layer| self.wider(view, of, now, layer))
            .collect();
        if self.deepen && view.graph.hidden().count() < self.most {
            for (layer, connection) in deepenable(view.graph) {
                let (Some(outputs), Some(deltas)) = (of.outputs.get(&layer.id), of.deltas.get(&layer.id))
                else {
                    continue;
                };
                let one = Array2::ones((outputs.nrows(), 1));
                let Ok(inputs) = concatenate(Axis(1), &[outputs.view(), one.view()]) else {
                    continue;
                };
                let score = now.with(&kernel(&inputs, deltas)).value;
                all.push((score, Proposal::Deeper(connection.id, layer.activation)));
            }
        }
        all
    }
}

/// The plan of a proposal.
fn plan(view: &View<'_>, proposal: &Proposal) -> Plan {
    let mut plan = view.plan("self-expand");
    match proposal {
        Proposal::Deeper(connection, activation) => {
            let name = format!("deeper-{}", view.graph.next_connection().0);
            plan.insert_identity(*connection, name, *activation);
        }
        Proposal::Wider(layer, units) => {
            let mut incoming = NewWeights::from(Init::Zero);
            let mut first = 0;
            for connection in view.graph.into_layer(*layer) {
                let width = view.graph.layer(connection.from).map_or(0, |l| l.features());
                let weights = Array2::from_shape_fn((units.len(), width), |(i, j)| {
                    units[i].incoming.get(first + j).map_or(0.0, |w| *w as f32)
                });
                incoming.given.insert(connection.id, weights);
                first += width;
            }
            plan.widen(*layer, units.len(), incoming, Init::Zero);
        }
    }
    plan.finish()
}

impl GrowthStrategy for SelfExpanding {
    /// The update of the last growth: there is one at a check.
    type State = Option<u64>;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let name = "self-expanding";
        run.needs_hidden(name)?;
        run.revisits(
            "rows",
            self.rows,
            "use `composed` with `loss-plateau`, which needs losses only",
        )?;
        if let Some(graph) = run.graph {
            let deeper =
                self.deepen && graph.hidden().count() < self.most && deepenable(graph).next().is_some();
            if widenable(graph, self.max_units).next().is_none() && !deeper {
                let reason = "no layer could grow: it widens plain layers below `max_units`, and inserts layers behind rectifiers up to `most`";
                return Err(Unsuited::new("max_units", self.max_units, reason));
            }
        }
        run.needs_calls("every", self.every, 1, CheckPeriod::TheRun)
    }

    fn cadence(&self) -> Option<u64> {
        Some(self.every)
    }

    fn changes(&self) -> BTreeSet<Change> {
        let deepen = self.deepen.then_some(Change::Deepen);
        deepen.into_iter().chain([Change::Widen]).collect()
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::PreservesFunction]
    }

    fn propose(&self, grown: &mut Option<u64>, view: &View<'_>) -> Result<Action, StrategyError> {
        if view.hook != Hook::Update || *grown == Some(view.moment.step) {
            return Ok(Action::Hold(Reason::NotNow));
        }
        let Some(measured) = view.measured else {
            let requests = Measurements::requests(view);
            return Ok(Action::Measure(
                requests,
                Select::Sample(self.rows),
                Route::default(),
            ));
        };
        let of = Measurements::of(view, measured)?;
        let Some(kernel) = of.kernel(view.graph) else {
            return Ok(Action::Hold(Reason::NoLayer));
        };
        let now = Score::new(kernel, self.damping);
        let proposals = self.proposals(view, &of, &now);
        let best = crate::parts::largest(proposals.iter().map(|(score, _)| *score));
        let Some((score, proposal)) = best.and_then(|i| proposals.get(i)) else {
            return Ok(Action::Hold(Reason::Cap));
        };
        if *score < self.relative * now.value || score - now.value < self.absolute {
            return Ok(Action::Hold(Reason::Improving));
        }
        *grown = Some(view.moment.step);
        let mut plan = plan(view, proposal);
        plan.observed = Observation::new("gain of the natural-gradient score", score - now.value);
        Ok(Action::Grow(plan))
    }
}

crate::register!(
    strategy,
    SelfExpanding,
    "self-expanding",
    summary = "Grows by units or a layer where new parameters raise the natural-gradient score most (SENN).",
    citation = "Mitchell et al. 2023, arXiv:2307.04526",
    source = include_str!("self_expanding.rs"),
);

#[cfg(test)]
mod tests;
