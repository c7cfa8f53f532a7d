//! What a strategy may ask for. A strategy never touches a weight: it proposes a [`Plan`], a list of [`Edit`]s with how
//! the new weights start, and [`Graph::apply`] carries out all of it or none.

use crate::cause::Cause;
use crate::graph::{Gain, Graph, Parameter};
use crate::ids::{ConnectionId, LayerId, UnitId};
use crate::init::{Init, NewWeights};
use crate::layer::{Activation, Head, Normalisation, Role};
use crate::receipt::Adjustment;
use crate::seed::Seed;
use crate::space::{Grid, Link, Pool};
use serde::{Deserialize, Serialize};

/// A layer to be added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewLayer {
    /// Its name, unique in the graph.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Number of units.
    pub width: usize,
    /// Its activation.
    pub activation: Activation,
    /// Its normalisation.
    pub normalisation: Normalisation,
    /// What its biases start at; `None` for a layer without.
    pub bias: Option<f32>,
    /// Layers with the same tie keep the same width.
    pub tie: Option<u32>,
    /// The positions of what it sums up.
    #[serde(default)]
    pub grid: Grid,
    /// How its activations become outputs.
    #[serde(default)]
    pub pool: Pool,
    /// The share of its outputs that is dropped in training, in `[0, 1)`.
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

    /// An input layer for images: a unit a channel.
    #[must_use]
    pub fn image(channels: usize, grid: Grid) -> Self {
        Self {
            grid,
            ..Self::input(channels)
        }
    }

    /// A hidden layer with biases from 0.
    #[must_use]
    pub fn hidden(name: impl Into<String>, width: usize, activation: Activation) -> Self {
        Self {
            name: name.into(),
            role: Role::Hidden,
            width,
            activation,
            normalisation: Normalisation::None,
            bias: Some(0.0),
            tie: None,
            grid: Grid::POINT,
            pool: Pool::None,
            dropout: 0.0,
        }
    }

    /// The same on a grid.
    #[must_use]
    pub fn on(self, grid: Grid) -> Self {
        Self { grid, ..self }
    }

    /// A head with biases from 0.
    #[must_use]
    pub fn head(name: impl Into<String>, width: usize, activation: Activation, head: Head) -> Self {
        Self {
            role: Role::Head(head),
            ..Self::hidden(name, width, activation)
        }
    }
}

/// Whose rate is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RateOf {
    /// All parameters of a connection.
    Connection(ConnectionId),
    /// A layer's own parameters: bias, scale, shift.
    Layer(LayerId),
    /// What comes into these units (all of the layer's when empty), and their biases.
    Incoming(LayerId, Vec<UnitId>),
    /// What goes out of these units (all of the layer's when empty).
    Outgoing(LayerId, Vec<UnitId>),
}

/// One change of a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// Add a layer. A head is added by this edit too.
    AddLayer {
        /// The id it gets: [`Graph::next_layer`], so that a plan made for another graph is noticed.
        id: LayerId,
        /// What it is.
        layer: NewLayer,
    },
    /// Join two layers.
    Connect {
        /// The id it gets: [`Graph::next_connection`].
        id: ConnectionId,
        /// Source.
        from: LayerId,
        /// Target.
        to: LayerId,
        /// What kind of connection it is.
        #[serde(default)]
        link: Link,
        /// How its weights start.
        weights: NewWeights,
        /// Its gain.
        gain: Gain,
        /// What the gains start at.
        gain_start: f32,
        /// Its rate.
        rate: f32,
    },
    /// Add units at the end of a layer. A layer or connection that this very plan adds starts wholly as its own edit says,
    /// whatever later edits of the plan widen.
    Widen {
        /// The layer.
        layer: LayerId,
        /// How many units.
        count: usize,
        /// How what comes in starts.
        incoming: NewWeights,
        /// How what goes out starts.
        outgoing: NewWeights,
        /// What their biases start at.
        bias: f32,
        /// For a head over classes: the class of each new unit.
        classes: Vec<u32>,
    },
    /// Copy a unit: the copy takes its incoming weights, the two share its outgoing ones (Chen et al. 2016, Net2Net), so
    /// that the function is kept up to the noise.
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
    /// Insert a layer with identity weights into a connection. The function is kept when the layer's activation passes the
    /// source's outputs on unchanged ([`Activation::idempotent`]). Behind a layer on a grid, it is a convolution with the
    /// kernel of the connection it is inserted into (3 × 3 where that has none of odd size), 1 in the middle.
    InsertIdentity {
        /// The connection; afterwards it leads from the new layer on, with its old weights.
        connection: ConnectionId,
        /// The id of the new layer: [`Graph::next_layer`].
        id: LayerId,
        /// The id of the new connection: [`Graph::next_connection`].
        inner: ConnectionId,
        /// The new layer's name.
        name: String,
        /// Its activation.
        activation: Activation,
    },
    /// Remove units.
    Prune {
        /// The layer.
        layer: LayerId,
        /// Which.
        units: Vec<UnitId>,
        /// Their mean outputs, to be left behind in the biases of the layers they feed; empty for none.
        absorb: Vec<f32>,
    },
    /// Put newborn units in the place of old ones.
    Replace {
        /// The layer.
        layer: LayerId,
        /// Which.
        units: Vec<UnitId>,
        /// How what comes in starts.
        incoming: NewWeights,
        /// How what goes out starts.
        outgoing: NewWeights,
        /// What their biases start at.
        bias: f32,
        /// The old units' mean outputs, to be left behind; empty for none.
        absorb: Vec<f32>,
    },
    /// Change the values of a block.
    Adjust {
        /// The block.
        parameter: Parameter,
        /// How.
        by: Adjustment,
    },
    /// Set rates.
    SetRate {
        /// Whose.
        of: RateOf,
        /// 1 learns normally, 0 is frozen.
        rate: f32,
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
            Self::SetRate { .. } => "set-rate",
        }
    }
}

