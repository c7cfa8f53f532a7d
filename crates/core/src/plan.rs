//! Plans: the changes that a strategy may request. A strategy never changes a weight itself: it proposes a [`Plan`], a list of
//! [`Edit`]s with initial values for new weights, and [`Graph::apply`] applies all of it or none.

use crate::cause::{Cause, Observation};
use crate::graph::{Gain, Graph, Parameter};
use crate::ids::{ConnectionId, LayerId, UnitId};
use crate::init::{BiasInit, Init, NewWeights};
use crate::layer::{Activation, Head, Normalisation, Role};
use crate::receipt::Adjustment;
use crate::seed::Seed;
use crate::space::{Grid, Link, Pool};
use serde::{Deserialize, Serialize};

/// The description of a layer to add.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewLayer {
    /// Its name, unique in the graph.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Number of units.
    pub width: usize,
    /// Its activation.
    pub activation: Activation,
    /// Its normalisation.
    pub normalisation: Normalisation,
    /// The initial value of its biases; `None` for a layer without biases.
    pub bias: Option<f32>,
    /// The spread of its initial biases around that value.
    #[serde(default)]
    pub bias_init: BiasInit,
    /// Its width group: layers of one group keep the same width.
    pub width_group: Option<u32>,
    /// The positions of its summed input.
    #[serde(default)]
    pub grid: Grid,
    /// The pooling of its activations into outputs.
    #[serde(default)]
    pub pool: Pool,
    /// The fraction of its outputs that is dropped in training, in `[0, 1)`.
    #[serde(default)]
    pub dropout: f32,
}

impl NewLayer {
    /// The input layer.
    #[must_use]
    pub fn input(features: usize) -> Self {
        Self {
            role: Role::Input,
            bias: None,
            ..Self::hidden("input", features, Activation::Identity)
        }
    }

    /// An input layer for images: one unit for each channel.
    #[must_use]
    pub fn image(channels: usize, grid: Grid) -> Self {
        Self {
            grid,
            ..Self::input(channels)
        }
    }

    /// A hidden layer with biases that start at 0.
    #[must_use]
    pub fn hidden(name: impl Into<String>, width: usize, activation: Activation) -> Self {
        Self {
            name: name.into(),
            role: Role::Hidden,
            width,
            activation,
            normalisation: Normalisation::None,
            bias: Some(0.0),
            bias_init: BiasInit::Constant,
            width_group: None,
            grid: Grid::POINT,
            pool: Pool::None,
            dropout: 0.0,
        }
    }

    /// The same layer on a grid.
    #[must_use]
    pub fn on(self, grid: Grid) -> Self {
        Self { grid, ..self }
    }

    /// A head with biases that start at 0.
    #[must_use]
    pub fn head(name: impl Into<String>, width: usize, activation: Activation, head: Head) -> Self {
        Self {
            role: Role::Head(head),
            ..Self::hidden(name, width, activation)
        }
    }
}

/// The parameters whose learning-rate scale is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LrScaleOf {
    /// All parameters of a connection.
    Connection(ConnectionId),
    /// A layer's own parameters: bias, scale, shift.
    Layer(LayerId),
    /// The incoming weights of these units (all of the layer's when empty), and their biases.
    Incoming(LayerId, Vec<UnitId>),
    /// The outgoing weights of these units (all of the layer's when empty).
    Outgoing(LayerId, Vec<UnitId>),
}

