//! Edges between units, with ages: a list per unit, so that a signal touches those of its winner only.

use serde::{Deserialize, Serialize};

/// One end of an edge, as stored in the list of the unit at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    to: u32,
    age: u32,
}

/// The edges of a map. Every edge is stored in the lists of both its units, with the same age.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Edges {
    of: Vec<Vec<End>>,
}

impl Edges {
    /// Appends a unit without edges, at the next slot.
    pub(crate) fn push(&mut self) {
        self.of.push(Vec::new());
    }

    /// Number of edges.
    pub(crate) fn count(&self) -> usize {
        self.of.iter().map(Vec::len).sum::<usize>() / 2
    }

    /// The neighbours of a unit.
    pub(crate) fn neighbours(&self, slot: usize) -> impl Iterator<Item = usize> + '_ {
        self.of[slot].iter().map(|end| end.to as usize)
    }

    pub(crate) fn joined(&self, a: usize, b: usize) -> bool {
        self.of[a].iter().any(|end| end.to as usize == b)
    }

    /// Returns whether a unit has no edge.
    pub(crate) fn alone(&self, slot: usize) -> bool {
        self.of[slot].is_empty()
    }

    /// Each edge once, as (lower slot, higher slot, age).
    pub(crate) fn all(&self) -> impl Iterator<Item = (usize, usize, u32)> + '_ {
        let once = |(a, ends): (usize, &'_ Vec<End>)| {
            let higher = ends.iter().filter(move |end| end.to as usize > a);
            higher
                .map(move |end| (a, end.to as usize, end.age))
                .collect::<Vec<_>>()
        };
        self.of.iter().enumerate().flat_map(once)
    }

    /// Connects two units by an edge of age 0, or resets the age of an existing one.
    pub(crate) fn refresh(&mut self, a: usize, b: usize) {
        if a == b {
            return;
        }
        for (from, to) in [(a, b), (b, a)] {
            match self.of[from].iter_mut().find(|end| end.to as usize == to) {
                Some(end) => end.age = 0,
                None => self.of[from].push(End {
                    to: to as u32,
                    age: 0,
                }),
            }
        }
    }

    pub(crate) fn cut(&mut self, a: usize, b: usize) {
        self.of[a].retain(|end| end.to as usize != b);
        self.of[b].retain(|end| end.to as usize != a);
    }

    /// Removes all edges.
    pub(crate) fn clear(&mut self) {
        self.of.iter_mut().for_each(Vec::clear);
    }

    /// Increases the age of a unit's edges by one.
    pub(crate) fn age(&mut self, slot: usize) {
        for i in 0..self.of[slot].len() {
            let end = &mut self.of[slot][i];
            end.age += 1;
            let (to, age) = (end.to as usize, end.age);
            if let Some(back) = self.of[to].iter_mut().find(|back| back.to as usize == slot) {
                back.age = age;
            }
        }
    }

    /// Removes the edges of a unit that are older than `limit`, and returns the units left without any, highest slot first.
    /// Only edges aged by [`Edges::age`] can be too old, so no others need checking.
    pub(crate) fn cut_older(&mut self, slot: usize, limit: u32) -> Vec<usize> {
        let old: Vec<usize> = self.of[slot]
            .iter()
            .filter(|end| end.age > limit)
            .map(|end| end.to as usize)
            .collect();
        for &to in &old {
            self.cut(slot, to);
        }
        let mut left: Vec<usize> = old.into_iter().filter(|to| self.alone(*to)).collect();
        left.sort_unstable_by(|a, b| b.cmp(a));
        left
    }

    /// Removes a unit with its edges. The last unit takes its slot, as in [`Vec::swap_remove`].
    pub(crate) fn swap_remove(&mut self, slot: usize) {
        let neighbours: Vec<usize> = self.neighbours(slot).collect();
        for to in neighbours {
            self.cut(slot, to);
        }
        let last = self.of.len() - 1;
        self.of.swap_remove(slot);
        if slot == last {
            return;
        }
        for i in 0..self.of[slot].len() {
            let to = self.of[slot][i].to as usize;
            if let Some(back) = self.of[to].iter_mut().find(|back| back.to as usize == last) {
                back.to = slot as u32;
            }
        }
    }
}

#[cfg(test)]
mod tests;
