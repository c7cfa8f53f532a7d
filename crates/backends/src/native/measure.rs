//! Measurements on a batch.

use super::Native;
use super::block::Block;
use super::forward::Mode;
use super::rows::{self, fits};
use super::slots;
use super::train_step::Sinking;
use crate::requests;
use crate::terms::Scale;
use dentate_core::{BackendError, LayerId, Measured, Objective, Request, Route, Rows};
use ndarray::Array2;

impl Native {
    pub(super) fn answer(
        &mut self,
        request: &Request,
        rows: &Rows,
        route: &Route,
    ) -> Result<Measured, BackendError> {
        let arrays = match request {
            Request::Activations(layers) => self.counted_outputs(rows, route, layers)?,
            Request::Gradients(objective, layers) => self.errors(objective, layers, &[], rows, route)?,
            Request::VirtualGradient { objective, from, to } => {
                requests::on_points("native", &self.network, &self.positions(&[*from, *to])?)?;
                let errors = self.errors(objective, &[*to], &[*from], rows, route)?;
                let from = self.positions(&[*from])?[0];
                let outputs = self.pass.layers[from].out.view();
                vec![errors[0].t().dot(&outputs)]
            }
            Request::Parameters(parameters) => {
                let values = parameters.iter().map(|&p| {
                    let place = self.network.place(p).ok_or(BackendError::NoParameter(p))?;
                    Ok(self.network.places[place].seen(&self.weights[place]).to_owned())
                });
                values.collect::<Result<_, BackendError>>()?
            }
            Request::Slot(slot, parameters) => {
                let blocks = slots::read(&self.weights, &self.slots, *slot)?;
                let values = parameters.iter().map(|&p| {
                    let place = self.network.place(p).ok_or(BackendError::NoParameter(p))?;
                    Ok(self.network.places[place].seen(&blocks[place]).to_owned())
                });
                values.collect::<Result<_, BackendError>>()?
            }
            Request::SquaredErrors(layer) => vec![self.squared_errors(*layer, rows, route)?],
            Request::ReconstructionErrors(layer) => vec![self.reconstruction_errors(*layer, rows, route)?],
            Request::Ablations { objective, layers } => self.ablations(objective, layers, rows, route)?,
        };
        Ok(Measured { arrays })
    }

    fn counted_outputs(
        &mut self,
        rows: &Rows,
        route: &Route,
        layers: &[LayerId],
    ) -> Result<Vec<Array2<f32>>, BackendError> {
        self.pass.multiply_adds = 0;
        let outputs = self.run_to(rows, route, layers)?;
        self.stats.multiply_adds += std::mem::take(&mut self.pass.multiply_adds);
        Ok(outputs)
    }

    /// Errors at layers' summed inputs; `also` are additional layers that have to run beside those of the objective.
    fn errors(
        &mut self,
        objective: &Objective,
        layers: &[LayerId],
        also: &[LayerId],
        rows: &Rows,
        route: &Route,
    ) -> Result<Vec<Array2<f32>>, BackendError> {
        let wanted = self.positions(layers)?;
        let needed = requests::beside(self.needed(objective)?, &self.positions(also)?);
        self.forward_and_loss(
            rows,
            route,
            objective,
            &needed,
            &wanted,
            Scale::Mean,
            Mode::Evaluating,
        )?;
        self.work_back(route, objective, &needed, &wanted, Sinking::Nothing)?;
        let error = |&l: &usize| {
            let state = &self.pass.layers[l];
            if state.reached {
                return state.error.view().to_owned();
            }
            Array2::zeros((rows.len(), self.network.nodes[l].sums()))
        };
        Ok(wanted.iter().map(error).collect())
    }

    fn squared_errors(
        &mut self,
        layer: LayerId,
        rows: &Rows,
        route: &Route,
    ) -> Result<Array2<f32>, BackendError> {
        let outputs = self.counted_outputs(rows, route, &[layer])?.remove(0);
        rows::squared_errors(&self.data, rows, layer, outputs)
    }

    fn reconstruction_errors(
        &mut self,
        layer: LayerId,
        rows: &Rows,
        route: &Route,
    ) -> Result<Array2<f32>, BackendError> {
        let outputs = self.counted_outputs(rows, route, &[layer])?.remove(0);
        let inputs: &Block = self.pass.inputs();
        fits("the data", layer, inputs.cols(), outputs.ncols())?;
        let mut errors = Array2::zeros((outputs.nrows(), 1));
        for (i, output) in outputs.rows().into_iter().enumerate() {
            let off = output.iter().zip(inputs.row(i)).map(|(o, x)| f64::from(o - x));
            errors[(i, 0)] = (off.map(|d| d * d).sum::<f64>() / inputs.cols() as f64) as f32;
        }
        Ok(errors)
    }
}
