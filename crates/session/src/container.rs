//! One safetensors file with the state of a learner and of its session.
//!
//! The learner's numbers are tensors under their own names (`connection-3/weight`), which any safetensors reader can read.
//! Two tensors of bytes hold the rest: `dentate/run`, the position of the session, and `dentate/state`, the part that only the
//! learner can read. The metadata contain the layout's version and a CRC-32 of all tensors' names and bytes. Nothing in it can
//! execute anything.
//!
//! Reading uses at most four times the file's size and 16 MiB of memory, whatever its header claims.

use dentate_core::SavedState;
use dentate_core::record::sentence;
use flate2::Crc;
use ndarray::Array2;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::BTreeMap;
use thiserror::Error;

/// The version of the layout.
const VERSION: &str = "4";
const RUN: &str = "dentate/run";
const STATE: &str = "dentate/state";

/// The reasons for which a file cannot be used, each to be read after its name.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ContainerError {
    /// Not safetensors.
    #[error("it is not a safetensors file ({0})")]
    Container(String),
    /// It has another layout.
    #[error("it is of layout {found}, and this program reads layout {VERSION}")]
    Version {
        /// Its own version.
        found: String,
    },
    /// The checksum differs.
    #[error("its checksum does not hold")]
    Checksum,
    /// A tensor is missing.
    #[error("it holds no tensor `{0}`")]
    Missing(&'static str),
    /// A tensor has the wrong type or shape.
    #[error("its tensor `{name}` is {found} where {expected} is needed")]
    Tensor {
        /// Its name.
        name: String,
        /// Its type and shape.
        found: String,
        /// The required type and shape.
        expected: &'static str,
    },
    /// A name is reserved for the file itself.
    #[error("a learner's array is called `{0}`, a name kept for the run itself")]
    Reserved(String),
}

/// Encodes a file.
///
/// # Errors
/// [`ContainerError::Reserved`], and errors of encoding.
pub fn encode(run: &[u8], saved: &SavedState) -> Result<Vec<u8>, ContainerError> {
    let container = |e: safetensors::SafeTensorError| ContainerError::Container(e.to_string());
    let arrays: BTreeMap<&str, Vec<u8>> = saved
        .arrays
        .iter()
        .map(|(name, values)| {
            let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            (name.as_str(), bytes)
        })
        .collect();
    let mut tensors: BTreeMap<&str, TensorView<'_>> = BTreeMap::new();
    for (name, values) in &saved.arrays {
        if name.starts_with("dentate/") {
            return Err(ContainerError::Reserved(name.clone()));
        }
        let (rows, columns) = values.dim();
        let view = TensorView::new(Dtype::F32, vec![rows, columns], &arrays[name.as_str()]);
        tensors.insert(name, view.map_err(container)?);
    }
    for (name, bytes) in [(RUN, run), (STATE, saved.state.as_slice())] {
        let view = TensorView::new(Dtype::U8, vec![bytes.len()], bytes);
        tensors.insert(name, view.map_err(container)?);
    }
    let sum = checksum(tensors.iter().map(|(name, view)| (*name, view.data())));
    let metadata = [("dentate", VERSION.to_string()), ("crc32", format!("{sum:08x}"))];
    let metadata = metadata.into_iter().map(|(k, v)| (k.to_string(), v)).collect();
    safetensors::serialize(tensors, Some(metadata)).map_err(container)
}

/// Decodes a file: the position of the session, and the learner.
///
/// # Errors
/// [`ContainerError`].
pub fn decode(bytes: &[u8]) -> Result<(Vec<u8>, SavedState), ContainerError> {
    let container = |e: safetensors::SafeTensorError| ContainerError::Container(sentence(&e.to_string()));
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(container)?;
    let word = |key: &str| header.metadata().as_ref().and_then(|m| m.get(key)).cloned();
    match word("dentate") {
        Some(version) if version == VERSION => {}
        found => {
            let found = found.unwrap_or_else(|| "unknown".into());
            return Err(ContainerError::Version { found });
        }
    }
    let file = SafeTensors::deserialize(bytes).map_err(container)?;
    let tensors: BTreeMap<&str, TensorView<'_>> = file.iter().collect();
    let sum = checksum(tensors.iter().map(|(name, view)| (*name, view.data())));
    if word("crc32") != Some(format!("{sum:08x}")) {
        return Err(ContainerError::Checksum);
    }
    let of_bytes = |name: &'static str| {
        let view = tensors.get(name).ok_or(ContainerError::Missing(name))?;
        match view.dtype() {
            Dtype::U8 => Ok(view.data().to_vec()),
            _ => Err(unfit(name, view, "a row of bytes")),
        }
    };
    let mut saved = SavedState {
        state: of_bytes(STATE)?,
        ..SavedState::default()
    };
    for (name, view) in &tensors {
        if !name.starts_with("dentate/") {
            saved.arrays.insert((*name).to_string(), array(name, view)?);
        }
    }
    Ok((of_bytes(RUN)?, saved))
}

fn unfit(name: &str, view: &TensorView<'_>, expected: &'static str) -> ContainerError {
    ContainerError::Tensor {
        name: name.into(),
        found: format!("{:?} {:?}", view.dtype(), view.shape()),
        expected,
    }
}

fn array(name: &str, view: &TensorView<'_>) -> Result<Array2<f32>, ContainerError> {
    let (Dtype::F32, &[rows, columns]) = (view.dtype(), view.shape()) else {
        return Err(unfit(name, view, "a matrix of F32"));
    };
    let words = view.data().as_chunks::<4>().0;
    let values = words.iter().map(|w| f32::from_le_bytes(*w)).collect();
    Array2::from_shape_vec((rows, columns), values).map_err(|_| unfit(name, view, "a matrix of F32"))
}

/// CRC-32 of names and bytes, in the order of the names.
fn checksum<'a>(tensors: impl Iterator<Item = (&'a str, &'a [u8])>) -> u32 {
    let mut crc = Crc::new();
    for (name, bytes) in tensors {
        crc.update(name.as_bytes());
        crc.update(bytes);
    }
    crc.sum()
}

#[cfg(test)]
mod tests;
