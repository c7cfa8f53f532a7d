//! Copied and removed units.

use super::Growing;
use crate::naive::network::Cell;
use dentate_core::{LayerId, Origin, Role, UnitId};

impl Growing {
    /// Copy a unit's numbers; weights that lead out are shared.
    pub(super) fn split(&mut self, edit: usize, layer: LayerId, unit: UnitId, share: f32, noise: f32) {
        let copy = self.unit(Origin::SplitFrom(unit));
        let id = copy.id;
        self.layer(layer).units.push(copy);
        for (cell, twin) in self.twins(unit, id) {
            for numbers in self.network.slots.values_mut() {
                if let Some(&value) = numbers.get(&cell) {
                    numbers.insert(twin, value);
                }
            }
            if matches!(cell, Cell::Weight(_, to, from, _) if from == unit && to != unit) {
                let before = self.shares.get(&cell).copied().unwrap_or(1.0);
                self.shares.insert(cell, before * (1.0 - share));
                self.shares.insert(twin, before * share);
            } else if let Some(&share) = self.shares.get(&cell) {
                self.shares.insert(twin, share);
            }
        }
        if noise > 0.0 {
            self.noise.push((edit, layer, id, noise));
        }
    }

    /// Every possible cell of a unit, with the same cell of another.
    fn twins(&self, unit: UnitId, other: UnitId) -> Vec<(Cell, Cell)> {
        let all: Vec<Cell> = self
            .network
            .slots
            .values()
            .flat_map(|cells| cells.keys().copied())
            .collect();
        let twin = |cell| match cell {
            Cell::Weight(c, to, from, k) if to == unit && from == unit => {
                Some((cell, Cell::Weight(c, other, other, k)))
            }
            Cell::Weight(c, to, from, k) if to == unit => Some((cell, Cell::Weight(c, other, from, k))),
            Cell::Weight(c, to, from, k) if from == unit => Some((cell, Cell::Weight(c, to, other, k))),
            Cell::GainOf(c, from) if from == unit => Some((cell, Cell::GainOf(c, other))),
            Cell::Bias(u) if u == unit => Some((cell, Cell::Bias(other))),
            Cell::Scale(u) if u == unit => Some((cell, Cell::Scale(other))),
            Cell::Shift(u) if u == unit => Some((cell, Cell::Shift(other))),
            Cell::Mean(u) if u == unit => Some((cell, Cell::Mean(other))),
            Cell::Variance(u) if u == unit => Some((cell, Cell::Variance(other))),
            _ => None,
        };
        let mut pairs: Vec<_> = all.into_iter().filter_map(twin).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    pub(super) fn prune(&mut self, layer: LayerId, unit: UnitId) {
        let place = self.layer(layer).position(unit).expect("the unit is there");
        let layer = self.layer(layer);
        layer.units.remove(place);
        if let Role::Head(head) = &mut layer.role
            && !head.classes.is_empty()
        {
            head.classes.remove(place);
        }
        self.forget(unit);
    }

    /// Remove the numbers of a pruned unit.
    pub(super) fn forget(&mut self, unit: UnitId) {
        let is_its = |cell: &Cell| match *cell {
            Cell::Weight(_, to, from, _) => to == unit || from == unit,
            Cell::GainOf(_, u)
            | Cell::Bias(u)
            | Cell::Scale(u)
            | Cell::Shift(u)
            | Cell::Mean(u)
            | Cell::Variance(u) => u == unit,
            Cell::Gain(_) => false,
        };
        for numbers in self.network.slots.values_mut() {
            numbers.retain(|cell, _| !is_its(cell));
        }
    }
}
