//! The growth history of a network: every plan that was carried out, with its moment, and every replacement in compact
//! form. Replaying it from the empty graph, or the one it started from, gives the same graph, so the architecture at any step can be drawn.

use crate::apply::{PlanError, Replacement};
use crate::graph::Graph;
use crate::ids::{LayerId, UnitId};
use crate::init::Init;
use crate::layer::Moment;
use crate::plan::Plan;
use crate::receipt::{Death, Receipt};
use crate::seed::Seed;
use serde::{Deserialize, Serialize};

/// Something that changed a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A plan was carried out.
    Applied {
        /// When.
        moment: Moment,
        /// The plan's structure; given weights are left out.
        plan: Plan,
        /// Units born.
        born: usize,
        /// Units that died.
        died: usize,
        /// Parameters after.
        parameters: usize,
    },
    /// Units were replaced in place.
    Replaced {
        /// When.
        moment: Moment,
        /// The layer.
        layer: LayerId,
        /// Those that died; those born take the next ids.
        units: Vec<UnitId>,
    },
}

impl Event {
    /// When it happened.
    #[must_use]
    pub fn moment(&self) -> Moment {
        match self {
            Self::Applied { moment, .. } | Self::Replaced { moment, .. } => *moment,
        }
    }
}

/// All events, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Journal {
    /// What the network started from: empty for one that was built here from its first layer on.
    pub base: Graph,
    /// The events.
    pub events: Vec<Event>,
}

impl Journal {
    /// The graph after the first `count` events.
    ///
    /// # Errors
    /// [`PlanError`] when the journal is not one that a graph's growth has written.
    pub fn replay(&self, count: usize) -> Result<Graph, PlanError> {
        let mut graph = self.base.clone();
        for event in self.events.iter().take(count) {
            match event {
                Event::Applied { moment, plan, .. } => graph = graph.apply(plan, *moment)?.0,
                Event::Replaced { moment, layer, units } => {
                    let request = Replacement {
                        layer: *layer,
                        units: units.clone(),
                        incoming: Init::Zero.into(),
                        outgoing: Init::Zero.into(),
                        bias: 0.0,
                        absorb: Vec::new(),
                        seed: Seed(0),
                    };
                    graph.replace(&request, *moment)?;
                }
            }
        }
        Ok(graph)
    }
}

/// A network's architecture now, how it came about, and who died on the way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    graph: Graph,
    journal: Journal,
    dead: Vec<Death>,
}

impl Architecture {
    /// An architecture with nothing in it.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// An architecture that starts from a graph which grew elsewhere.
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

    /// The graph now.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// How it came about.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Units that have died, in order. The living carry their lineage in the graph.
    #[must_use]
    pub fn dead(&self) -> &[Death] {
        &self.dead
    }

    /// Write down that `plan` was carried out on this graph, with what [`Graph::apply`] returned. Separate from applying,
    /// so that a backend can refuse in between and nothing has happened.
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

    /// Carry out a plan and write it down.
    ///
    /// # Errors
    /// [`PlanError`]; nothing is changed then.
    pub fn apply(&mut self, plan: &Plan, moment: Moment) -> Result<Receipt, PlanError> {
        let (graph, receipt) = self.graph.apply(plan, moment)?;
        self.commit(plan, graph, &receipt);
        Ok(receipt)
    }

    /// Replace units and write it down.
    ///
    /// # Errors
    /// [`PlanError`]; nothing is changed then.
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
