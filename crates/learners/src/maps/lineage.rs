//! The units of a map as a layer of an architecture, so that births and removals are journalled as for other learners.

use super::codebook::Change;
use dentate_core::{
    Activation, Architecture, Cause, Edit, Init, LayerId, Moment, NewLayer, PlanBuilder, PlanError,
    Replacement, Seed, UnitId,
};
use serde::{Deserialize, Serialize};

/// The layer's name.
pub(crate) const LAYER: &str = "codebook";

/// The architecture of a map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lineage {
    pub(crate) architecture: Architecture,
    layer: Option<LayerId>,
}

impl Lineage {
    /// Creates the layer with its first units, connected to the inputs by a placeholder for the prototypes. It is never
    /// built by a backend, so its initialisation is irrelevant.
    fn start(&mut self, features: usize, units: usize, moment: Moment) -> Result<(), PlanError> {
        let mut plan = PlanBuilder::new(self.architecture.graph(), Cause::Initial, Seed(0));
        let input = plan.layer(NewLayer::input(features));
        let mut layer = NewLayer::hidden(LAYER, units, Activation::Identity);
        layer.bias = None;
        let layer = plan.layer(layer);
        plan.connect(input, layer, Init::Zero);
        self.architecture.apply(&plan.finish(), moment)?;
        self.layer = Some(layer);
        Ok(())
    }

    /// Journals the changes of one signal. Equal numbers of births and removals are journalled as replacements, which need
    /// no copy of the graph.
    pub(crate) fn write(
        &mut self,
        changes: &[Change],
        features: usize,
        moment: Moment,
    ) -> Result<(), PlanError> {
        let Some(layer) = self.layer else {
            return self.start(features, changes.len(), moment);
        };
        let (mut died, mut born) = (Vec::new(), Vec::new());
        for change in changes {
            match change {
                Change::Died { cause, unit } => died.push((cause, *unit)),
                Change::Born { cause } => born.push(cause),
            }
        }
        let units: Vec<UnitId> = died.iter().map(|(_, unit)| *unit).collect();
        if !born.is_empty() && died.len() == born.len() {
            let request = Replacement {
                layer,
                units,
                incoming: Init::Zero.into(),
                outgoing: Init::Zero.into(),
                bias: 0.0,
                fold_mean: Vec::new(),
                seed: Seed(0),
            };
            return self.architecture.replace(&request, moment).map(drop);
        }
        if let Some((why, _)) = died.first() {
            let edit = Edit::Prune {
                layer,
                units,
                fold_mean: Vec::new(),
            };
            self.apply(why, edit, moment)?;
        }
        if let Some(why) = born.first() {
            let edit = Edit::Widen {
                layer,
                count: born.len(),
                incoming: Init::Zero.into(),
                outgoing: Init::Zero.into(),
                bias: 0.0,
                classes: Vec::new(),
            };
            self.apply(why, edit, moment)?;
        }
        Ok(())
    }

    fn apply(&mut self, cause: &Cause, edit: Edit, moment: Moment) -> Result<(), PlanError> {
        let mut plan = PlanBuilder::new(self.architecture.graph(), cause.clone(), Seed(0));
        plan.edit(edit);
        self.architecture.apply(&plan.finish(), moment).map(drop)
    }
}
