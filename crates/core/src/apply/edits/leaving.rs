//! Edits that remove units, or replace them by new ones.

use crate::apply::checks::check_finite;
use crate::apply::draft::{Draft, Provenance, Start};
use crate::apply::error::Problem;
use crate::ids::{LayerId, UnitId};
use crate::layer::{Origin, Role};
use crate::receipt::{Death, FoldMean};

impl Draft<'_> {
    pub(super) fn prune(
        &mut self,
        edit: usize,
        id: LayerId,
        units: &[UnitId],
        fold_mean: &[f32],
    ) -> Result<(), Problem> {
        let mut positions = self.positions(id, units)?;
        self.refuse_fixed_units(id)?;
        if positions.is_empty() {
            return Err(Problem::Nothing);
        }
        if positions.len() == self.layer(id)?.width() {
            return Err(Problem::Empty(id));
        }
        self.leave(id, &positions, fold_mean)?;
        self.resized_by.insert(id, (edit, "prune"));
        positions.sort_unstable();
        let keep = |i: usize| positions.binary_search(&i).is_err();
        if let Some(provenance) = self.provenance(id) {
            let mut i = 0;
            provenance.retain(|_| {
                i += 1;
                keep(i - 1)
            });
        }
        let layer = self.layer_mut(id)?;
        let mut i = 0;
        layer.units.retain(|_| {
            i += 1;
            keep(i - 1)
        });
        if let Role::Head(head) = &mut layer.role {
            let mut i = 0;
            head.classes.retain(|_| {
                i += 1;
                keep(i - 1)
            });
        }
        Ok(())
    }

    pub(super) fn replace(
        &mut self,
        edit: usize,
        id: LayerId,
        units: &[UnitId],
        start: Start,
        fold_mean: &[f32],
    ) -> Result<(), Problem> {
        let positions = self.positions(id, units)?;
        self.begin_resize(edit, id, &start)?;
        self.leave(id, &positions, fold_mean)?;
        for (ordinal, &position) in positions.iter().enumerate() {
            let unit = self.bear(id, Origin::Replaced(units[ordinal]));
            self.layer_mut(id)?.units[position] = unit;
            if let Some(provenance) = self.provenance(id) {
                provenance[position] = Provenance::Fresh { edit, ordinal };
            }
        }
        self.starts.insert(edit, start);
        Ok(())
    }

    /// Records the removal of the units at `positions` and the means to fold into biases.
    fn leave(&mut self, id: LayerId, positions: &[usize], fold_mean: &[f32]) -> Result<(), Problem> {
        if !fold_mean.is_empty() && fold_mean.len() != positions.len() {
            return Err(Problem::FoldMean {
                units: positions.len(),
                means: fold_mean.len(),
            });
        }
        for &mean in fold_mean {
            check_finite("a mean output", mean)?;
        }
        for (k, &position) in positions.iter().enumerate() {
            let unit = &self.layer(id)?.units[position];
            let death = Death {
                unit: unit.id,
                layer: id,
                born: unit.born,
                died: self.moment,
            };
            let old = self.old.layers.get(&id).and_then(|l| l.position(death.unit));
            self.died.push(death);
            if let (Some(&mean), Some(old)) = (fold_mean.get(k), old) {
                self.folded_means.push(FoldMean {
                    layer: id,
                    position: old as u32,
                    mean,
                });
            }
        }
        Ok(())
    }
}
