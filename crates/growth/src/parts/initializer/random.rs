//! Random: newborn units start as the network's own did, on both sides. The control for initializers that look at something.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `incoming`, `outgoing` | how weights are drawn | as the network's own |
//! | `bias` | what biases start at | 0 |
//!
//! **Preserves** every old weight; the function changes by what the newborns put out.

use crate::parts::{Answer, Answered, Initializer, Part, Start};
use crate::strategy::View;
use dentate_core::{Init, LayerId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration; see the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RandomStart {
    /// How incoming weights are drawn; as the network's own when absent.
    pub incoming: Option<Init>,
    /// How outgoing weights are drawn; as the network's own when absent.
    pub outgoing: Option<Init>,
    /// What biases start at.
    pub bias: f32,
}

impl Part for RandomStart {
    type State = ();
}

impl Initializer for RandomStart {
    fn initialize(&self, _: &mut (), view: &View<'_>, _: LayerId, _: usize) -> Answered<Start> {
        Ok(Answer::Is(Start::Fresh {
            incoming: self.incoming.unwrap_or(view.init).into(),
            outgoing: self.outgoing.unwrap_or(view.init).into(),
            bias: self.bias,
        }))
    }
}

crate::register!(
    initializer,
    RandomStart,
    "random",
    summary = "Newborn units start as the network's own did: the control.",
    citation = "control",
    source = include_str!("random.rs"),
);
