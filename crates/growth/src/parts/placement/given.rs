//! Given: all new units are added to one named layer.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `layer` | the layer that grows: `hidden-1`, `hidden-2`, … | the last hidden layer |

use crate::parts::{Answer, Answered, Part, Place, Placement};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::{Graph, Layer, LayerId, Role, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the placement; see [the module](self).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// Name of the layer that grows; the last hidden layer when absent.
    pub layer: Option<String>,
}

impl Part for Given {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.hidden_layer("layer", self.layer.as_deref()).map(|_| ())
    }
}

impl Given {
    fn found<'g>(&self, graph: &'g Graph) -> Option<&'g Layer> {
        match &self.layer {
            Some(name) => graph.named(name).filter(|l| l.role == Role::Hidden),
            None => graph.hidden().next_back(),
        }
    }
}

impl Placement for Given {
    fn place(&self, _: &mut (), view: &View<'_>, units: usize) -> Answered<Vec<Place>> {
        let layer = self.found(view.graph).ok_or_else(|| {
            let called = |name| format!("hidden layer called `{name}`");
            StrategyError::Missing(self.layer.as_ref().map_or("hidden layer".into(), called))
        })?;
        Ok(Answer::Is(vec![Place::Wider {
            layer: layer.id,
            units,
        }]))
    }

    fn places(&self, graph: &Graph) -> Vec<LayerId> {
        self.found(graph).map(|layer| layer.id).into_iter().collect()
    }
}

crate::register!(
    placement,
    Given,
    "given",
    summary = "Adds all units to one given layer.",
    citation = "this project",
    source = include_str!("given.rs"),
);
