//! Variance transfer: new units come in pairs that cancel, with weights as large as those of the units that are there.
//!
//! Yuan, X. et al. (2023). Accelerated training via incrementally growing neural networks using variance transfer and learning rate
//! adaptation. NeurIPS 36, arXiv:2306.12700. Two new units share incoming weights and have opposite outgoing ones:
//!
//! ```text
//! (v, v),   v ~ N(0, s_in²);     (z, −z),   z ~ N(0, s_out²),
//! ```
//!
//! s_in and s_out being the root mean squares of the existing units' incoming and outgoing weights of each connection, as training has left them.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `incoming` | standard deviation of incoming weights relative to the existing ones', dimensionless | 1 |
//! | `outgoing` | that of outgoing weights | 1 |
//!
//! **Preserves** the function up to rounding: what one unit of a pair adds, the other takes away. They part at the first update, since their
//! incoming weights have opposite gradients. It looks at no rows and costs what drawing the weights costs.
//!
//! **Departures.** The paper draws by rules of a width that is known and rescales old weights as widths grow; here old weights stay as
//! they are, and new ones take on their size. Its learning rate for the weights of a stage, that of the
//! first ones times the ratio of their norms, is left to `plasticity`, by which the rates of new units can be set. An odd unit at the end gets outgoing weights of 0.
//! Connections whose existing weights are all 0 get the network's own initialisation on the incoming side, and 0 on the outgoing one. Layers that are normalised are refused where a new unit would change
//! its neighbours, since then a pair does not cancel.

use super::surroundings::{plain, unnormalised};
use crate::parts::{Answer, Answered, Initializer, Part, Question, Start};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::{Connection, Init, LayerId, NewWeights, Parameter, Random, Request, Unsuited};
use ndarray::Array2;
use rand_distr::{Distribution, StandardNormal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of variance transfer; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VarianceTransfer {
    /// Standard deviation of incoming weights relative to the existing ones'.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub incoming: f32,
    /// That of outgoing weights.
    #[schemars(range(min = 0.0))]
    pub outgoing: f32,
}

impl Default for VarianceTransfer {
    fn default() -> Self {
        Self {
            incoming: 1.0,
            outgoing: 1.0,
        }
    }
}

impl Part for VarianceTransfer {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let Some(graph) = run.graph else { return Ok(()) };
        for layer in run.places.iter().filter_map(|&id| graph.layer(id)) {
            let name = "variance-transfer";
            let fits = plain(graph, layer, name).and_then(|()| unnormalised(layer, name));
            fits.map_err(|reason| Unsuited::new("name", name, reason))?;
        }
        Ok(())
    }
}

/// The root mean square of a block, in double precision; 0 for none.
fn size(block: &Array2<f32>) -> f64 {
    let squares = block.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>();
    (squares / block.len().max(1) as f64).sqrt()
}

fn draw(shape: (usize, usize), size: f64, random: &mut Random) -> Array2<f32> {
    Array2::from_shape_simple_fn(shape, || {
        let normal: f64 = StandardNormal.sample(random);
        (normal * size) as f32
    })
}

impl VarianceTransfer {
    /// Incoming weights `[units, columns]` beside a block of existing ones: units 2i and 2i + 1 share theirs.
    fn paired_rows(&self, block: &Array2<f32>, units: usize, random: &mut Random) -> Array2<f32> {
        let size = size(block) * f64::from(self.incoming);
        let drawn = draw((units.div_ceil(2), block.ncols()), size, random);
        Array2::from_shape_fn((units, block.ncols()), |(unit, j)| drawn[(unit / 2, j)])
    }

    /// Outgoing weights `[rows, units]` beside a block of existing ones: those of units 2i and 2i + 1 are opposite.
    fn opposed_columns(&self, block: &Array2<f32>, units: usize, random: &mut Random) -> Array2<f32> {
        let size = size(block) * f64::from(self.outgoing);
        let drawn = draw((block.nrows(), units / 2), size, random);
        Array2::from_shape_fn((block.nrows(), units), |(i, unit)| {
            let z = drawn.get((i, unit / 2)).copied().unwrap_or(0.0);
            if unit % 2 == 0 { z } else { -z }
        })
    }
}

impl Initializer for VarianceTransfer {
    fn initialize(&self, _: &mut (), view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start> {
        let grown = view.graph.layer(layer);
        let grown = grown.ok_or_else(|| StrategyError::Missing(format!("{layer}")))?;
        let name = "variance-transfer";
        let fits = plain(view.graph, grown, name).and_then(|()| unnormalised(grown, name));
        fits.map_err(StrategyError::Unsuited)?;
        let below: Vec<Connection> = view.graph.into_layer(layer).cloned().collect();
        let above: Vec<Connection> = view.graph.out_of(layer).cloned().collect();
        let Some(measured) = view.measured else {
            let all = below.iter().chain(&above).map(|c| Parameter::Weight(c.id));
            return Ok(Answer::Ask(Question::new(Request::Parameters(all.collect()), 0)));
        };
        let (mut incoming, mut outgoing) = (NewWeights::from(view.init), NewWeights::from(Init::Zero));
        let mut random = view.seed.derive("variance-transfer").random();
        for (connection, block) in below.iter().zip(&measured.arrays) {
            let rows = self.paired_rows(block, units, &mut random);
            if rows.iter().any(|w| *w != 0.0) && rows.iter().all(|w| w.is_finite()) {
                incoming.given.insert(connection.id, rows);
            }
        }
        // Units that do not share their incoming weights do not cancel.
        let paired = incoming.given.len() == below.len();
        let blocks = measured.arrays.iter().skip(below.len());
        for (connection, block) in above.iter().zip(blocks).filter(|_| paired) {
            let columns = self.opposed_columns(block, units, &mut random);
            if columns.iter().all(|w| w.is_finite()) {
                outgoing.given.insert(connection.id, columns);
            }
        }
        Ok(Answer::Is(Start::Fresh {
            incoming,
            outgoing,
            bias: 0.0,
        }))
    }

    fn computes(&self) -> bool {
        true
    }

    fn preserves_function(&self) -> bool {
        true
    }
}

crate::register!(
    initializer,
    VarianceTransfer,
    "variance-transfer",
    summary = "Newborn units come in pairs that cancel, with weights as large as those that are there.",
    citation = "Yuan et al. 2023, arXiv:2306.12700",
    source = include_str!("variance_transfer.rs"),
);

#[cfg(test)]
mod tests;
