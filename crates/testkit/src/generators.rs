//! Proptest strategies for graphs, plans, faults, objectives and data.
//!
//! A plan depends on its graph. So proptest draws and shrinks [`Intent`]s, a few numbers each, and [`plan`] turns them into
//! edits that are valid for the given graph.

mod data;
mod expressions;
mod faults;
mod objectives;
mod plans;
mod shapes;

pub use data::{Rowset, Temper, rowset};
pub use expressions::{expressions, reductions};
pub use faults::{Fault, faults, faulty};
pub use objectives::{Goal, goals, objective};
pub use plans::{Intent, intents, plan};
pub use shapes::{ColumnShape, MapShape, Shape, SpaceShape, shapes, smooth_shapes};

use dentate_core::{Init, Seed};
use ndarray::Array2;
use rand::Rng;

/// A block of moderate values, uniform in ±1.
#[must_use]
pub fn block(shape: (usize, usize), seed: Seed) -> Array2<f32> {
    Init::Uniform(1.0).draw(shape, 1, 1, &mut seed.random())
}

/// A block of positive values.
#[must_use]
pub fn positive(shape: (usize, usize), seed: Seed) -> Array2<f32> {
    let mut random = seed.random();
    Array2::from_shape_simple_fn(shape, || random.random::<f32>() + 0.1)
}

#[cfg(test)]
mod tests;
