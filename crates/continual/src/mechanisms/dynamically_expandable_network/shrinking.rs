//! The proximal steps of the L1 penalty and of the group lasso, and the units that they leave unused.

use dentate_core::{Expr, Graph, Layer, Optimizer, Over, Parameter, Reduction, Slot, UnitId};
use ndarray::Array2;
use std::collections::BTreeMap;

/// The learning rate of an optimizer.
pub(super) fn rate(optimizer: &Optimizer) -> f32 {
    match optimizer {
        Optimizer::Sgd { learning_rate, .. }
        | Optimizer::Adam { learning_rate, .. }
        | Optimizer::AdamW { learning_rate, .. } => *learning_rate,
    }
}

/// The weights after soft thresholding by `l1` where they are trained, and after shrinking by `group` in the rows that are trained as a whole: what
/// comes into new units. Everything else keeps its value.
pub(super) fn shrunk(trained: Slot, l1: f32, group: f32) -> Expr {
    let weight = || Expr::slot(Slot::WEIGHT);
    let soft = || weight().sign() * (weight().abs() - l1).max(0.0);
    let mut shrunk = soft();
    if group > 0.0 {
        // A row of zeros has no direction, and stays as it is.
        let norm = soft().norm(Over::Row).max(f32::MIN_POSITIVE);
        let factor = (1.0 - Expr::constant(group) / norm).max(0.0);
        let whole = Expr::slot(trained).reduce(Reduction::Min, Over::Row);
        shrunk = whole.select(soft() * factor, soft());
    }
    (Expr::weights() * Expr::slot(trained)).select(shrunk, weight())
}

/// The units of a layer, from the one with the id `first` on, whose incoming weights are all 0.
pub(super) fn unused(
    graph: &Graph,
    weights: &BTreeMap<Parameter, Array2<f32>>,
    layer: &Layer,
    first: UnitId,
) -> Vec<UnitId> {
    let incoming: Vec<_> = graph
        .into_layer(layer.id)
        .filter_map(|c| weights.get(&Parameter::Weight(c.id)))
        .collect();
    let zero = |unit: usize| {
        incoming
            .iter()
            .all(|block| block.row(unit).iter().all(|w| *w == 0.0))
    };
    let units = layer.units.iter().enumerate();
    units
        .filter(|(place, unit)| unit.id >= first && zero(*place))
        .map(|(_, unit)| unit.id)
        .collect()
}
