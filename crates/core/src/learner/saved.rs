//! A learner's complete state as plain data: the content of a checkpoint, in a form that cannot execute anything.

use crate::backend::Snapshot;
use crate::graph::Parameter;
use crate::learner::LearnError;
use crate::slot::Slot;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A learner's state: numbers as named arrays, so that other programs can read them, and everything else as bytes
/// ([`mod@crate::state`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedState {
    /// The part that only the learner can read.
    pub state: Vec<u8>,
    /// Its numbers by name, for instance `connection-3/weight` or `second-moment/layer-2/bias`.
    pub arrays: BTreeMap<String, Array2<f32>>,
}

/// The arrays of a [`SavedState`] that belong to a [`Snapshot`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Arrays(BTreeMap<Slot, Vec<Parameter>>);

impl SavedState {
    /// Moves the numbers out of a snapshot; the rest of it is small.
    pub fn take(&mut self, snapshot: &mut Snapshot) -> Arrays {
        let mut kept = BTreeMap::new();
        for (slot, blocks) in std::mem::take(&mut snapshot.slots) {
            let mut parameters = Vec::with_capacity(blocks.len());
            for (parameter, values) in blocks {
                self.arrays.insert(name(slot, parameter), values);
                parameters.push(parameter);
            }
            kept.insert(slot, parameters);
        }
        Arrays(kept)
    }

    /// Moves the numbers back.
    ///
    /// # Errors
    /// [`LearnError::State`], naming a missing array.
    pub fn put_back(&self, arrays: &Arrays, snapshot: &mut Snapshot) -> Result<(), LearnError> {
        for (&slot, parameters) in &arrays.0 {
            let mut blocks = BTreeMap::new();
            for &parameter in parameters {
                let name = name(slot, parameter);
                let values = self.arrays.get(&name);
                let values =
                    values.ok_or_else(|| LearnError::State(format!("the array `{name}` is missing")))?;
                blocks.insert(parameter, values.clone());
            }
            snapshot.slots.insert(slot, blocks);
        }
        Ok(())
    }
}

/// The name of an array. The parameters themselves have no prefix: they are what other programs look for.
fn name(slot: Slot, parameter: Parameter) -> String {
    if slot == Slot::WEIGHT {
        parameter.to_string()
    } else {
        format!("{}/{parameter}", slot.name())
    }
}
