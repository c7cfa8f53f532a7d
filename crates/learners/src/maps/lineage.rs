//! The units of a map as a layer of an architecture, so that births and deaths are journalled like anybody's.

use super::codebook::Change;
use dentate_core::{
    Activation, Architecture, Edit, Init, LayerId, Moment, NewLayer, PlanBuilder, PlanError, Replacement,
    Seed, UnitId,
};
use serde::{Deserialize, Serialize};

/// The layer's name.
pub(crate) const LAYER: &str = "codebook";

/// What of an architecture belongs to a map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lineage {
    pub(crate) architecture: Architecture,
    layer: Option<LayerId>,
}

impl Lineage {
    /// The layer with its first units, joined to the inputs by what stands for the prototypes. It is never built by a backend,
    /// so how its weights start means nothing.
    fn start(&mut self, features: usize, units: usize, moment: Moment) -> Result<(), PlanError> {
        let mut plan = PlanBuilder::new(self.architecture.graph(), "initial", Seed(0));
        let input = plan.layer(NewLayer::input(features));
        let mut layer = NewLayer::hidden(LAYER, units, Activation::Identity);
        layer.bias = None;
        let layer = plan.layer(layer);
        plan.connect(input, layer, Init::Zero);
        self.architecture.apply(&plan.finish(), moment)?;
        self.layer = Some(layer);
        Ok(())
    }

    /// Write down what one signal did. As many deaths as births at once are replacements, which cost no copy of the graph.
    pub(crate) fn write(
        &mut self,
        changes: &[Change],
        features: usize,
        moment: Moment,
    ) -> Result<(), PlanError> {
        let Some(layer) = self.layer else {
            return self.start(features, changes.len(), moment);
        };
        let died: Vec<UnitId> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Died { unit, .. } => Some(*unit),
                Change::Born { .. } => None,
            })
            .collect();
        let born = changes.len() - died.len();
        if born > 0 && died.len() == born {
            let request = Replacement {
                layer,
                units: died,
                incoming: Init::Zero.into(),
                outgoing: Init::Zero.into(),
                bias: 0.0,
                absorb: Vec::new(),
                seed: Seed(0),
            };
            return self.architecture.replace(&request, moment).map(drop);
        }
        let cause = |wanted: fn(&Change) -> Option<&'static str>| changes.iter().find_map(wanted);
        if !died.is_empty() {
            let why = cause(|change| match change {
                Change::Died { cause, .. } => Some(cause),
                Change::Born { .. } => None,
            });
            let edit = Edit::Prune {
                layer,
                units: died,
                absorb: Vec::new(),
            };
            self.apply(why, edit, moment)?;
        }
        if born > 0 {
            let why = cause(|change| match change {
                Change::Born { cause } => Some(cause),
                Change::Died { .. } => None,
            });
            let edit = Edit::Widen {
                layer,
                count: born,
                incoming: Init::Zero.into(),
                outgoing: Init::Zero.into(),
                bias: 0.0,
                classes: Vec::new(),
            };
            self.apply(why, edit, moment)?;
        }
        Ok(())
    }

    fn apply(&mut self, cause: Option<&str>, edit: Edit, moment: Moment) -> Result<(), PlanError> {
        let cause = cause.unwrap_or("growth");
        let mut plan = PlanBuilder::new(self.architecture.graph(), cause, Seed(0));
        plan.edit(edit);
        self.architecture.apply(&plan.finish(), moment).map(drop)
    }
}
