//! Everything that the function of a derived metric needs: frames, group-bys and joins, and the items of polars.

pub use crate::frames::{Frames, Observation, Unreadable};
pub use crate::group;
pub use crate::metrics::{Compute, Derived};
pub use polars::prelude::*;
