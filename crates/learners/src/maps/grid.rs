//! Units on a square lattice.

use super::codebook::Codebook;
use dentate_core::Cause;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Row and column.
pub(crate) type Place = (i32, i32);

/// The offsets to the four neighbours.
pub(crate) const AROUND: [Place; 4] = [(0, 1), (1, 0), (0, -1), (-1, 0)];

/// Units by place and places by unit. Units of a lattice are never removed, so slots never change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lattice {
    places: Vec<Place>,
    units: BTreeMap<Place, usize>,
}

impl Lattice {
    pub(crate) fn place(&self, slot: usize) -> Place {
        self.places[slot]
    }

    pub(crate) fn at(&self, place: Place) -> Option<usize> {
        self.units.get(&place).copied()
    }

    pub(crate) fn beside(&self, slot: usize, direction: Place) -> Option<usize> {
        let (row, column) = self.places[slot];
        self.at((row + direction.0, column + direction.1))
    }

    /// The units on the four neighbouring places.
    pub(crate) fn around(&self, slot: usize) -> impl Iterator<Item = usize> + '_ {
        AROUND
            .iter()
            .filter_map(move |direction| self.beside(slot, *direction))
    }

    /// Places the next unit on a free place.
    pub(crate) fn push(&mut self, place: Place) {
        self.units.insert(place, self.places.len());
        self.places.push(place);
    }

    /// Connects a unit to its neighbours.
    pub(crate) fn join(&self, map: &mut Codebook, slot: usize) {
        for other in self.around(slot) {
            map.edges.refresh(slot, other);
        }
    }

    /// Numbers of rows and columns of the lattice.
    pub(crate) fn extent(&self) -> (i32, i32) {
        let most = |of: fn(&Place) -> i32| self.places.iter().map(of).max().map_or(0, |most| most + 1);
        (most(|p| p.0), most(|p| p.1))
    }

    /// Inserts an empty row (or column): those from `at` on are shifted by one, so that the places of `at` are free.
    pub(crate) fn open(&mut self, at: i32, rows: bool) {
        for place in &mut self.places {
            let coordinate = if rows { &mut place.0 } else { &mut place.1 };
            if *coordinate >= at {
                *coordinate += 1;
            }
        }
        self.units = self.places.iter().copied().zip(0..).collect();
    }

    /// Returns whether two units are at most one row and one column apart.
    pub(crate) fn touching(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.places[a], self.places[b]);
        (a.0 - b.0).abs() <= 1 && (a.1 - b.1).abs() <= 1
    }

    /// Moves the winner and the units around it towards the signal, by `rate` times a Gaussian of their distance on the
    /// lattice with standard deviation `radius`.
    pub(crate) fn pull(
        &self,
        map: &mut Codebook,
        winner: usize,
        signal: &[f32],
        (rate, radius): (f64, f64),
        squared: fn(Place, Place) -> i32,
    ) {
        // Beyond this a unit would move by less than a thousandth of the winner's share.
        let farthest = 2.0 * radius * radius * 1000f64.ln();
        let centre = self.places[winner];
        for (slot, place) in self.places.iter().enumerate() {
            let squared = f64::from(squared(*place, centre));
            if squared <= farthest {
                let nearness = (-squared / (2.0 * radius * radius)).exp();
                map.pull(slot, signal, (rate * nearness) as f32);
            }
        }
    }
}

/// The squared Euclidean distance.
pub(crate) fn straight(a: Place, b: Place) -> i32 {
    (a.0 - b.0).pow(2) + (a.1 - b.1).pow(2)
}

/// The square of the city-block distance.
pub(crate) fn city_block(a: Place, b: Place) -> i32 {
    ((a.0 - b.0).abs() + (a.1 - b.1).abs()).pow(2)
}

/// Creates a rectangle of units, initialised at the signals in turn.
pub(crate) fn rectangle(map: &mut Codebook, signals: &[&[f32]], rows: usize, columns: usize) -> Lattice {
    let mut lattice = Lattice::default();
    for slot in 0..rows * columns {
        map.add(signals[slot % signals.len()], Cause::Initial);
        lattice.push(((slot / columns) as i32, (slot % columns) as i32));
    }
    (0..map.len()).for_each(|slot| lattice.join(map, slot));
    lattice
}
