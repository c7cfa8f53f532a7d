//! Sums of powers of single rows' gradients.

use super::LibTorch;
use super::backward::Of;
use super::forward::Mode;
use super::slots;
use super::tensors::{raised, settle};
use super::update::Rate;
use crate::terms;
use crate::terms::Scale;
use dentate_core::{BackendError, Objective, Power, Route, Rows, Segment, Slot};
use tch::Tensor;

impl LibTorch {
    pub(super) fn accumulate_rows(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        (power, factor): (Power, f32),
        into: Slot,
    ) -> Result<(), BackendError> {
        self.look();
        terms::check_whole(objective, rows.len())?;
        let needed = self.needed(objective)?;
        let way = (needed.as_slice(), &[] as &[usize]);
        let (value, mut pass) =
            self.forward_and_loss(rows, route, objective, way, (Scale::Single, Mode::Evaluating))?;
        self.stats.diverged |= !value.double_value(&[]).is_finite();
        let before = self.slots.get(into).is_some() || into == Slot::WEIGHT;
        let mut reached: Vec<bool> = (0..self.network.places.len())
            .map(|place| before && self.slots.reached(into, place))
            .collect();
        let mut sums: Vec<Tensor> = match slots::read(&self.weights, &self.slots, into) {
            Ok(old) => old.iter().map(Tensor::copy).collect(),
            Err(_) => slots::fresh(&self.network, into, self.device),
        };
        if objective.penalties.is_empty() {
            let powers = self.work_back(&mut pass, route, objective, way, Of::Rows(power))?;
            self.add(&mut sums, &mut reached, powers, factor);
        } else {
            // With penalties, a row's gradient is not a product of two factors; then each row is run alone.
            for (i, (data, task, row)) in rows.iter().enumerate() {
                let single = terms::of_row(objective, i);
                let indices = vec![row];
                let segments = vec![Segment { data, task, indices }];
                let (_, mut pass) = self.forward_and_loss(
                    &Rows { segments },
                    route,
                    &single,
                    way,
                    (Scale::Mean, Mode::Evaluating),
                )?;
                let gradients = self.work_back(&mut pass, route, &single, way, Of::Batch)?;
                let powers = gradients
                    .into_iter()
                    .map(|g| g.map(|g| raised(power, &g)))
                    .collect();
                self.add(&mut sums, &mut reached, powers, factor);
            }
        }
        self.write(into, sums, reached);
        Ok(())
    }

    /// Add powers to the sums, for entries that learn.
    fn add(&mut self, sums: &mut [Tensor], reached: &mut [bool], powers: Vec<Option<Tensor>>, factor: f32) {
        for (place, power) in powers.into_iter().enumerate() {
            let Some(mut power) = power else {
                continue;
            };
            reached[place] = true;
            let _ = power.g_mul_scalar_(f64::from(factor));
            if let Rate::Each { learns, .. } = self.rates.of(&self.network, place, self.device) {
                let _ = power.masked_fill_(&learns.logical_not(), 0.0);
            }
            let _ = sums[place].g_add_(&power);
            settle(&sums[place]);
        }
    }
}
