//! Checkpoints: the whole of a run at one moment, in one safetensors file, so that a run that was ended goes on to the
//! bit.
//!
//! The learner's numbers are tensors under their own names (`connection-3/weight`), which any safetensors reader can read.
//! Two tensors of bytes hold the rest (`dentate_core::state`): `dentate/run`, where the run stands, and `dentate/state`, what only the
//! learner understands. The metadata hold the layout's version and a CRC-32 of all tensors' names and bytes. Nothing in a
//! checkpoint can execute anything, and none is written in place: it is made beside the old one and renamed.
//!
//! Reading takes at most four times the file's size and 16 MiB of memory, whatever its header claims.

use crate::places::write_synced;
use crate::run::{Mark, Position, Timing};
use dentate_core::{Ledger, Saved};
use flate2::Crc;
use ndarray::Array2;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use thiserror::Error;

/// The version of the layout.
const VERSION: &str = "2";
const RUN: &str = "dentate/run";
const STATE: &str = "dentate/state";

/// Where a run stands, beside its learner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// The run's id.
    pub(crate) run: String,
    /// The digest of the rows it has learned from, as they were in memory.
    pub(crate) data: String,
    /// What its numbers depend on beside the configuration: program, processor, threads.
    pub(crate) fingerprint: String,
    /// What comes next.
    pub(crate) position: Position,
    /// The books.
    pub(crate) ledger: Ledger,
    /// How much of the record log belongs to this moment.
    pub(crate) log: Mark,
    /// Wall times so far.
    pub(crate) timing: Timing,
}

/// A run at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Checkpoint {
    pub(crate) standing: Standing,
    pub(crate) saved: Saved,
}

/// Why a checkpoint cannot be used, read behind its file's name.
#[derive(Debug, Error)]
pub(crate) enum CheckpointError {
    #[error("it is not a safetensors file ({0})")]
    Container(String),
    #[error("it is of layout {found}, and this program reads layout {VERSION}")]
    Version { found: String },
    #[error("its checksum does not hold")]
    Checksum,
    #[error("it holds no tensor `{0}`")]
    Missing(&'static str),
    #[error("its tensor `{name}` is {found} where {expected} is needed")]
    Tensor {
        name: String,
        found: String,
        expected: &'static str,
    },
    #[error("what it says of the run cannot be read ({0})")]
    Standing(String),
    #[error("a learner's array is called `{0}`, a name kept for the run itself")]
    Reserved(String),
}

impl Checkpoint {
    /// The file's bytes.
    ///
    /// # Errors
    /// [`CheckpointError::Reserved`] and its like.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, CheckpointError> {
        let container = |e: safetensors::SafeTensorError| CheckpointError::Container(e.to_string());
        let standing = dentate_core::state::to_bytes(&self.standing)
            .map_err(|e| CheckpointError::Standing(e.to_string()))?;
        let arrays: BTreeMap<&str, Vec<u8>> = self
            .saved
            .arrays
            .iter()
            .map(|(name, values)| {
                let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
                (name.as_str(), bytes)
            })
            .collect();
        let mut tensors: BTreeMap<&str, TensorView<'_>> = BTreeMap::new();
        for (name, values) in &self.saved.arrays {
            if name.starts_with("dentate/") {
                return Err(CheckpointError::Reserved(name.clone()));
            }
            let (rows, columns) = values.dim();
            let view = TensorView::new(Dtype::F32, vec![rows, columns], &arrays[name.as_str()]);
            tensors.insert(name, view.map_err(container)?);
        }
        for (name, bytes) in [(RUN, &standing), (STATE, &self.saved.state)] {
            let view = TensorView::new(Dtype::U8, vec![bytes.len()], bytes);
            tensors.insert(name, view.map_err(container)?);
        }
        let sum = checksum(tensors.iter().map(|(name, view)| (*name, view.data())));
        let metadata = [("dentate", VERSION.to_string()), ("crc32", format!("{sum:08x}"))];
        let metadata = metadata.into_iter().map(|(k, v)| (k.to_string(), v)).collect();
        safetensors::serialize(tensors, Some(metadata)).map_err(container)
    }

    /// Read a file's bytes.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let container = |e: safetensors::SafeTensorError| CheckpointError::Container(first_line(&e));
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(container)?;
        let word = |key: &str| header.metadata().as_ref().and_then(|m| m.get(key)).cloned();
        match word("dentate") {
            Some(version) if version == VERSION => {}
            found => {
                let found = found.unwrap_or_else(|| "unknown".into());
                return Err(CheckpointError::Version { found });
            }
        }
        let file = SafeTensors::deserialize(bytes).map_err(container)?;
        let tensors: BTreeMap<&str, TensorView<'_>> = file.iter().collect();
        let sum = checksum(tensors.iter().map(|(name, view)| (*name, view.data())));
        if word("crc32") != Some(format!("{sum:08x}")) {
            return Err(CheckpointError::Checksum);
        }
        let of_bytes = |name: &'static str| {
            let view = tensors.get(name).ok_or(CheckpointError::Missing(name))?;
            match view.dtype() {
                Dtype::U8 => Ok(view.data()),
                _ => Err(unfit(name, view, "a row of bytes")),
            }
        };
        let standing = dentate_core::state::from_bytes(of_bytes(RUN)?)
            .map_err(|e| CheckpointError::Standing(e.to_string()))?;
        let mut saved = Saved {
            state: of_bytes(STATE)?.to_vec(),
            ..Saved::default()
        };
        for (name, view) in &tensors {
            if !name.starts_with("dentate/") {
                saved.arrays.insert((*name).to_string(), array(name, view)?);
            }
        }
        Ok(Self { standing, saved })
    }

    /// Write it to `path` as a whole; its size in bytes.
    ///
    /// # Errors
    /// The file's, or the run's for a state that cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<u64, crate::error::RunnerError> {
        let bytes = self.encode().map_err(|error| crate::error::RunnerError::Run {
            kind: "state",
            message: format!("the run's state cannot be written down: {error}"),
        })?;
        write_synced(path, &bytes)?;
        Ok(bytes.len() as u64)
    }
}

fn first_line(error: &impl std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().into()
}

fn unfit(name: &str, view: &TensorView<'_>, expected: &'static str) -> CheckpointError {
    CheckpointError::Tensor {
        name: name.into(),
        found: format!("{:?} {:?}", view.dtype(), view.shape()),
        expected,
    }
}

fn array(name: &str, view: &TensorView<'_>) -> Result<Array2<f32>, CheckpointError> {
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

/// The bytes of a small checkpoint.
pub(crate) fn example() -> Option<Vec<u8>> {
    let values = |rows, columns| Array2::from_shape_fn((rows, columns), |(i, j)| (i * 7 + j) as f32);
    let names = [
        "connection-0/weight",
        "layer-1/bias",
        "second-moment/layer-1/bias",
    ];
    let checkpoint = Checkpoint {
        standing: Standing {
            run: "0123456789abcdef".into(),
            data: "89ab".into(),
            fingerprint: "a machine".into(),
            position: Position::default(),
            ledger: Ledger::default(),
            log: Mark::default(),
            timing: Timing::default(),
        },
        saved: Saved {
            state: vec![0x93, 1, 2, 3],
            arrays: names
                .into_iter()
                .map(|name| (name.to_string(), values(3, 5)))
                .collect(),
        },
    };
    checkpoint.encode().ok()
}

#[cfg(test)]
mod tests;
