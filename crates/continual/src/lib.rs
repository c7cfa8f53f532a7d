//! The gradient learner and the continual-learning methods around it: naive fine-tuning (nothing set), joint training
//! (`scope = "everything"`) and experience replay (`rehearsal`), each with any growth strategy.

mod asking;
mod batch;
mod books;
mod config;
mod heads;
mod learner;
mod phase;
mod replay;
mod saving;

pub use config::{Budget, Gradient};
pub use learner::GradientLearner;
pub use replay::{Replay, Reservoir};
