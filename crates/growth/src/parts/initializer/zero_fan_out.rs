//! Zero fan-out: a newborn unit listens from the first step on, and speaks only once it has something to say.
//!
//! Incoming weights are drawn, outgoing ones are zero: `W_in ~ init`, `W_out = 0`. **Preserves** the function exactly. Only
//! the outgoing weights have a gradient at first; the incoming ones follow when these have left zero.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `incoming` | how incoming weights are drawn | as the network's own |
//! | `bias` | what biases start at | 0 |

use crate::parts::{Answer, Answered, Initializer, Part, Start};
use crate::strategy::View;
use dentate_core::{Init, LayerId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration; see the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ZeroFanOut {
    /// How incoming weights are drawn; as the network's own when absent.
    pub incoming: Option<Init>,
    /// What biases start at.
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
    summary = "Newborn units start with outgoing weights of zero, so that nothing changes at first.",
    citation = "this project",
    source = include_str!("zero_fan_out.rs"),
);
