//! Mechanisms: the continual-learning additions to training. Replay, penalties, distillation, projection of gradients,
//! masks, slow copies and resets each implement a few hooks, and a method may list several of them, in order.
//!
//! A mechanism is a configuration and a state. Its hooks are called around every update (`compose`, `before`, `gradient`,
//! `updated`), at the boundaries of experiences (`begin`, `end`), and when the network has grown (`grown`). Data shaped
//! like the parameters are kept in slots of the backend, which follow growth by themselves; everything else is kept in the
//! state. If no mechanism needs the gradient, an update stays one fused step.

mod batch;
mod context;
mod door;
mod lens;
mod list;
mod needs;
mod seeds;
mod spec;

pub(crate) use batch::Assembled;
pub use batch::{Batch, Outputs};
pub(crate) use context::At;
pub use context::Context;
pub use door::{AnyMechanism, MechanismRun, MechanismSpec};
pub use lens::{Lens, Pass, Sight};
pub(crate) use list::{Mechanisms, When, check};
pub use needs::{Needs, Views};
pub use spec::{Holds, Mechanism, Query, Then, Update, Work};

/// Registers a mechanism ([`Mechanism`]) or a buffer ([`Buffer`](crate::Buffer)) under its TOML name. With `source =
/// include_str!("this_file.rs")` `dentate explain` shows the `//!` lines at the beginning of the file.
///
/// ```ignore
/// register!(mechanism, Pull, "pull", summary = "Pulls weights back.", citation = "this page");
/// ```
#[macro_export]
macro_rules! register {
    (mechanism, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::MechanismSpec] Mechanism, $($rest)*);
    };
    (buffer, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::BufferSpec] Buffer, $($rest)*);
    };
}
