//! The growth history of a network: every plan that was applied, with its moment, and every replacement in compact
//! form. Replaying it from its base graph gives the same graph, so the architecture at any step can be drawn.

use crate::apply::{PlanError, Replacement};
use crate::graph::Graph;
use crate::ids::{LayerId, UnitId};
use crate::init::Init;
use crate::layer::Moment;
use crate::plan::Plan;
use crate::receipt::{Death, Receipt};
use crate::seed::Seed;
use serde::{Deserialize, Serialize};

/// A change of a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A plan was applied.
    Applied {
        /// The moment.
        moment: Moment,
        /// The structure of the plan, without given weights.
        plan: Plan,
        /// Number of units added.
        born: usize,
        /// Number of units removed.
        died: usize,
        /// Number of parameters afterwards.
        parameters: usize,
    },
    /// Units were replaced in place.
    Replaced {
        /// The moment.
        moment: Moment,
        /// The layer.
        layer: LayerId,
        /// The removed units; their replacements take the next ids.
        units: Vec<UnitId>,
    },
}

impl Event {
    /// The moment of the event.
    #[must_use]
    pub fn moment(&self) -> Moment {
        match self {
            Self::Applied { moment, .. } | Self::Replaced { moment, .. } => *moment,
        }
    }

    /// Makes the change to a graph.
    pub(crate) fn play(&self, graph: &mut Graph) -> Result<Receipt, PlanError> {
        match self {
            Self::Applied { moment, plan, .. } => {
                let (grown, receipt) = graph.apply(plan, *moment)?;
                *graph = grown;
                Ok(receipt)
            }
            Self::Replaced { moment, layer, units } => {
                let request = Replacement {
                    layer: *layer,
                    units: units.clone(),
                    incoming: Init::Zero.into(),
                    outgoing: Init::Zero.into(),
                    bias: 0.0,
                    fold_mean: Vec::new(),
                    seed: Seed(0),
                };
                graph.replace(&request, *moment)
            }
        }
    }
}

/// All events, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Journal {
    /// The graph that the network started from: empty for a network built here from its first layer.
    pub base: Graph,
    /// Plans and replacements in the order in which they were applied.
    pub events: Vec<Event>,
}

impl Journal {
    /// Rebuilds the graph after the first `count` events.
    ///
    /// # Errors
    /// [`PlanError`] if the journal was not written by the growth of a graph.
    pub fn replay(&self, count: usize) -> Result<Graph, PlanError> {
        let mut graph = self.base.clone();
        for event in self.events.iter().take(count) {
            event.play(&mut graph)?;
        }
        Ok(graph)
    }
}

/// A network's current architecture, its growth history and its removed units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    graph: Graph,
    journal: Journal,
    dead: Vec<Death>,
}

impl Architecture {
    /// An empty architecture.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// An architecture that starts from an existing graph.
    pub(crate) fn started(graph: Graph) -> Self {
        Self {
            journal: Journal {
                base: graph.clone(),
                events: Vec::new(),
            },
            graph,
            dead: Vec::new(),
        }
    }

    /// The current graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The growth history.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Removed units, in order. The lineage of existing units is in the graph.
    #[must_use]
    pub fn dead(&self) -> &[Death] {
        &self.dead
    }

    /// Records that `plan` was applied to this graph, with the result of [`Graph::apply`]. It is separate from applying,
    /// so that a backend can refuse in between without any effect.
    pub fn commit(&mut self, plan: &Plan, graph: Graph, receipt: &Receipt) {
        self.graph = graph;
        self.dead.extend(&receipt.died);
        self.journal.events.push(Event::Applied {
            moment: receipt.moment,
            plan: plan.structure(),
            born: receipt.born.len(),
            died: receipt.died.len(),
            parameters: receipt.parameter_count,
        });
    }

    /// Applies a plan and records it.
    ///
    /// # Errors
    /// [`PlanError`]; then nothing has changed.
    pub fn apply(&mut self, plan: &Plan, moment: Moment) -> Result<Receipt, PlanError> {
        let (graph, receipt) = self.graph.apply(plan, moment)?;
        self.commit(plan, graph, &receipt);
        Ok(receipt)
    }

    /// Replaces units and records it.
    ///
    /// # Errors
    /// [`PlanError`]; then nothing has changed.
    pub fn replace(&mut self, request: &Replacement, moment: Moment) -> Result<Receipt, PlanError> {
        let receipt = self.graph.replace(request, moment)?;
        self.dead.extend(&receipt.died);
        let units = request.units.clone();
        self.journal.events.push(Event::Replaced {
            moment,
            layer: request.layer,
            units,
        });
        Ok(receipt)
    }
}
