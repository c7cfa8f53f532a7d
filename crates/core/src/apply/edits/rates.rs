//! Edits of the learning-rate scales of connections, layers and units.

use crate::apply::checks::check_lr_scale;
use crate::apply::draft::Draft;
use crate::apply::error::Problem;
use crate::ids::{LayerId, UnitId};
use crate::plan::LrScaleOf;

impl Draft<'_> {
    pub(super) fn set_lr_scale(&mut self, of: &LrScaleOf, rate: f32) -> Result<(), Problem> {
        check_lr_scale(rate)?;
        match of {
            LrScaleOf::Connection(id) => {
                self.graph
                    .connections
                    .get_mut(id)
                    .ok_or(Problem::NoConnection(*id))?
                    .lr_scale = rate;
            }
            LrScaleOf::Layer(id) => self.layer_mut(*id)?.lr_scale = rate,
            LrScaleOf::Incoming(id, units) => self.each_unit(*id, units, |u| u.incoming_lr_scale = rate)?,
            LrScaleOf::Outgoing(id, units) => self.each_unit(*id, units, |u| u.outgoing_lr_scale = rate)?,
        }
        Ok(())
    }

    fn each_unit(
        &mut self,
        layer: LayerId,
        units: &[UnitId],
        mut set: impl FnMut(&mut crate::layer::Unit),
    ) -> Result<(), Problem> {
        let wanted: std::collections::BTreeSet<_> = units.iter().copied().collect();
        let l = self.layer_mut(layer)?;
        if let Some(&unit) = units.iter().find(|&&u| l.position(u).is_none()) {
            return Err(Problem::NoUnit { unit, layer });
        }
        l.units
            .iter_mut()
            .filter(|u| wanted.is_empty() || wanted.contains(&u.id))
            .for_each(&mut set);
        Ok(())
    }
}
