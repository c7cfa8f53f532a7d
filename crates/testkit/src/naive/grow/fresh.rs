//! The end of a plan, where missing cells get fresh values.

use super::Growing;
use crate::naive::network::{Cell, Network};
use dentate_core::{ConnectionId, Init, LayerId, NewWeights, Parameter, Seed, Slot, SlotKind, UnitId};
use ndarray::Array2;
use rand::Rng;
use rand_distr::StandardNormal;
use std::collections::BTreeMap;

impl Growing {
    /// Give fresh values to missing cells, after all edits.
    pub(super) fn finish(mut self) -> Network {
        let cells = self.network.cells();
        let fresh = self.fresh();
        for (slot, numbers) in &mut self.network.slots {
            let weights = matches!(slot.kind, SlotKind::Weight | SlotKind::Anchor);
            let finished = cells.iter().map(|cell| {
                let value = match numbers.get(cell) {
                    Some(&old) if weights => old * self.shares.get(cell).copied().unwrap_or(1.0),
                    Some(&old) => old,
                    None if weights => fresh[cell],
                    None if slot.kind == SlotKind::Mask => 1.0,
                    None => 0.0,
                };
                (*cell, value)
            });
            *numbers = finished.collect();
        }
        let grids = self.network.grids();
        for &(edit, layer, copy, std) in &self.noise {
            let Some(numbers) = self.network.slots.get_mut(&Slot::WEIGHT) else {
                break;
            };
            for c in self.network.connections.values().filter(|c| c.to == layer) {
                let mut random = self.seed.derive(&format!("edit {edit}/{}/noise", c.id)).random();
                let rows = grids.get(&Parameter::Weight(c.id));
                let own =
                    |row: &&Vec<Cell>| matches!(row.first(), Some(Cell::Weight(_, to, ..)) if *to == copy);
                for cell in rows.and_then(|rows| rows.iter().find(own)).into_iter().flatten() {
                    let noise = random.sample::<f32, _>(StandardNormal) * std;
                    if let Some(value) = numbers.get_mut(cell) {
                        *value += noise;
                    }
                }
            }
        }
        self.network
    }

    /// The fresh value of every cell: by its connection if that is new, else by its target unit if that is new, else by its
    /// source unit.
    fn fresh(&self) -> BTreeMap<Cell, f32> {
        let mut all = BTreeMap::new();
        for (&id, c) in &self.network.connections {
            let (targets, sources) = (self.ids(c.to), self.ids(c.from));
            let each = self.network.each(c);
            let columns = self.network.sources(c, 0).len() * each;
            let alone = c.link.one_to_one();
            let block =
                |weights: &NewWeights, shape, seed| block(weights, id, shape, (each, alone), columns, seed);
            let whole = self.joined.get(&id).map(|(edit, weights)| {
                let seed = self.seed.derive(&format!("edit {edit}/{id}"));
                block(weights, (targets.len(), columns), seed)
            });
            let mut blocks = BTreeMap::new();
            for (edit, start) in &self.starts {
                let seed = |word| self.seed.derive(&format!("edit {edit}/{id}/{word}"));
                if self.is_of(*edit, &targets) {
                    let values = block(&start.incoming, (start.count, columns), seed("incoming"));
                    blocks.insert((*edit, true), values);
                }
                if self.is_of(*edit, &sources) {
                    let shape = (targets.len(), start.count * each);
                    let values = block(&start.outgoing, shape, seed("outgoing"));
                    blocks.insert((*edit, false), values);
                }
            }
            for (i, &to) in targets.iter().enumerate() {
                for (j, source) in self.network.sources(c, i).into_iter().enumerate() {
                    let from = if alone { to } else { sources[source] };
                    for e in 0..each {
                        let value = match (&whole, self.born.get(&to), self.born.get(&from)) {
                            (Some(whole), ..) => whole[(i, j * each + e)],
                            (_, Some(&(edit, k)), _) => blocks[&(edit, true)][(k, j * each + e)],
                            (_, _, Some(&(edit, k))) => blocks[&(edit, false)][(i, k * each + e)],
                            _ => f32::NAN,
                        };
                        all.insert(Cell::Weight(id, to, from, e), value);
                    }
                }
            }
            all.insert(Cell::Gain(id), c.gain_start);
            all.extend(sources.iter().map(|&u| (Cell::GainOf(id, u), c.gain_start)));
        }
        for (&id, layer) in &self.network.layers {
            let drawn = self.added.get(&id).map(|(bias, init)| {
                let from = self.network.connections.values().filter(|c| c.to == id);
                let weights = from.map(|c| self.network.sources(c, 0).len() * self.network.each(c));
                let mut random = self.seed.derive(&format!("{id}/bias")).random();
                init.draw(layer.width(), *bias, weights.sum(), &mut random)
            });
            for (position, unit) in layer.units.iter().enumerate() {
                let own = self.born.get(&unit.id).map(|(edit, _)| self.starts[edit].bias);
                let drawn = drawn.as_ref().map(|biases| biases[(0, position)]);
                let bias = drawn.or(own).unwrap_or(f32::NAN);
                all.insert(Cell::Bias(unit.id), bias);
                all.insert(Cell::Scale(unit.id), 1.0);
                all.insert(Cell::Shift(unit.id), 0.0);
                all.insert(Cell::Mean(unit.id), 0.0);
                all.insert(Cell::Variance(unit.id), 1.0);
            }
        }
        all
    }

    fn ids(&self, layer: LayerId) -> Vec<UnitId> {
        self.network.layers[&layer].units.iter().map(|u| u.id).collect()
    }

    fn is_of(&self, edit: usize, units: &[UnitId]) -> bool {
        units
            .iter()
            .any(|u| self.born.get(u).is_some_and(|(e, _)| *e == edit))
    }
}

fn block(
    weights: &NewWeights,
    connection: ConnectionId,
    shape: (usize, usize),
    (each, alone): (usize, bool),
    fan_in: usize,
    seed: Seed,
) -> Array2<f32> {
    let drawn = || {
        if alone && weights.rule == Init::Identity {
            let middle = |(_, j): (usize, usize)| f32::from(u8::from(j == each / 2));
            return Array2::from_shape_fn(shape, middle);
        }
        weights.rule.draw(shape, each, fan_in, &mut seed.random())
    };
    weights.given.get(&connection).cloned().unwrap_or_else(drawn)
}
