//! Edits that add units to a layer: fresh ones and copies.

use crate::apply::checks::{check_finite, check_values, check_weights, check_width};
use crate::apply::draft::{Draft, Provenance, Start};
use crate::apply::error::Problem;
use crate::graph::good;
use crate::ids::{LayerId, UnitId};
use crate::layer::{Origin, Role};

impl Draft<'_> {
    pub(super) fn widen(
        &mut self,
        edit: usize,
        id: LayerId,
        start: Start,
        classes: &[u32],
    ) -> Result<(), Problem> {
        let layer = self.layer(id)?;
        if layer.role == Role::Input {
            return Err(Problem::Input(id));
        }
        match layer.head().map(|h| !h.classes.is_empty()) {
            Some(true) if classes.len() != start.count => {
                return Err(Problem::Classes {
                    units: start.count,
                    classes: classes.len(),
                });
            }
            Some(false) | None if !classes.is_empty() => return Err(Problem::NoClasses(id)),
            _ => {}
        }
        check_width(id, layer.width().saturating_add(start.count))?;
        check_values(layer.width() + start.count, layer.grid)?;
        self.begin_resize(edit, id, &start)?;
        let units: Vec<_> = (0..start.count).map(|_| self.bear(id, Origin::Grown)).collect();
        let layer = self.layer_mut(id)?;
        layer.units.extend(units);
        if let Role::Head(head) = &mut layer.role {
            head.classes.extend(classes);
        }
        if let Some(lineage) = self.lineage(id) {
            lineage.append((0..start.count).map(|ordinal| Provenance::Fresh { edit, ordinal }));
        }
        self.starts.insert(edit, start);
        Ok(())
    }

    pub(super) fn split(
        &mut self,
        edit: usize,
        id: LayerId,
        unit: UnitId,
        share: f32,
        noise: f32,
    ) -> Result<(), Problem> {
        if !(0.0..=1.0).contains(&share) {
            return Err(Problem::Range {
                what: "the share",
                value: share,
                range: "between 0 and 1",
            });
        }
        if !good(noise) {
            return Err(Problem::Range {
                what: "the noise",
                value: noise,
                range: "finite and not negative",
            });
        }
        let position = self.positions(id, &[unit])?[0];
        self.refuse_fixed_units(id)?;
        let layer = self.layer(id)?;
        check_width(id, layer.width() + 1)?;
        check_values(layer.width() + 1, layer.grid)?;
        if layer.head().is_some_and(|h| !h.classes.is_empty()) {
            // The copy would have no class.
            return Err(Problem::Classes { units: 1, classes: 0 });
        }
        self.resized_by.insert(id, (edit, "split"));
        let copy = self.bear(id, Origin::SplitFrom(unit));
        let copy_id = copy.id;
        let layer = self.layer_mut(id)?;
        layer.units.push(copy);
        if let Some(provenance) = self.provenance(id)
            && let Provenance::Old {
                position: old,
                outgoing,
            } = provenance[position]
        {
            provenance[position] = Provenance::Old {
                position: old,
                outgoing: outgoing * (1.0 - share),
            };
            provenance.push(Provenance::Old {
                position: old,
                outgoing: outgoing * share,
            });
        }
        if noise > 0.0 {
            self.split_noise.push((edit, id, copy_id, noise));
        }
        Ok(())
    }

    /// Records that units are about to be added to `id`.
    pub(super) fn begin_resize(&mut self, edit: usize, id: LayerId, start: &Start) -> Result<(), Problem> {
        if start.count == 0 {
            return Err(Problem::Nothing);
        }
        check_weights(&start.incoming)?;
        check_weights(&start.outgoing)?;
        check_finite("a bias", start.bias)?;
        self.refuse_fixed_units(id)?;
        self.resized_by.insert(id, (edit, start.name));
        Ok(())
    }

    pub(super) fn refuse_fixed_units(&self, id: LayerId) -> Result<(), Problem> {
        if self.layer(id)?.role == Role::Input {
            return Err(Problem::Input(id));
        }
        if self.pinned.contains(&id) {
            Err(Problem::Conflict(id))
        } else {
            Ok(())
        }
    }
}
