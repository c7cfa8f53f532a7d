//! Measurements on a batch.

use super::LibTorch;
use super::backward::Of;
use super::forward::{Mode, Pass};
use super::tensors;
use crate::requests;
use crate::rows::{self, fits};
use crate::terms::Scale;
use dentate_core::{BackendError, LayerId, Measured, Objective, Request, Route, Rows, Slot};
use ndarray::Array2;
use tch::{Kind, Tensor};

impl LibTorch {
    pub(super) fn answer(
        &mut self,
        request: &Request,
        rows: &Rows,
        route: &Route,
    ) -> Result<Measured, BackendError> {
        let arrays = match request {
            Request::Activations(layers) => {
                let (_, outputs) = self.counted_outputs(rows, route, layers)?;
                outputs.iter().map(tensors::read).collect()
            }
            Request::Gradients(objective, layers) => {
                let (_, errors) = self.errors(objective, layers, &[], rows, route)?;
                errors.iter().map(tensors::read).collect()
            }
            Request::VirtualGradient { objective, from, to } => {
                requests::on_points("libtorch", &self.network, &self.positions(&[*from, *to])?)?;
                let (pass, errors) = self.errors(objective, &[*to], &[*from], rows, route)?;
                let from = self.positions(&[*from])?[0];
                vec![tensors::read(&errors[0].tr().mm(&pass.layers[from].out))]
            }
            Request::Parameters(parameters) => {
                let values = parameters.iter().map(|&p| {
                    let place = self.network.place(p).ok_or(BackendError::NoParameter(p))?;
                    Ok(tensors::read(&self.weights[place]))
                });
                values.collect::<Result<_, BackendError>>()?
            }
            Request::Slot(slot, parameters) => {
                let blocks = match *slot {
                    Slot::WEIGHT => self.weights.as_slice(),
                    slot => self.slots.get(slot).ok_or(BackendError::EmptySlot(slot))?,
                };
                let values = parameters.iter().map(|&p| {
                    let place = self.network.place(p).ok_or(BackendError::NoParameter(p))?;
                    Ok(tensors::read(&blocks[place]))
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
    ) -> Result<(Pass, Vec<Tensor>), BackendError> {
        let (pass, outputs) = self.run_to(rows, route, layers)?;
        self.stats.multiply_adds += pass.multiply_adds;
        Ok((pass, outputs))
    }

    /// Errors at layers' summed inputs; `also` are additional layers that have to run beside those of the objective.
    fn errors(
        &mut self,
        objective: &Objective,
        layers: &[LayerId],
        also: &[LayerId],
        rows: &Rows,
        route: &Route,
    ) -> Result<(Pass, Vec<Tensor>), BackendError> {
        let wanted = self.positions(layers)?;
        let needed = requests::beside(self.needed(objective)?, &self.positions(also)?);
        let way = (needed.as_slice(), wanted.as_slice());
        let (_, mut pass) =
            self.forward_and_loss(rows, route, objective, way, (Scale::Mean, Mode::Evaluating))?;
        self.work_back(&mut pass, route, objective, way, Of::Nothing)?;
        let error = |&l: &usize| match &pass.layers[l].error {
            Some(error) => error.shallow_clone(),
            None => tensors::full((rows.len(), self.network.nodes[l].sums()), 0.0, self.device),
        };
        let errors = wanted.iter().map(error).collect();
        Ok((pass, errors))
    }

    fn squared_errors(
        &mut self,
        layer: LayerId,
        rows: &Rows,
        route: &Route,
    ) -> Result<Array2<f32>, BackendError> {
        let (_, outputs) = self.counted_outputs(rows, route, &[layer])?;
        rows::squared_errors(self.data.shown(), rows, layer, tensors::read(&outputs[0]))
    }

    fn reconstruction_errors(
        &mut self,
        layer: LayerId,
        rows: &Rows,
        route: &Route,
    ) -> Result<Array2<f32>, BackendError> {
        let (pass, outputs) = self.counted_outputs(rows, route, &[layer])?;
        let columns = |of: &Tensor| of.size()[1] as usize;
        fits("the data", layer, columns(&pass.inputs), columns(&outputs[0]))?;
        let off = (&outputs[0] - &pass.inputs).to_kind(Kind::Double);
        let mean = off.square().mean_dim([1i64].as_slice(), true, Kind::Double);
        Ok(tensors::read(&mean.to_kind(Kind::Float)))
    }
}
