//! Circulation: the network gets deeper behind one layer after another, and no longer where it did not pay.
//!
//! Wen, W., Yan, F., Chen, Y. & Li, H. (2020). AutoGrow: automatic layer growing in deep convolutional networks. *KDD*, arXiv:1906.02909.
//! Behind each of the first hidden layers a sub-network grows; they take turns. With l the training loss at a growth and l' the
//! one at the next, the sub-network that grew stops for good if
//!
//! ```text
//! (l − l') / |l| < threshold
//! ```
//!
//! and when all have stopped, nothing grows any more. Each growth inserts a block behind the last layer of the sub-network, as `deeper`
//! does.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `threshold` | relative fall of the loss from growth to growth below which a sub-network stops, dimensionless | 0.02 |
//! | `most` | number of hidden layers at which the network gets no deeper | 8 |
//! | `block` | `plain` or `residual`; see `deeper` | `residual` |
//! | `normalisation` | normalisation of the layer in a residual block | `none` |
//!
//! **Preserves** what `deeper` does: the function, bit for bit, with residual blocks.
//!
//! **Departures.** The paper compares accuracies on validation rows, here losses of training decide; a sub-network is the layers behind one of the first hidden layers, which in
//! the paper have the same size of feature maps. A growth across the boundary of experiences, where the loss jumps, is not compared.

use crate::parts::placement::deeper::{Block, deepens};
use crate::parts::{Answer, Answered, Part, Place, Placement};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{ConfigError, Connection, Graph, LayerId, Normalisation, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the placement; see [the module](self) for the rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Circulation {
    /// Relative fall of the loss from growth to growth below which a sub-network stops.
    pub threshold: f64,
    /// Number of hidden layers at which the network gets no deeper.
    #[schemars(range(min = 1))]
    pub most: usize,
    /// The kind of layer to insert.
    pub block: Block,
    /// Normalisation of the layer in a residual block.
    pub normalisation: Normalisation,
}

impl Default for Circulation {
    fn default() -> Self {
        Self {
            threshold: 0.02,
            most: 8,
            block: Block::Residual,
            normalisation: Normalisation::None,
        }
    }
}

/// A sub-network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubNetwork {
    /// Its last layer.
    last: LayerId,
    stopped: bool,
}

/// The last growth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Last {
    /// The sub-network that grew.
    index: usize,
    experience: u32,
    loss: Option<f64>,
}

/// State of the circulation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Circulating {
    all: Vec<SubNetwork>,
    /// The sub-network whose turn it is, beyond the last one for the first.
    next: usize,
    last: Option<Last>,
}

impl Part for Circulation {
    type State = Circulating;

    fn check(&self) -> Result<(), ConfigError> {
        self.block.check(self.normalisation)
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        deepens(run, self.most)
    }
}

impl Circulation {
    /// Stops the sub-network that grew last, if it did not pay.
    fn review(&self, state: &mut Circulating, view: &View<'_>) {
        let Some(last) = state.last.take() else { return };
        let (Some(before), Some(now)) = (last.loss, view.loss) else {
            return;
        };
        let same = last.experience == view.moment.experience;
        if same
            && before - now < self.threshold * before.abs()
            && let Some(grown) = state.all.get_mut(last.index)
        {
            grown.stopped = true;
        }
    }
}

/// The one connection out of a layer, apart from that to a layer beside a skip connection.
fn out(graph: &Graph, layer: LayerId) -> Option<&Connection> {
    let mut all = graph.out_of(layer);
    all.next().filter(|_| all.next().is_none())
}

impl Placement for Circulation {
    fn place(&self, state: &mut Circulating, view: &View<'_>, _: usize) -> Answered<Vec<Place>> {
        if state.all.is_empty() {
            let hidden = view.graph.hidden();
            state.all = hidden
                .map(|l| SubNetwork {
                    last: l.id,
                    stopped: false,
                })
                .collect();
        }
        self.review(state, view);
        if view.graph.hidden().count() >= self.most {
            return Ok(Answer::Is(Vec::new()));
        }
        let number = state.all.len();
        let first = state.next;
        let turn = (first..first + number).map(|i| i % number.max(1));
        let mut able = turn.filter(|i| !state.all[*i].stopped);
        let found = able.find_map(|i| Some((i, out(view.graph, state.all[i].last)?)));
        let Some((index, connection)) = found else {
            return Ok(Answer::Is(Vec::new()));
        };
        let place = self.block.at(connection, self.normalisation);
        // The layer that is inserted has the next id.
        state.all[index].last = view.graph.next_layer();
        state.next = index + 1;
        state.last = Some(Last {
            index,
            experience: view.moment.experience,
            loss: view.loss,
        });
        Ok(Answer::Is(vec![place]))
    }

    fn widens_only(&self) -> bool {
        false
    }

    fn preserves_function(&self) -> bool {
        self.block == Block::Residual
    }

    fn adds_layers(&self) -> bool {
        self.block == Block::Residual
    }

    fn places(&self, _: &Graph) -> Vec<LayerId> {
        Vec::new()
    }
}

crate::register!(
    placement,
    Circulation,
    "circulation",
    summary = "The network gets deeper behind one layer after another, and no longer where that did not pay.",
    citation = "Wen et al. 2020, arXiv:1906.02909",
    source = include_str!("circulation.rs"),
);

#[cfg(test)]
mod tests;
