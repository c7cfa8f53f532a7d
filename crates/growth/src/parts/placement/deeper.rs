//! Deeper: inserts a layer before the last hidden layer instead of adding units: an identity layer, or a residual block.
//!
//! Chen, T. et al. (2016). Net2Net. arXiv:1511.05641: a layer with identity weights passes its input on if its activation
//! leaves its own outputs unchanged, as the rectifier and the identity do. He, K. et al. (2016). Deep residual learning. arXiv:1512.03385:
//!
//! ```text
//! plain      h ← f(I h)
//! residual   h ← g(h + V f(norm(W h + b))),   V = 0 at first
//! ```
//!
//! with f the activation of the layer that puts out h, and g the same if it leaves its own outputs unchanged, otherwise the identity. V and W are
//! dense, or 3 × 3 convolutions behind a layer on a grid.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `most` | number of hidden layers at which the network gets no deeper | 8 |
//! | `block` | `plain`, or `residual`, which has two layers | `plain` |
//! | `normalisation` | normalisation of the layer in a residual block: `none`, `layer-norm`, `group-norm` or `batch-norm` | `none` |
//!
//! **Preserves** the function: a plain layer for those activations only; a residual block always and bit for bit, in training as in evaluation,
//! since what its layer normalises is multiplied by 0. A plain layer could not be normalised: layer and group norm change what passes through, and
//! batch norm would in training, by the statistics of the batch.
//!
//! **Departures.** Goyal et al. (2017, arXiv:1706.02677) start the scale of the last normalisation of a block at 0; here the last weights are, which
//! keeps the scale's gradient alive.

use crate::parts::{Answer, Answered, Part, Place, Placement};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{ConfigError, Connection, Graph, LayerId, Link, Normalisation, Role, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kind of layer to insert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// An identity layer.
    #[default]
    Plain,
    /// A residual block.
    Residual,
}

impl Block {
    /// The insertion of such a block into a connection.
    pub(super) fn at(self, connection: &Connection, normalisation: Normalisation) -> Place {
        let connection = connection.id;
        match self {
            Self::Plain => Place::Deeper { connection },
            Self::Residual => Place::Residual {
                connection,
                normalisation,
            },
        }
    }

    /// Refuses a normalisation of a plain layer.
    pub(super) fn check(self, normalisation: Normalisation) -> Result<(), ConfigError> {
        if self == Self::Plain && normalisation != Normalisation::None {
            let wanted = "`none` where `block` is `plain`: a normalised layer passes nothing on unchanged, except in a residual block";
            return Err(ConfigError::new(
                "normalisation",
                format!("{normalisation:?}"),
                wanted,
            ));
        }
        Ok(())
    }
}

/// Configuration of the placement; see [the module](self).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Deeper {
    /// Number of hidden layers at which the network gets no deeper.
    #[schemars(range(min = 1))]
    pub most: usize,
    /// The kind of layer to insert.
    pub block: Block,
    /// Normalisation of the layer in a residual block.
    pub normalisation: Normalisation,
}

impl Default for Deeper {
    fn default() -> Self {
        Self {
            most: 8,
            block: Block::Plain,
            normalisation: Normalisation::None,
        }
    }
}

impl Part for Deeper {
    type State = ();

    fn check(&self) -> Result<(), ConfigError> {
        self.block.check(self.normalisation)
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        deepens(run, self.most)
    }
}

/// Refuses a network that has as many layers as it may get.
pub(super) fn deepens(run: &Prospect<'_>, most: usize) -> Result<(), Unsuited> {
    match run.graph.map(|graph| graph.hidden().count()) {
        Some(layers) if layers >= most => {
            let reason = format!("the network starts with {layers} hidden layers and could never get deeper");
            Err(Unsuited::new("most", most, reason))
        }
        _ => Ok(()),
    }
}

impl Placement for Deeper {
    fn place(&self, _: &mut (), view: &View<'_>, _: usize) -> Answered<Vec<Place>> {
        let hidden = |id| view.graph.layer(id).is_some_and(|l| l.role == Role::Hidden);
        // Between two hidden layers, or else before the only head; not into a residual block.
        let within =
            |c: &Connection| c.link == Link::Direct || beside(view.graph, c.to) || beside(view.graph, c.from);
        let inner = view.graph.connections();
        let inner = inner
            .filter(|c| hidden(c.from) && hidden(c.to))
            .rfind(|c| !within(c));
        let outer = || {
            let mut out = view
                .graph
                .connections()
                .filter(|c| hidden(c.from) && !hidden(c.to));
            out.next().filter(|_| out.next().is_none())
        };
        let place = inner
            .or_else(outer)
            .filter(|_| view.graph.hidden().count() < self.most);
        let place = place.map(|c| self.block.at(c, self.normalisation));
        Ok(Answer::Is(place.into_iter().collect()))
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

/// Returns whether a layer stands beside a skip connection: its target gets its source's outputs without weights.
fn beside(graph: &Graph, layer: LayerId) -> bool {
    let direct = |from, to| {
        graph
            .into_layer(to)
            .any(|c| c.from == from && c.link == Link::Direct)
    };
    graph
        .out_of(layer)
        .any(|out| graph.into_layer(layer).any(|into| direct(into.from, out.to)))
}

crate::register!(
    placement,
    Deeper,
    "deeper",
    summary = "Inserts an identity layer or a residual block in front of the last hidden layer, instead of adding units.",
    citation = "Chen et al. 2016, arXiv:1511.05641; He et al. 2016, arXiv:1512.03385",
    source = include_str!("deeper.rs"),
);
