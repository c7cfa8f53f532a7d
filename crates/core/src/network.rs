//! A network as plain data: its graph with the lineage of every unit, its parameters, and the form of its inputs. A learner can
//! write one, and another can start from it.

use crate::data::{Dataset, Samples};
use crate::graph::{Graph, Parameter};
use crate::layer::Layer;
use ndarray::Array2;
use std::collections::BTreeMap;
use thiserror::Error;

/// The scaling of stored bytes to input values: `value × scale + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    /// Multiplier.
    pub scale: f32,
    /// Added after scaling.
    pub offset: f32,
}

/// The inputs of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Inputs {
    /// The shape of a row, for instance `[28, 28]`.
    pub shape: Vec<usize>,
    /// The scaling of its bytes; `None` where data were numbers, or not all scaled alike.
    pub scaling: Option<Scaling>,
}

impl Inputs {
    /// The inputs that these data sets give to `input`. Without data sets, a row has the shape of the layer.
    pub(crate) fn of<'a>(input: &Layer, data: impl Iterator<Item = &'a Dataset>) -> Self {
        let (features, grid) = (input.features(), input.outputs());
        let own = if grid.positions() == 1 {
            vec![features]
        } else {
            vec![input.width(), grid.height, grid.width]
        };
        let mut shape = None;
        let mut scalings = Vec::new();
        for data in data.filter(|data| data.features() == features) {
            shape.get_or_insert_with(|| data.shape().to_vec());
            scalings.push(match **data.storage() {
                Samples::Bytes { scale, offset, .. } => Some(Scaling { scale, offset }),
                Samples::Floats(_) => None,
            });
        }
        let first = scalings.first().copied().flatten();
        Self {
            shape: shape.unwrap_or(own),
            scaling: first.filter(|_| scalings.iter().all(|one| *one == first)),
        }
    }
}

/// The reasons for which numbers do not match a graph.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum NetworkError {
    /// There is no input layer: the learner has not begun.
    #[error("the network has no input layer")]
    NoInput,
    /// A row has another size than the input layer.
    #[error("a row of shape {shape:?} does not have the {features} values that enter the network")]
    Shape {
        /// The shape of a row.
        shape: Vec<usize>,
        /// The number of values of the input layer.
        features: usize,
    },
    /// The scaling is not finite.
    #[error("inputs are scaled by {scale} and {offset}, which are not both finite")]
    Scaling {
        /// The multiplier.
        scale: f32,
        /// The offset.
        offset: f32,
    },
    /// A block of the graph has no values.
    #[error("there is no `{0}`, which the graph has")]
    Missing(Parameter),
    /// A block does not exist in the graph.
    #[error("there is a `{0}`, which the graph has not")]
    Unknown(Parameter),
    /// A block has the wrong shape.
    #[error("`{parameter}` has the shape {found:?}, and the graph needs {needed:?}")]
    Block {
        /// The block.
        parameter: Parameter,
        /// Its shape.
        found: (usize, usize),
        /// The shape in the graph.
        needed: (usize, usize),
    },
}

/// A network as plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    graph: Graph,
    parameters: BTreeMap<Parameter, Array2<f32>>,
    inputs: Inputs,
}

impl Network {
    /// Combines a graph with its numbers: learned ones and running statistics, a block for each of [`Graph::parameters`].
    ///
    /// # Errors
    /// [`NetworkError`] if they do not match.
    pub fn new(
        graph: Graph,
        parameters: BTreeMap<Parameter, Array2<f32>>,
        inputs: Inputs,
    ) -> Result<Self, NetworkError> {
        let features = graph.input().ok_or(NetworkError::NoInput)?.features();
        let product = inputs.shape.iter().try_fold(1_usize, |n, &d| n.checked_mul(d));
        if product != Some(features) {
            let shape = inputs.shape;
            return Err(NetworkError::Shape { shape, features });
        }
        if let Some(Scaling { scale, offset }) = inputs.scaling
            && !(scale.is_finite() && offset.is_finite())
        {
            return Err(NetworkError::Scaling { scale, offset });
        }
        let needed = graph.parameters();
        if let Some(unknown) = parameters.keys().find(|p| !needed.contains_key(p)) {
            return Err(NetworkError::Unknown(*unknown));
        }
        for (parameter, needed) in needed {
            let found = parameters.get(&parameter).map(Array2::dim);
            match found {
                None => return Err(NetworkError::Missing(parameter)),
                Some(found) if found != needed => {
                    return Err(NetworkError::Block {
                        parameter,
                        found,
                        needed,
                    });
                }
                Some(_) => {}
            }
        }
        Ok(Self {
            graph,
            parameters,
            inputs,
        })
    }

    /// Its graph: layers, connections, heads, units with their lineage.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Its numbers, block by block, including running statistics of batch norms.
    #[must_use]
    pub fn parameters(&self) -> &BTreeMap<Parameter, Array2<f32>> {
        &self.parameters
    }

    /// The form of its inputs.
    #[must_use]
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The blocks that contain a non-finite number.
    #[must_use]
    pub fn non_finite(&self) -> Vec<Parameter> {
        let bad = |values: &Array2<f32>| values.iter().any(|v| !v.is_finite());
        let found = self.parameters.iter().filter(|(_, values)| bad(values));
        found.map(|(parameter, _)| *parameter).collect()
    }
}
