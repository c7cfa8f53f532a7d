//! Random: new units are initialised as the network was, on both sides. The control for initializers that use data or
//! weights.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `incoming`, `outgoing` | initialisation of the weights | that of the network |
//! | `bias` | initial bias | 0 |
//!
//! **Preserves** every old weight; the function changes by the outputs of the new units.

use crate::parts::{Answer, Answered, Initializer, Part, Start};
use crate::strategy::View;
use dentate_core::{Init, LayerId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the random initializer; see [the module](self).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RandomStart {
    /// Initialisation of incoming weights; that of the network when absent.
    pub incoming: Option<Init>,
    /// Initialisation of outgoing weights; that of the network when absent.
    pub outgoing: Option<Init>,
    /// Initial bias.
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
    summary = "Newborn units are initialised like the network: the control.",
    citation = "control",
    source = include_str!("random.rs"),
);