/// A list of edits, applied as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What the plan is for.
    pub cause: Cause,
    /// What its random values are drawn from.
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
            seed,
            edits: Vec::new(),
        }
    }

    /// The same plan with no more than its structure: what replaying needs. Values do not shape a graph; that some were changed
    /// is kept, and not how.
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

/// Writes a plan for a graph, handing out the ids that its new layers and connections will get.
#[derive(Clone, Debug)]
pub struct PlanBuilder {
    plan: Plan,
    next_layer: u32,
    next_connection: u32,
}

impl PlanBuilder {
    /// A plan for `graph`.
    #[must_use]
    pub fn new(graph: &Graph, cause: impl Into<Cause>, seed: Seed) -> Self {
        Self {
            plan: Plan::new(cause, seed),
            next_layer: graph.next_layer().0,
            next_connection: graph.next_connection().0,
        }
    }

    /// Add a layer.
    pub fn layer(&mut self, layer: NewLayer) -> LayerId {
        let id = LayerId(self.next_layer);
        self.next_layer += 1;
        self.plan.edits.push(Edit::AddLayer { id, layer });
        id
    }

    /// Join two layers by a dense connection.
    pub fn connect(&mut self, from: LayerId, to: LayerId, weights: impl Into<NewWeights>) -> ConnectionId {
        self.connect_with_gain(from, to, weights, Gain::None, 1.0)
    }

    /// Join two layers by a connection of another kind.
    pub fn link(
        &mut self,
        from: LayerId,
        to: LayerId,
        link: Link,
        weights: impl Into<NewWeights>,
    ) -> ConnectionId {
        self.join(from, to, link, weights, Gain::None, 1.0)
    }

    /// Join two layers by a dense connection with a gain.
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

    /// Join two layers by a connection of any kind, with a gain.
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
            rate: 1.0,
        });
        id
    }

    /// Insert an identity layer into a connection.
    pub fn insert_identity(
        &mut self,
        connection: ConnectionId,
        name: impl Into<String>,
        activation: Activation,
    ) -> (LayerId, ConnectionId) {
        let (id, inner) = (LayerId(self.next_layer), ConnectionId(self.next_connection));
        self.next_layer += 1;
        self.next_connection += 1;
        self.plan.edits.push(Edit::InsertIdentity {
            connection,
            id,
            inner,
            name: name.into(),
            activation,
        });
        (id, inner)
    }

    /// Widen a layer by `count` units.
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

    /// Set a rate.
    pub fn rate(&mut self, of: RateOf, rate: f32) -> &mut Self {
        self.edit(Edit::SetRate { of, rate })
    }

    /// Any other edit.
    pub fn edit(&mut self, edit: Edit) -> &mut Self {
        self.plan.edits.push(edit);
        self
    }

    /// The plan.
    #[must_use]
    pub fn finish(self) -> Plan {
        self.plan
    }
}

/// The plan of a plain multilayer perceptron: an input layer and hidden layers `hidden-1`, `hidden-2`, …; heads are added
/// when an experience asks for them.
#[must_use]
pub fn trunk(features: usize, hidden: &[usize], activation: Activation, init: Init, seed: Seed) -> Plan {
    let mut plan = PlanBuilder::new(&Graph::empty(), Cause::Initial, seed);
    let mut below = plan.layer(NewLayer::input(features));
    for (i, &width) in hidden.iter().enumerate() {
        let layer = plan.layer(NewLayer::hidden(format!("hidden-{}", i + 1), width, activation));
        plan.connect(below, layer, init);
        below = layer;
    }
    plan.finish()
}
