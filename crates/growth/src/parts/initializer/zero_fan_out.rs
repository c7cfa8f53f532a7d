//! Zero fan-out: a new unit has random incoming weights, and zero outgoing weights that it has to learn.
//!
//! Incoming weights are drawn, outgoing ones are zero: `W_in ~ init`, `W_out = 0`. **Preserves** the function exactly. At
//! first only the outgoing weights have a gradient; the incoming ones get one as soon as these are no longer zero.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `incoming` | initialisation of incoming weights | that of the network |
//! | `bias` | initial bias | 0 |

use crate::parts::{Answer, Answered, Initializer, Part, Start};
use crate::strategy::View;
use dentate_core::{Init, LayerId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the zero fan-out initializer; see [the module](self).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ZeroFanOut {
    /// Initialisation of incoming weights; that of the network when absent.
    pub incoming: Option<Init>,
    /// Initial bias.
    pub bias: f32,
}

impl Part for ZeroFanOut {
    type State = ();
}

impl Initializer for ZeroFanOut {
    fn initialize(&self, _: &mut (), view: &View<'_>, _: LayerId, _: usize) -> Answered<Start> {
        Ok(Answer::Is(Start::Fresh {
            incoming: self.incoming.unwrap_or(view.init).into(),
            outgoing: Init::Zero.into(),
            bias: self.bias,
        }))
    }

    fn preserves_function(&self) -> bool {
        true
    }
}

crate::register!(
    initializer,
    ZeroFanOut,
    "zero-fan-out",
    summary = "Outgoing weights of zero, which preserve the function.",
    citation = "this project",
    source = include_str!("zero_fan_out.rs"),
);
