//! Learners besides the gradient learner: self-organising maps, neurogenesis deep learning and cascade-correlation, each with its own growth rule,
//! and heads in closed form for frozen features. All share streams, backends, the journal and records with all others.

pub mod cascade_correlation;
pub mod closed_form;
pub mod maps;
pub mod neurogenesis;
mod widen;
