//! Destinations of a gradient. The backward pass computes the gradient of each parameter block tile by tile; a [`Sink`] stores
//! it, adds its powers, or updates the parameters with it at once. `step` and `gradient` differ only in their sink, so a step
//! is the same, bit for bit, as a gradient and an update.

use super::block::Block;
use super::network::Network;
use super::penalty::penalise;
use super::settle::settled;
use super::slots::Slots;
use super::span::Span;
use super::through::multiply_row;
use super::updater::{Columns, Shared, Updater, Wanted};
use dentate_core::profile::{self, Kind};
use dentate_core::{Penalty, Power};

/// The destination of tiles.
pub(super) enum Sink<'a> {
    /// None: only errors are computed.
    Nothing,
    /// A slot's blocks.
    Store(&'a mut [Block]),
    /// A slot's blocks, to which they are added times a factor.
    Add {
        into: &'a mut [Block],
        factor: f32,
        power: Power,
    },
    /// The parameters, by an optimizer.
    Update(&'a mut Updater),
}

/// A sink with the penalties that are added to its gradients.
pub(super) struct Delivery<'a> {
    pub(super) network: &'a Network,
    pub(super) slots: &'a Slots,
    pub(super) penalties: &'a [Penalty],
    /// The route's mask, which every gradient is multiplied by.
    pub(super) mask: Option<&'a [Block]>,
    /// Factors on what an update writes.
    pub(super) keep: Option<&'a [Block]>,
    pub(super) sink: Sink<'a>,
    /// Marks of the blocks that were reached.
    pub(super) done: &'a mut Vec<bool>,
    /// Learning-rate scales of a row.
    pub(super) rates: &'a mut Vec<f32>,
}

impl Delivery<'_> {
    /// Returns whether rows of zeros may be left out, since the update would keep every bit.
    pub(super) fn skips_zeros(&self) -> bool {
        match &self.sink {
            Sink::Nothing => true,
            Sink::Add { .. } => self.penalties.is_empty(),
            Sink::Store(_) => false,
            Sink::Update(updater) => self.penalties.is_empty() && updater.skips_zeros(),
        }
    }

    /// Returns whether the gradient of a block is used.
    pub(super) fn wants(&self, place: usize) -> bool {
        !matches!(self.sink, Sink::Nothing) && self.network.learns(place)
    }

    /// The values that the entries of a block share in an update, if they do.
    fn shared(&self, place: usize) -> Option<Shared> {
        let Sink::Update(updater) = &self.sink else {
            return None;
        };
        if self.keep.is_some() {
            return None;
        }
        updater.shared(place, self.network.rate(place)?)
    }

    /// Take stored rows of a block's gradient that are not summed yet: `Σ coefficient · error[k]` over each one's column of the
    /// inputs. Returns `false` if they have to be delivered as tiles.
    pub(super) fn gather(
        &mut self,
        weights: &mut [Block],
        place: usize,
        rows: Wanted,
        columns: Columns<'_>,
        error: &Block,
    ) -> bool {
        let Some(shared) = self
            .shared(place)
            .filter(|_| self.penalties.is_empty() && self.mask.is_none())
        else {
            return false;
        };
        if let Sink::Update(updater) = &mut self.sink {
            let _update = profile::enter(Kind::Update);
            self.done[place] = true;
            updater.gather(place, rows, &mut weights[place], (columns, error), shared);
        }
        true
    }

    /// Take some stored rows of a block's gradient. The tile is consumed.
    pub(super) fn deliver(&mut self, weights: &mut [Block], place: usize, span: Span<'_>, tile: &mut Block) {
        let update = matches!(self.sink, Sink::Update(_));
        let _update = update.then(|| profile::enter(Kind::Update));
        self.done[place] = true;
        if let Some(mask) = self.mask {
            // A power of a product is the product of powers.
            let power = match self.sink {
                Sink::Add { power, .. } => Some(power),
                _ => None,
            };
            for i in 0..tile.rows() {
                let mask = mask[place].row(span.at(i));
                multiply_row(tile.row_mut(i), mask, |m| power.map_or(m, |power| power.of(m)));
            }
        }
        for penalty in self.penalties {
            for i in 0..tile.rows() {
                penalise(
                    (&*weights, self.slots),
                    penalty,
                    (place, span.at(i)),
                    tile.row_mut(i),
                );
            }
        }
        if let Some(shared) = self.shared(place)
            && let Sink::Update(updater) = &mut self.sink
        {
            return updater.tile(place, span, &mut weights[place], tile, shared);
        }
        for i in 0..tile.rows() {
            let row = span.at(i);
            let rate = self.network.rates(place, row, self.rates);
            if rate == Some(0.0) {
                if let Sink::Store(into) = &mut self.sink {
                    into[place].row_mut(row).fill(0.0);
                }
                continue;
            }
            match &mut self.sink {
                Sink::Nothing => {}
                Sink::Store(into) => {
                    let into = into[place].row_mut(row);
                    into.iter_mut()
                        .zip(tile.row(i))
                        .for_each(|(into, g)| *into = settled(*g));
                    if rate.is_none() {
                        for (g, rate) in into.iter_mut().zip(&*self.rates) {
                            *g = if *rate == 0.0 { 0.0 } else { *g };
                        }
                    }
                }
                Sink::Add { into, factor, .. } => {
                    for (j, (sum, g)) in into[place].row_mut(row).iter_mut().zip(tile.row(i)).enumerate() {
                        if rate.is_some() || self.rates[j] != 0.0 {
                            *sum = settled(*sum + *factor * g);
                        }
                    }
                }
                Sink::Update(updater) => {
                    let weights = &mut weights[place];
                    let slowed = self.keep.map(|keep| slow(rate, self.rates, keep[place].row(row)));
                    let rate = if slowed.is_some() { None } else { rate };
                    updater.row(place, row, weights, (&*tile, i), rate, self.rates);
                }
            }
        }
    }

    /// Apply penalties to blocks that no error has reached. A block reached by neither is left alone.
    pub(super) fn finish(&mut self, weights: &mut [Block], tile: &mut Block) {
        for place in 0..self.done.len() {
            if self.done[place] {
                continue;
            }
            let reached = |slot| self.slots.reached(slot, place);
            let pulled = |penalty: &Penalty| penalty.importance.is_none_or(reached);
            if !self.wants(place) || !self.penalties.iter().any(pulled) {
                if let Sink::Store(into) = &mut self.sink {
                    into[place].fill(0.0);
                }
                continue;
            }
            let (rows, cols) = (weights[place].rows(), weights[place].cols());
            for first in 0..rows {
                tile.reshape(1, cols);
                tile.fill(0.0);
                self.deliver(weights, place, Span::From(first), tile);
            }
        }
    }
}

/// Multiply the learning-rate scales of a row, or its one `rate`, by factors; factors that are not above 0 count as 0.
fn slow(rate: Option<f32>, rates: &mut Vec<f32>, factors: &[f32]) {
    if let Some(rate) = rate {
        rates.clear();
        rates.resize(factors.len(), rate);
    }
    let pairs = rates.iter_mut().zip(factors);
    pairs.for_each(|(rate, factor)| *rate *= factor.max(0.0));
}
