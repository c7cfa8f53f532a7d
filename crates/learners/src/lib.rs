//! Learners besides the gradient learner: self-organising maps, and neurogenesis deep learning. Each has its own growth
//! rule, and shares streams, backends, the journal and records with all others.

pub mod maps;
pub mod neurogenesis;
