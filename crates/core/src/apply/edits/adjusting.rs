//! Edits that change values in place.

use crate::apply::checks::check_finite;
use crate::apply::draft::{Draft, all_finite};
use crate::apply::error::Problem;
use crate::graph::Parameter;
use crate::receipt::Adjustment;

impl Draft<'_> {
    pub(super) fn adjust(
        &mut self,
        edit: usize,
        parameter: Parameter,
        by: &Adjustment,
    ) -> Result<(), Problem> {
        match by {
            Adjustment::Scale(factor) => check_finite("the factor", *factor)?,
            Adjustment::Add(values) | Adjustment::Set(values) if !all_finite(values) => {
                return Err(Problem::NotFinite(parameter));
            }
            Adjustment::AddRow { values, .. } if values.iter().any(|v| !v.is_finite()) => {
                return Err(Problem::NotFinite(parameter));
            }
            _ => {}
        }
        if !self.graph.parameters().contains_key(&parameter) {
            return Err(Problem::NoParameter(parameter));
        }
        self.adjustments.push((edit, parameter, by.clone()));
        Ok(())
    }
}
