//! Ablations: the value of an objective with a unit of a layer held at a constant, one unit at a time. The batch runs once; for
//! each unit the layers downstream of its layer run again.

use super::LibTorch;
use super::criterion::Criterion;
use super::forward::{Mode, Pass};
use crate::schedule::How;
use crate::terms::Scale;
use dentate_core::{BackendError, LayerId, Objective, Route, Rows, UnitId};
use ndarray::Array2;
use tch::Tensor;

impl LibTorch {
    pub(super) fn ablations(
        &mut self,
        objective: &Objective,
        layers: &[(LayerId, Vec<(UnitId, f32)>)],
        rows: &Rows,
        route: &Route,
    ) -> Result<Vec<Array2<f32>>, BackendError> {
        let held = self.network.held(layers)?;
        let needed = self.needed(objective)?;
        let way = (needed.as_slice(), &[] as &[usize]);
        let (whole, mut pass) =
            self.forward_and_loss(rows, route, objective, way, (Scale::Mean, Mode::Outputs))?;
        let whole = whole.double_value(&[]);
        let schedule = self.schedules.find(&self.network, route, way.0, way.1)?;
        let mut all = Vec::with_capacity(held.len());
        for (ablated, units) in held {
            let mut rises = Array2::zeros((1, units.len()));
            if let Some(behind) = schedule.behind(&self.network, ablated) {
                let positions = self.network.nodes[ablated].outputs.positions();
                let intact = pass.layers[ablated].out.shallow_clone();
                let rerun = |pass: &mut Pass, out: Tensor| {
                    pass.layers[ablated].out = out;
                    pass.layers[ablated].error = None;
                    for &(layer, how) in &behind {
                        match how {
                            How::Enter => {}
                            How::Copy(by) => pass.layers[layer].out = pass.layers[by].out.shallow_clone(),
                            How::Compute => pass.compute(&self.network, &self.weights, schedule, layer),
                        }
                        pass.layers[layer].error = None;
                    }
                };
                for (i, (unit, constant)) in units.into_iter().enumerate() {
                    let held = intact.copy();
                    let places = held.narrow(1, (unit * positions) as i64, positions as i64);
                    let _ = { places }.fill_(f64::from(constant));
                    rerun(&mut pass, held);
                    let mut criterion = Criterion {
                        network: &self.network,
                        schedule,
                        pass: &mut pass,
                        data: self.data.shown(),
                        rows,
                    };
                    let value = criterion.terms(objective, Scale::Mean)?;
                    rises[(0, i)] = (value.double_value(&[]) - whole) as f32;
                }
                // The next layer may be downstream of this one.
                rerun(&mut pass, intact);
            }
            all.push(rises);
        }
        self.stats.multiply_adds += pass.multiply_adds;
        Ok(all)
    }
}
