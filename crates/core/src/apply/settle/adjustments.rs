//! Requested adjustments, and the noise of split units.

use crate::apply::draft::Draft;
use crate::apply::error::{PlanError, Problem};
use crate::graph::Parameter;
use crate::receipt::Adjustment;
use rand::Rng;
use rand_distr::StandardNormal;

impl Draft<'_> {
    pub(super) fn settle_adjustments(&mut self) -> Result<Vec<(Parameter, Adjustment)>, PlanError> {
        let shapes = self.graph.parameters();
        let mut out = Vec::new();
        for &(edit, layer, copy, std) in &self.split_noise {
            let Some(row) = self.graph.layers.get(&layer).and_then(|l| l.position(copy)) else {
                continue;
            };
            for c in self.graph.into_layer(layer) {
                let mut random = self.seed.derive(&format!("edit {edit}/{}/noise", c.id)).random();
                let Some((_, columns)) = self.graph.weights_of(c) else {
                    continue;
                };
                let values = (0..columns).map(|_| random.sample::<f32, _>(StandardNormal) * std);
                out.push((
                    Parameter::Weight(c.id),
                    Adjustment::AddRow {
                        row,
                        values: values.collect(),
                    },
                ));
            }
        }
        for (edit, parameter, by) in self.adjustments.drain(..) {
            let expected = shapes.get(&parameter).copied().unwrap_or_default();
            let fits = match &by {
                Adjustment::Scale(_) => true,
                Adjustment::Add(v) | Adjustment::Set(v) => v.dim() == expected,
                Adjustment::AddRow { row, values } => *row < expected.0 && values.len() == expected.1,
            };
            if !fits {
                let given = match &by {
                    Adjustment::Add(v) | Adjustment::Set(v) => v.dim(),
                    Adjustment::AddRow { row, values } => (row + 1, values.len()),
                    Adjustment::Scale(_) => expected,
                };
                let problem = Problem::Shape {
                    parameter,
                    given,
                    expected,
                };
                return Err(PlanError {
                    index: edit,
                    edit: "adjust",
                    problem,
                });
            }
            out.push((parameter, by));
        }
        Ok(out)
    }
}
