//! Deeper: inserts an identity layer before the last hidden layer instead of adding units.
//!
//! Chen, T. et al. (2016). Net2Net. arXiv:1511.05641: a layer with identity weights passes its input on if its activation
//! leaves its own outputs unchanged, as the rectifier and the identity do. **Preserves** the function for these activations
//! only.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `most` | number of hidden layers at which the network gets no deeper | 8 |

use crate::parts::{Answer, Answered, Part, Place, Placement};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{Graph, LayerId, Role, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the placement; see [the module](self).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Deeper {
    /// Number of hidden layers at which the network gets no deeper.
    #[schemars(range(min = 1))]
    pub most: usize,
}

impl Default for Deeper {
    fn default() -> Self {
        Self { most: 8 }
    }
}

impl Part for Deeper {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        match run.graph.map(|graph| graph.hidden().count()) {
            Some(layers) if layers >= self.most => {
                let reason =
                    format!("the network starts with {layers} hidden layers and could never get deeper");
                Err(Unsuited::new("most", self.most, reason))
            }
            _ => Ok(()),
        }
    }
}

impl Placement for Deeper {
    fn place(&self, _: &mut (), view: &View<'_>, _: usize) -> Answered<Vec<Place>> {
        let hidden = |id| view.graph.layer(id).is_some_and(|l| l.role == Role::Hidden);
        // Between two hidden layers, or else before the only head.
        let inner = view.graph.connections().rfind(|c| hidden(c.from) && hidden(c.to));
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
        Ok(Answer::Is(
            place
                .map(|c| Place::Deeper { connection: c.id })
                .into_iter()
                .collect(),
        ))
    }

    fn widens_only(&self) -> bool {
        false
    }

    fn places(&self, _: &Graph) -> Vec<LayerId> {
        Vec::new()
    }
}

crate::register!(
    placement,
    Deeper,
    "deeper",
    summary = "Inserts an identity layer in front of the last hidden layer, instead of adding units.",
    citation = "Chen et al. 2016, arXiv:1511.05641",
    source = include_str!("deeper.rs"),
);
