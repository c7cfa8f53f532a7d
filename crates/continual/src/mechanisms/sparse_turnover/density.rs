//! The number of live weights of each connection.

use super::Distribution;
use dentate_core::{Connection, Graph, Link};

/// The shape of a connection's weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    /// Number of weights.
    pub(super) entries: usize,
    /// Inputs, outputs and sides of the kernel, added up.
    pub(super) sides: usize,
}

impl Shape {
    /// The shape of a connection's weights; `None` for one without weights.
    pub(super) fn of(graph: &Graph, connection: &Connection) -> Option<Self> {
        let (rows, columns) = graph.weights_of(connection)?;
        let sides = match connection.link {
            Link::Convolution { window, .. } => {
                columns / window.area().max(1) + window.kernel.iter().sum::<usize>()
            }
            _ => columns,
        };
        Some(Self {
            entries: rows * columns,
            sides: rows + sides,
        })
    }
}

/// The number of live weights of each connection, for a share `density` of all of them.
pub(super) fn live_numbers(
    density: f64,
    distribution: Distribution,
    shapes: impl Iterator<Item = Shape>,
) -> Vec<usize> {
    let shapes: Vec<Shape> = shapes.collect();
    let wanted = match distribution {
        Distribution::Uniform => shapes.iter().map(|s| density * s.entries as f64).collect(),
        Distribution::ErdosRenyi => in_proportion(density, &shapes),
    };
    let rounded = |(wanted, shape): (&f64, &Shape)| (wanted.round() as usize).min(shape.entries);
    wanted.iter().zip(&shapes).map(rounded).collect()
}

/// ε · sides for each connection, with the ε that gives the total; connections that would be more than dense are dense.
fn in_proportion(density: f64, shapes: &[Shape]) -> Vec<f64> {
    let mut dense = vec![false; shapes.len()];
    let total: usize = shapes.iter().map(|s| s.entries).sum();
    loop {
        let of = |dense_ones: bool, size: fn(&Shape) -> usize| -> f64 {
            let some = shapes
                .iter()
                .zip(&dense)
                .filter(|(_, dense)| **dense == dense_ones);
            some.map(|(shape, _)| size(shape) as f64).sum()
        };
        let left = (density * total as f64 - of(true, |s| s.entries)).max(0.0);
        let factor = left / of(false, |s| s.sides);
        let share = |shape: &Shape| factor * shape.sides as f64 / shape.entries as f64;
        // As in the authors' code, the one furthest beyond becomes dense, and the factor is computed anew.
        let beyond = (0..shapes.len()).filter(|i| !dense[*i] && share(&shapes[*i]) > 1.0);
        let furthest = beyond.max_by(|a, b| share(&shapes[*a]).total_cmp(&share(&shapes[*b])));
        let Some(furthest) = furthest else {
            let number = |(shape, dense): (&Shape, &bool)| {
                if *dense {
                    shape.entries as f64
                } else {
                    factor * shape.sides as f64
                }
            };
            return shapes.iter().zip(&dense).map(number).collect();
        };
        dense[furthest] = true;
    }
}
