//! Edits of values and learning-rate scales, and given weights.

use super::{Intent, Writer, pick};
use crate::generators::block;
use dentate_core::{Adjustment, Connection, Edit, LayerId, Link, LrScaleOf, NewWeights, Parameter, UnitId};

impl Writer {
    /// Scale a parameter.
    pub(super) fn scale(&mut self, i: Intent) {
        let all = self.network().grids().into_keys();
        let all: Vec<_> = all.filter(|p| !matches!(p, Parameter::Variance(_))).collect();
        if let Some(parameter) = pick(&all, i.a) {
            let by = Adjustment::Scale([0.5, 2.0, -1.0][i.b as usize % 3]);
            self.push(Edit::Adjust { parameter, by });
        }
    }

    pub(super) fn rate(&mut self, i: Intent) {
        let layers: Vec<LayerId> = self.network().layers.keys().copied().collect();
        let connections: Vec<_> = self.network().connections.keys().copied().collect();
        let (Some(layer), Some(connection)) = (pick(&layers, i.a), pick(&connections, i.a)) else {
            return;
        };
        let mut units: Vec<UnitId> = self.network().layers[&layer].units.iter().map(|u| u.id).collect();
        units.retain(|u| (u.0 + u64::from(i.b)).is_multiple_of(2));
        let of = match i.c % 4 {
            0 => LrScaleOf::Connection(connection),
            1 => LrScaleOf::Layer(layer),
            2 => LrScaleOf::Incoming(layer, units),
            _ => LrScaleOf::Outgoing(layer, units),
        };
        let rate = [0.0, 0.0, 0.01, 1.0, 2.0][i.b as usize % 5];
        self.push(Edit::SetLrScale { of, lr_scale: rate });
    }

    /// The postponed adjustments.
    pub(super) fn adjust_late(&mut self) {
        for (k, i) in std::mem::take(&mut self.late).into_iter().enumerate() {
            let mut grids = self.network().grids();
            grids.retain(|p, _| !matches!(p, Parameter::Variance(_)));
            let all: Vec<_> = grids.iter().map(|(p, g)| (*p, (g.len(), g[0].len()))).collect();
            let Some((parameter, shape)) = pick(&all, i.a) else {
                continue;
            };
            let values = block(shape, self.seed.derive(&format!("adjust {k}")));
            let row = i.b as usize % shape.0;
            let by = match i.b % 3 {
                0 => Adjustment::Add(values),
                1 => Adjustment::Set(values),
                _ => Adjustment::AddRow {
                    row,
                    values: values.row(row).to_vec(),
                },
            };
            self.push(Edit::Adjust { parameter, by });
        }
    }

    /// Give some of the new weights instead of drawing them.
    pub(super) fn give_weights(&mut self) {
        let network = &self.growing.network;
        let columns = |c: &Connection| network.sources(c, 0).len() * network.each(c);
        let width = |l| network.layers[&l].width();
        let give = |weights: &mut NewWeights, c: &Connection, shape, k: usize| {
            if k % 2 == 1 {
                let values = block(shape, self.seed.derive(&format!("given {k}/{}", c.id)));
                weights.given.insert(c.id, values);
            }
        };
        let faulty = self.faulty;
        for (k, edit) in self
            .edits
            .iter_mut()
            .enumerate()
            .filter(|(k, _)| Some(*k) != faulty)
        {
            let (layer, count, incoming, outgoing) = match edit {
                Edit::Connect { id, weights, .. } => {
                    if let Some(c) = network.connections.get(id)
                        && c.link != Link::Direct
                    {
                        give(weights, c, (width(c.to), columns(c)), k);
                    }
                    continue;
                }
                Edit::Widen {
                    layer,
                    count,
                    incoming,
                    outgoing,
                    ..
                } => (*layer, *count, incoming, outgoing),
                Edit::Replace {
                    layer,
                    units,
                    incoming,
                    outgoing,
                    ..
                } => (*layer, units.len(), incoming, outgoing),
                _ => continue,
            };
            for c in network
                .connections
                .values()
                .filter(|c| c.id.0 < self.first_new_connection)
            {
                if c.link == Link::Direct {
                    continue;
                }
                if c.to == layer {
                    give(incoming, c, (count, columns(c)), k);
                } else if c.from == layer && !c.link.one_to_one() {
                    give(outgoing, c, (width(c.to), count * network.each(c)), k);
                }
            }
        }
    }
}
