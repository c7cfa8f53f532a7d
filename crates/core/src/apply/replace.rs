//! Replacement of units in place. Continual backprop does this hundreds of thousands of times in a run, so no graph is cloned
//! and the cost depends only on the units touched. The result is the same as that of [`Graph::apply`] with one
//! [`Edit::Replace`], which a property test checks.

use super::checks::check_weights;
use super::draft::Start;
use super::error::{PlanError, Problem};
use super::fresh::{Side, Weights, draw, normalised};
use super::settle::{check_given, per_unit};
use crate::graph::{Gain, Graph, Parameter};
use crate::ids::{LayerId, UnitId};
use crate::init::NewWeights;
use crate::layer::{Layer, Moment, Origin, Role, Unit};
use crate::receipt::{Axis, Birth, Carry, Death, FoldMean, Receipt};
use crate::seed::Seed;
use ndarray::Array2;
use std::collections::{BTreeMap, BTreeSet};

/// Units to be replaced: an [`Edit::Replace`](crate::Edit::Replace) with its seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Replacement {
    /// The layer of the replaced units.
    pub layer: LayerId,
    /// The units to replace.
    pub units: Vec<UnitId>,
    /// The initial incoming weights.
    pub incoming: NewWeights,
    /// The initial outgoing weights.
    pub outgoing: NewWeights,
    /// The initial biases.
    pub bias: f32,
    /// The old units' mean outputs, to be folded into biases; empty for none.
    pub fold_mean: Vec<f32>,
    /// The seed of the random values.
    pub seed: Seed,
}

impl Graph {
    /// Replaces units in place, all or nothing.
    ///
    /// # Errors
    /// As [`Graph::apply`], with the replacement as edit 0.
    pub fn replace(&mut self, request: &Replacement, moment: Moment) -> Result<Receipt, PlanError> {
        self.try_replace(request, moment).map_err(|problem| PlanError {
            index: 0,
            edit: "replace",
            problem,
        })
    }

    fn try_replace(&mut self, r: &Replacement, moment: Moment) -> Result<Receipt, Problem> {
        let layer = self.layers.get(&r.layer).ok_or(Problem::NoLayer(r.layer))?;
        let positions = checked(layer, r)?;
        let start = Start {
            name: "replace",
            layer: r.layer,
            incoming: r.incoming.clone(),
            outgoing: r.outgoing.clone(),
            bias: r.bias,
            count: r.units.len(),
        };
        check_given(self, &BTreeMap::new(), &start)?;
        let width = layer.width();
        let mut order: Vec<usize> = (0..positions.len()).collect();
        order.sort_unstable_by_key(|&k| positions[k]);
        let fresh: Vec<u32> = order.iter().map(|&k| positions[k] as u32).collect();
        let axis = Axis {
            before: width,
            after: width,
            moved: None,
            fresh,
        };
        let mut parameters = BTreeMap::new();
        for c in self
            .connections
            .values()
            .filter(|c| c.to == r.layer || c.from == r.layer)
        {
            let incoming = c.to == r.layer;
            if !incoming && c.gain == Gain::PerUnit {
                let fresh = Array2::from_elem((1, order.len()), c.gain_start);
                parameters.insert(Parameter::Gain(c.id), per_unit(axis.clone(), fresh));
            }
            let Some(weights) = Weights::of(self, c) else {
                continue;
            };
            if !incoming && !weights.follows_source(c.link)? {
                continue;
            }
            let (shape, each) = (weights.shape, weights.each);
            let side = if incoming { Side::Incoming } else { Side::Outgoing };
            let block = draw(&start, 0, r.seed, weights, side)?;
            let carry = if incoming {
                let fresh_rows = block.select(ndarray::Axis(0), &order);
                let fresh_columns = Array2::zeros((shape.0, 0));
                Carry::Mapped {
                    rows: axis.clone(),
                    columns: Axis::same(shape.1),
                    fresh_rows,
                    fresh_columns,
                }
            } else {
                let chosen: Vec<usize> = order
                    .iter()
                    .flat_map(|k| (0..each).map(move |e| k * each + e))
                    .collect();
                let fresh_columns = block.select(ndarray::Axis(1), &chosen);
                let fresh_rows = Array2::zeros((0, shape.1));
                Carry::Mapped {
                    rows: Axis::same(shape.0),
                    columns: axis.repeated(each),
                    fresh_rows,
                    fresh_columns,
                }
            };
            parameters.insert(Parameter::Weight(c.id), carry);
        }
        let row = |v| per_unit(axis.clone(), Array2::from_elem((1, order.len()), v));
        if layer.bias {
            parameters.insert(Parameter::Bias(r.layer), row(r.bias));
        }
        normalised(layer, |parameter, start| {
            drop(parameters.insert(parameter, row(start)))
        });
        let parameter_count = self.parameter_count();
        let mut receipt = Receipt {
            moment,
            parameters,
            parameter_count,
            ..Receipt::default()
        };
        receipt.units.insert(r.layer, axis);
        let Some(layer) = self.layers.get_mut(&r.layer) else {
            return Err(Problem::NoLayer(r.layer));
        };
        for (k, &position) in positions.iter().enumerate() {
            let id = UnitId(self.next_unit);
            self.next_unit += 1;
            let origin = Origin::Replaced(r.units[k]);
            let new = Unit {
                id,
                born: moment,
                origin,
                incoming_lr_scale: 1.0,
                outgoing_lr_scale: 0.0,
            };
            let old = std::mem::replace(&mut layer.units[position], new);
            receipt.born.push(Birth {
                unit: id,
                layer: r.layer,
                origin,
            });
            receipt.died.push(Death {
                unit: old.id,
                layer: r.layer,
                born: old.born,
                died: moment,
            });
            if let Some(&mean) = r.fold_mean.get(k) {
                receipt.folded_means.push(FoldMean {
                    layer: r.layer,
                    position: position as u32,
                    mean,
                });
            }
        }
        Ok(receipt)
    }
}

/// The positions of the units to replace, after all checks.
fn checked(layer: &Layer, r: &Replacement) -> Result<Vec<usize>, Problem> {
    if layer.role == Role::Input {
        return Err(Problem::Input(layer.id));
    }
    if r.units.is_empty() {
        return Err(Problem::Nothing);
    }
    if !r.fold_mean.is_empty() && r.fold_mean.len() != r.units.len() {
        return Err(Problem::FoldMean {
            units: r.units.len(),
            means: r.fold_mean.len(),
        });
    }
    if let Some(&value) = r.fold_mean.iter().chain([&r.bias]).find(|v| !v.is_finite()) {
        return Err(Problem::Range {
            what: "a bias or mean output",
            value,
            range: "finite",
        });
    }
    for weights in [&r.incoming, &r.outgoing] {
        check_weights(weights)?;
    }
    let mut seen = BTreeSet::new();
    r.units
        .iter()
        .map(|&unit| {
            if !seen.insert(unit) {
                return Err(Problem::Repeated(unit));
            }
            layer.position(unit).ok_or(Problem::NoUnit {
                unit,
                layer: layer.id,
            })
        })
        .collect()
}
