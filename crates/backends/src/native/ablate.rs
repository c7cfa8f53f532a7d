//! Ablations: the value of an objective with a unit of a layer held at a constant, one unit at a time. The batch runs once; for
//! each unit the layers downstream of its layer run again.

use super::Native;
use super::block::Block;
use super::forward::{Mode, Pass};
use super::network::Network;
use super::schedule::{How, Schedule};
use super::through::through;
use crate::terms::Scale;
use dentate_core::profile::{self, Kind};
use dentate_core::{BackendError, LayerId, Objective, Route, Rows, UnitId};
use ndarray::Array2;
use std::ops::Range;

impl Native {
    pub(super) fn ablations(
        &mut self,
        objective: &Objective,
        layers: &[(LayerId, Vec<(UnitId, f32)>)],
        rows: &Rows,
        route: &Route,
    ) -> Result<Vec<Array2<f32>>, BackendError> {
        let held = self.network.held(layers)?;
        let needed = self.needed(objective)?;
        // With errors requested at these layers nothing downstream of them counts as frozen, so that all of it has run.
        let requested: Vec<usize> = held.iter().map(|(layer, _)| *layer).collect();
        let whole = self.forward_and_loss(
            rows,
            route,
            objective,
            &needed,
            &requested,
            Scale::Mean,
            Mode::Evaluating,
        )?;
        let _forward = profile::enter(Kind::Forward);
        let schedule = self.schedules.find(&self.network, route, &needed, &requested)?;
        let weights = through(&self.slots, &self.masked, route).unwrap_or(&self.weights);
        let mut all = Vec::with_capacity(held.len());
        for (layer, units) in held {
            let mut rises = Array2::zeros((1, units.len()));
            if let Some(behind) = schedule.behind(&self.network, layer) {
                let (network, pass) = (&self.network, &mut self.pass);
                for (i, (unit, constant)) in units.into_iter().enumerate() {
                    let positions = network.nodes[layer].outputs.positions();
                    let places = unit * positions..(unit + 1) * positions;
                    let before = hold(pass, layer, places.clone(), |_| constant);
                    rerun(network, weights, pass, schedule, (layer, &behind));
                    let criterion = &mut self.criterion;
                    let value =
                        criterion.terms(network, schedule, pass, &self.data, rows, objective, Scale::Mean);
                    hold(pass, layer, places, |value| before[value]);
                    rises[(0, i)] = (value? - whole) as f32;
                }
                // The next layer may be downstream of this one.
                rerun(network, weights, pass, schedule, (layer, &behind));
            }
            all.push(rises);
        }
        self.stats.multiply_adds += std::mem::take(&mut self.pass.multiply_adds);
        Ok(all)
    }
}

/// Replace the outputs of a unit at all of its positions. Returns its previous outputs, row by row.
fn hold(pass: &mut Pass, layer: usize, places: Range<usize>, value: impl Fn(usize) -> f32) -> Vec<f32> {
    let out = &mut pass.layers[layer].out;
    let mut before = Vec::with_capacity(out.rows() * places.len());
    for i in 0..out.rows() {
        for h in &mut out.row_mut(i)[places.clone()] {
            let value = value(before.len());
            before.push(std::mem::replace(h, value));
        }
    }
    before
}

/// Run the layers downstream of a layer again, after its outputs have changed.
fn rerun(
    network: &Network,
    weights: &[Block],
    pass: &mut Pass,
    schedule: &Schedule,
    (changed, behind): (usize, &[(usize, How)]),
) {
    pass.forget(network, changed);
    for &(layer, how) in behind {
        match how {
            How::Enter => {}
            How::Copy(by) => {
                let mut out = std::mem::take(&mut pass.layers[layer].out);
                out.copy_from(&pass.layers[by].out);
                pass.layers[layer].out = out;
            }
            How::Compute => pass.compute(network, weights, layer, schedule.frozen(layer, how)),
        }
        pass.forget(network, layer);
    }
}

impl Pass {
    /// Drop the cached state of a layer's outputs and the errors left there, after its outputs have changed.
    fn forget(&mut self, network: &Network, layer: usize) {
        self.layers[layer].reached = false;
        self.seen[layer].forget();
        for &e in &network.nodes[layer].outgoing {
            self.seen_carried[e].forget();
        }
    }
}