/// One change of a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// Add a layer. A head is added by this edit too.
    AddLayer {
        /// Its id, which has to be [`Graph::next_layer`], so that a plan made for another graph is detected.
        id: LayerId,
        /// Its description.
        layer: NewLayer,
    },
    /// Connect two layers.
    Connect {
        /// Its id, which has to be [`Graph::next_connection`].
        id: ConnectionId,
        /// Source.
        from: LayerId,
        /// Target.
        to: LayerId,
        /// The kind of connection.
        #[serde(default)]
        link: Link,
        /// Its initial weights.
        weights: NewWeights,
        /// Its gain.
        gain: Gain,
        /// The initial gains.
        gain_start: f32,
        /// Its learning-rate scale.
        lr_scale: f32,
    },
    /// Add units at the end of a layer. The initial values of a layer or connection that this same plan adds are those of its own
    /// edit, even if later edits of the plan widen it.
    Widen {
        /// The layer.
        layer: LayerId,
        /// The number of units.
        count: usize,
        /// The initial incoming weights.
        incoming: NewWeights,
        /// The initial outgoing weights.
        outgoing: NewWeights,
        /// The initial biases.
        bias: f32,
        /// For a head over classes: the class of each new unit.
        classes: Vec<u32>,
    },
    /// Copy a unit: the copy gets the same incoming weights, and the two share the outgoing ones (Chen et al. 2016, Net2Net), so
    /// that the function is unchanged up to the noise. The copy is appended as the last unit of the layer.
    Split {
        /// The layer.
        layer: LayerId,
        /// The unit to copy.
        unit: UnitId,
        /// The copy's share of the outgoing weights, in `[0, 1]`.
        share: f32,
        /// Standard deviation of noise added to the copy's incoming weights.
        noise: f32,
    },
    /// Insert a layer with identity weights into a connection. The function is unchanged if the layer's activation passes the
    /// source's outputs on unchanged ([`Activation::idempotent`]). Behind a layer on a grid, it is a convolution with the
    /// kernel size of that connection (3 × 3 where that has no odd size), 1 in the centre. With `skip` the layer gets its source's
    /// outputs without weights ([`Link::Direct`]), as the sum of a residual block does, and the two are resized together.
    InsertIdentity {
        /// The connection; afterwards it starts at the new layer, with its old weights.
        connection: ConnectionId,
        /// The id of the new layer: [`Graph::next_layer`].
        id: LayerId,
        /// The id of the new connection: [`Graph::next_connection`].
        inner: ConnectionId,
        /// The new layer's name.
        name: String,
        /// Its activation.
        activation: Activation,
        /// Whether it gets its source's outputs without weights.
        #[serde(default)]
        skip: bool,
    },
    /// Remove units.
    Prune {
        /// The layer.
        layer: LayerId,
        /// The units to remove.
        units: Vec<UnitId>,
        /// Their mean outputs, to be folded into the biases of the layers they feed; empty for none.
        fold_mean: Vec<f32>,
    },
    /// Replace units by new ones in the same positions.
    Replace {
        /// The layer.
        layer: LayerId,
        /// The units to replace.
        units: Vec<UnitId>,
        /// The initial incoming weights.
        incoming: NewWeights,
        /// The initial outgoing weights.
        outgoing: NewWeights,
        /// The initial biases.
        bias: f32,
        /// The old units' mean outputs, to be folded into biases; empty for none.
        fold_mean: Vec<f32>,
    },
    /// Change the values of a block.
    Adjust {
        /// The block.
        parameter: Parameter,
        /// The change.
        by: Adjustment,
    },
    /// Set learning-rate scales.
    SetLrScale {
        /// The parameters.
        of: LrScaleOf,
        /// 1 learns normally, 0 is frozen.
        lr_scale: f32,
    },
}

impl Edit {
    /// Its kebab-case name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::AddLayer {
                layer: NewLayer {
                    role: Role::Head(_), ..
                },
                ..
            } => "add-head",
            Self::AddLayer { .. } => "add-layer",
            Self::Connect { .. } => "connect",
            Self::Widen { .. } => "widen",
            Self::Split { .. } => "split",
            Self::InsertIdentity { .. } => "insert-identity",
            Self::Prune { .. } => "prune",
            Self::Replace { .. } => "replace",
            Self::Adjust { .. } => "adjust",
            Self::SetLrScale { .. } => "set-lr-scale",
        }
    }
}

