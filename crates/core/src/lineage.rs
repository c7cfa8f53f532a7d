//! The life of every hidden unit that a network has had: birth, origin, cause and end, from its growth history.

use crate::apply::PlanError;
use crate::cause::Cause;
use crate::graph::Graph;
use crate::ids::{LayerId, UnitId};
use crate::journal::{Architecture, Event};
use crate::layer::{Moment, Origin, Role};
use crate::receipt::Receipt;
use crate::record::{UnitLife, UnitOrigin};
use std::collections::BTreeMap;

/// The cause of units replaced in place, which journals do not hold.
const REPLACED: &str = "replacement";

/// The lives of all hidden units, in the order of their births.
///
/// # Errors
/// [`PlanError`] if the journal was not written by the growth of a graph.
pub fn lineage(architecture: &Architecture) -> Result<Vec<UnitLife>, PlanError> {
    let journal = architecture.journal();
    let mut graph = journal.base.clone();
    let mut lives = Lives::default();
    for layer in graph.hidden() {
        for unit in &layer.units {
            lives.begin(unit.id, &layer.name, unit.origin, &Cause::Initial, unit.born);
        }
    }
    for event in &journal.events {
        // The names of layers that this event may remove.
        let names = names(&graph);
        let receipt = event.play(&mut graph)?;
        let cause = match event {
            Event::Applied { plan, .. } => plan.cause.clone(),
            Event::Replaced { .. } => Cause::from(REPLACED),
        };
        lives.note(&graph, &names, &receipt, &cause);
    }
    Ok(lives.all)
}

/// The names of hidden layers.
fn names(graph: &Graph) -> BTreeMap<LayerId, String> {
    let hidden = graph.hidden();
    hidden.map(|layer| (layer.id, layer.name.clone())).collect()
}

#[derive(Default)]
struct Lives {
    all: Vec<UnitLife>,
    places: BTreeMap<UnitId, usize>,
}

impl Lives {
    fn note(&mut self, graph: &Graph, before: &BTreeMap<LayerId, String>, receipt: &Receipt, cause: &Cause) {
        let hidden = |id: LayerId| graph.layer(id).filter(|layer| layer.role == Role::Hidden);
        for birth in &receipt.born {
            let name = hidden(birth.layer)
                .map(|layer| &layer.name)
                .or(before.get(&birth.layer));
            if let Some(name) = name {
                self.begin(birth.unit, name, birth.origin, cause, receipt.moment);
            }
        }
        for death in &receipt.died {
            if let Some(place) = self.places.remove(&death.unit) {
                let life = &mut self.all[place];
                (life.died, life.end) = (Some(death.died), cause.word().to_owned());
            }
        }
    }

    fn begin(&mut self, unit: UnitId, layer: &str, origin: Origin, cause: &Cause, born: Moment) {
        let (origin, parent) = match origin {
            Origin::Initial => (UnitOrigin::Initial, None),
            Origin::Grown => (UnitOrigin::Grown, None),
            Origin::SplitFrom(parent) => (UnitOrigin::Split, Some(parent.0)),
            Origin::Replaced(parent) => (UnitOrigin::Replaced, Some(parent.0)),
        };
        self.places.insert(unit, self.all.len());
        self.all.push(UnitLife {
            unit: unit.0,
            layer: layer.to_owned(),
            origin,
            parent,
            cause: cause.word().to_owned(),
            born,
            died: None,
            end: String::new(),
        });
    }
}
