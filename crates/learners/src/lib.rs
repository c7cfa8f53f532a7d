//! Learners of other kinds than the network that grows by strategies: self-organising maps, and neurogenesis deep learning. Each
//! brings its own rule of growth, and shares streams, backends, the journal and records with all others.

pub mod maps;
pub mod neurogenesis;