/// A list of edits, applied as a whole.
///
/// ```
/// use dentate_core::{Edit, Graph, LayerId, Moment, Plan, Seed};
///
/// let mut plan = Plan::new("no such layer", Seed(1));
/// plan.edits.push(Edit::Split { layer: LayerId(7), unit: dentate_core::UnitId(0), share: 0.5, noise: 0.0 });
/// let error = Graph::empty().apply(&plan, Moment::default()).unwrap_err();
/// assert!(error.to_string().contains("edit 0 (split)")); // the edit at fault; nothing was applied
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The cause of the plan.
    pub cause: Cause,
    /// The quantity that led to it, if its author names one.
    #[serde(default)]
    pub observed: Option<Observation>,
    /// The seed of its random values.
    pub seed: Seed,
    /// The edits, in order.
    pub edits: Vec<Edit>,
}

impl Plan {
    /// An empty plan.
    #[must_use]
    pub fn new(cause: impl Into<Cause>, seed: Seed) -> Self {
        Self {
            cause: cause.into(),
            observed: None,
            seed,
            edits: Vec::new(),
        }
    }

    /// The same plan reduced to its structure, which is enough for replaying. Values do not affect a graph; that some were changed
    /// is kept, but not how.
    #[must_use]
    pub fn structure(&self) -> Self {
        let bare = |w: &mut NewWeights| w.given.clear();
        let mut plan = self.clone();
        for edit in &mut plan.edits {
            match edit {
                Edit::Connect { weights, .. } => bare(weights),
                Edit::Adjust { by, .. } => *by = Adjustment::Scale(1.0),
                Edit::Widen {
                    incoming, outgoing, ..
                }
                | Edit::Replace {
                    incoming, outgoing, ..
                } => {
                    bare(incoming);
                    bare(outgoing);
                }
                _ => {}
            }
        }
        plan
    }
}

/// A builder of plans for a graph, which assigns the ids of new layers and connections.
///
/// ```
/// use dentate_core::{Activation, Cause, Graph, Init, Moment, NewLayer, PlanBuilder, Seed};
///
/// let mut plan = PlanBuilder::new(&Graph::empty(), Cause::Initial, Seed(1));
/// let input = plan.layer(NewLayer::input(3));
/// let hidden = plan.layer(NewLayer::hidden("hidden-1", 5, Activation::Tanh));
/// plan.connect(input, hidden, Init::FanIn);
/// let (graph, _) = Graph::empty().apply(&plan.finish(), Moment::default())?;
/// assert_eq!(graph.order(), [input, hidden]);
/// # Ok::<(), dentate_core::PlanError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PlanBuilder {
    plan: Plan,
    next_layer: u32,
    next_connection: u32,
}

impl PlanBuilder {
    /// A builder of a plan for `graph`.
    #[must_use]
    pub fn new(graph: &Graph, cause: impl Into<Cause>, seed: Seed) -> Self {
        Self {
            plan: Plan::new(cause, seed),
            next_layer: graph.next_layer().0,
            next_connection: graph.next_connection().0,
        }
    }

    /// Names the quantity that led to this plan.
    pub fn because(&mut self, observed: Option<Observation>) {
        self.plan.observed = observed;
    }

    /// Adds a layer.
    pub fn layer(&mut self, layer: NewLayer) -> LayerId {
        let id = LayerId(self.next_layer);
        self.next_layer += 1;
        self.plan.edits.push(Edit::AddLayer { id, layer });
        id
    }

    /// Connects two layers by a dense connection.
    pub fn connect(&mut self, from: LayerId, to: LayerId, weights: impl Into<NewWeights>) -> ConnectionId {
        self.connect_with_gain(from, to, weights, Gain::None, 1.0)
    }

