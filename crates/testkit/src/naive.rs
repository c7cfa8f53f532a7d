//! A slow and simple model of a growing network: the oracle of the property tests.
//!
//! Every number of every slot is one entry of a map, keyed by the connection and the units it belongs to ([`Cell`]).
//! Growth is computed edit by edit on those maps, never by a receipt; the forward pass consists of loops over any number type
//! ([`Number`]): plain `f64`, numbers that carry a derivative ([`Dual`]), numbers that carry a bound on the rounding error of
//! single precision ([`Rounded`]), or both.

mod expression;
mod grow;
mod loss;
mod network;
mod number;
mod optimize;
mod run;

pub use expression::{expression, over_all};
pub use grow::Growing;
pub use loss::{Batch, ablation, gradient, output_gradients, row_gradients, value};
pub use network::{Arrays, Cell, Network};
pub use number::{Dual, Number, Rounded, erf};
pub use optimize::Optimization;
pub use run::{At, Nudge, Outputs, Values, run, run_rows, values};
