//! `network.safetensors`: a tensor for each parameter block, under the block's name (`connection-3/weight`).

use super::error::NetworkFileError;
use super::graph::Described;
use dentate_core::record::{printable, sentence};
use dentate_core::{Graph, Network, Parameter};
use ndarray::Array2;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::BTreeMap;
use std::path::Path;

/// The maximum size in bytes of a header with this number of blocks, and metadata of other programs.
fn header(blocks: usize) -> u64 {
    (1 << 20) + 400 * blocks as u64
}

/// The maximum size in bytes of a file with the numbers of a graph.
pub(super) fn longest(graph: &Graph) -> u64 {
    let parameters = graph.parameters();
    let bytes = |(rows, columns): &(usize, usize)| (*rows as u64).saturating_mul(4 * *columns as u64);
    let numbers = parameters.values().map(bytes).fold(0, u64::saturating_add);
    numbers.saturating_add(header(parameters.len()))
}

pub(super) fn encode(network: &Network) -> Result<Vec<u8>, NetworkFileError> {
    let failed = |e: safetensors::SafeTensorError| NetworkFileError::Unwritable(e.to_string());
    let bytes = |values: &Array2<f32>| values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let blocks: Vec<(String, [usize; 2], Vec<u8>)> = network
        .parameters()
        .iter()
        .map(|(p, values)| (p.to_string(), values.dim().into(), bytes(values)))
        .collect();
    let mut tensors = BTreeMap::new();
    for (name, shape, bytes) in &blocks {
        let view = TensorView::new(Dtype::F32, shape.to_vec(), bytes).map_err(failed)?;
        tensors.insert(name.as_str(), view);
    }
    let metadata = [("dentate".to_string(), "network".to_string())];
    safetensors::serialize(tensors, Some(metadata.into_iter().collect())).map_err(failed)
}

/// Decodes the numbers of a graph; `file` is the name used in error messages.
pub(super) fn decode(
    bytes: &[u8],
    described: &Described,
    file: &Path,
) -> Result<BTreeMap<Parameter, Array2<f32>>, NetworkFileError> {
    let read = SafeTensors::deserialize(bytes).map_err(|error| NetworkFileError::Container {
        file: file.into(),
        message: sentence(&error.to_string()),
    })?;
    let mut tensors: BTreeMap<&str, TensorView<'_>> = read.iter().collect();
    let mut parameters = BTreeMap::new();
    for (parameter, needed) in described.graph.parameters() {
        let tensor = parameter.to_string();
        let Some(view) = tensors.remove(tensor.as_str()) else {
            let file = file.into();
            return Err(NetworkFileError::Missing { file, tensor, needed });
        };
        let values = array(&view, needed).ok_or_else(|| NetworkFileError::Tensor {
            file: file.into(),
            tensor: tensor.clone(),
            found: sentence(&format!("{:?} {:?}", view.dtype(), view.shape())),
            needed: needed.into(),
        })?;
        let bad = values.iter().copied().find(|v| !v.is_finite());
        if let Some(found) = bad.filter(|_| !described.non_finite.contains(&tensor)) {
            let file = file.into();
            return Err(NetworkFileError::NotFinite { file, tensor, found });
        }
        parameters.insert(parameter, values);
    }
    match tensors.keys().next() {
        None => Ok(parameters),
        Some(name) => Err(NetworkFileError::Unknown {
            file: file.into(),
            tensor: printable(name).chars().take(80).collect(),
        }),
    }
}

/// The numbers of a tensor, if it has this shape.
fn array(view: &TensorView<'_>, needed: (usize, usize)) -> Option<Array2<f32>> {
    if view.dtype() != Dtype::F32 || view.shape() != [needed.0, needed.1] {
        return None;
    }
    let words = view.data().as_chunks::<4>().0;
    let values = words.iter().map(|w| f32::from_le_bytes(*w)).collect();
    Array2::from_shape_vec(needed, values).ok()
}