    /// Connects two layers by a connection of another kind.
    pub fn link(
        &mut self,
        from: LayerId,
        to: LayerId,
        link: Link,
        weights: impl Into<NewWeights>,
    ) -> ConnectionId {
        self.join(from, to, link, weights, Gain::None, 1.0)
    }

    /// Connects two layers by a dense connection with a gain.
    pub fn connect_with_gain(
        &mut self,
        from: LayerId,
        to: LayerId,
        weights: impl Into<NewWeights>,
        gain: Gain,
        gain_start: f32,
    ) -> ConnectionId {
        self.join(from, to, Link::Dense, weights, gain, gain_start)
    }

    /// Connects two layers by a connection of any kind, with a gain.
    pub fn join(
        &mut self,
        from: LayerId,
        to: LayerId,
        link: Link,
        weights: impl Into<NewWeights>,
        gain: Gain,
        gain_start: f32,
    ) -> ConnectionId {
        let weights = weights.into();
        let id = ConnectionId(self.next_connection);
        self.next_connection += 1;
        self.plan.edits.push(Edit::Connect {
            id,
            from,
            to,
            link,
            weights,
            gain,
            gain_start,
            lr_scale: 1.0,
        });
        id
    }

    /// Inserts an identity layer into a connection.
    pub fn insert_identity(
        &mut self,
        connection: ConnectionId,
        name: impl Into<String>,
        activation: Activation,
    ) -> (LayerId, ConnectionId) {
        self.insert(connection, name.into(), activation, false)
    }

    /// Inserts a layer into a connection that gets its source's outputs without weights: the sum of a residual block.
    pub fn insert_skip(
        &mut self,
        connection: ConnectionId,
        name: impl Into<String>,
        activation: Activation,
    ) -> (LayerId, ConnectionId) {
        self.insert(connection, name.into(), activation, true)
    }

    fn insert(
        &mut self,
        connection: ConnectionId,
        name: String,
        activation: Activation,
        skip: bool,
    ) -> (LayerId, ConnectionId) {
        let (id, inner) = (LayerId(self.next_layer), ConnectionId(self.next_connection));
        self.next_layer += 1;
        self.next_connection += 1;
        self.plan.edits.push(Edit::InsertIdentity {
            connection,
            id,
            inner,
            name,
            activation,
            skip,
        });
        (id, inner)
    }

    /// Widens a layer by `count` units.
    pub fn widen(
        &mut self,
        layer: LayerId,
        count: usize,
        incoming: impl Into<NewWeights>,
        outgoing: impl Into<NewWeights>,
    ) -> &mut Self {
        let (incoming, outgoing) = (incoming.into(), outgoing.into());
        self.edit(Edit::Widen {
            layer,
            count,
            incoming,
            outgoing,
            bias: 0.0,
            classes: Vec::new(),
        })
    }

    /// Sets a learning-rate scale.
    pub fn lr_scale(&mut self, of: LrScaleOf, lr_scale: f32) -> &mut Self {
        self.edit(Edit::SetLrScale { of, lr_scale })
    }

    /// Adds any other edit.
    pub fn edit(&mut self, edit: Edit) -> &mut Self {
        self.plan.edits.push(edit);
        self
    }

    /// Returns the finished plan.
    #[must_use]
    pub fn finish(self) -> Plan {
        self.plan
    }
}

/// The plan of a multilayer perceptron: an input layer and hidden layers `hidden-1`, `hidden-2`, …; heads are added
/// when an experience needs them.
#[must_use]
pub fn mlp(features: usize, hidden: &[usize], activation: Activation, init: Init, seed: Seed) -> Plan {
    let mut plan = PlanBuilder::new(&Graph::empty(), Cause::Initial, seed);
    let mut below = plan.layer(NewLayer::input(features));
    for (i, &width) in hidden.iter().enumerate() {
        let layer = plan.layer(NewLayer::hidden(format!("hidden-{}", i + 1), width, activation));
        plan.connect(below, layer, init);
        below = layer;
    }
    plan.finish()
}
