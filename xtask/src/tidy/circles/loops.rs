//! Cycles in a graph of imports.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The imports between files, with their lines.
#[derive(Debug)]
pub(super) struct Imports {
    named: BTreeMap<usize, BTreeMap<usize, usize>>,
}

impl Imports {
    pub(super) fn new(lines: BTreeMap<(usize, usize), usize>) -> Self {
        let mut named: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
        for ((from, to), line) in lines {
            named.entry(from).or_default().insert(to, line);
        }
        Self { named }
    }

    fn next(&self, from: usize) -> impl Iterator<Item = usize> {
        self.named
            .get(&from)
            .into_iter()
            .flat_map(|to| to.keys().copied())
    }

    /// All files that can be reached from one, which is itself among them only if it is in a cycle.
    fn reached(&self, from: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            open.extend(self.next(at).filter(|next| reached.insert(*next)));
        }
        reached
    }

    /// The sets of files that reach each other.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        let reached: BTreeMap<usize, BTreeSet<usize>> = self
            .named
            .keys()
            .map(|from| (*from, self.reached(*from)))
            .collect();
        let reaches = |from: usize, to: usize| reached.get(&from).is_some_and(|all| all.contains(&to));
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for from in self.named.keys().copied().filter(|at| reaches(*at, *at)) {
            match groups
                .iter_mut()
                .find(|group| reaches(from, group[0]) && reaches(group[0], from))
            {
                Some(group) => group.push(from),
                None => groups.push(vec![from]),
            }
        }
        groups
    }

    /// A shortest cycle through members of a group, each with the line on which it names the next.
    pub(super) fn shortest_circle(&self, group: &[usize]) -> Vec<(usize, usize)> {
        let circles = group.iter().filter_map(|start| self.circle(*start));
        let shortest = circles.min_by_key(Vec::len).unwrap_or_default();
        let line = |from: usize, to: usize| self.named.get(&from).and_then(|all| all.get(&to)).copied();
        let next = shortest.iter().cycle().skip(1);
        shortest
            .iter()
            .zip(next)
            .map(|(from, to)| (*from, line(*from, *to).unwrap_or_default()))
            .collect()
    }

    /// A shortest path from a file back to itself.
    fn circle(&self, start: usize) -> Option<Vec<usize>> {
        let mut before: BTreeMap<usize, usize> = BTreeMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(at) = open.pop_front() {
            for next in self.next(at) {
                if next == start {
                    let mut way = vec![at];
                    while way.last() != Some(&start) {
                        way.push(*before.get(way.last()?)?);
                    }
                    way.reverse();
                    return Some(way);
                }
                if let Entry::Vacant(unseen) = before.entry(next) {
                    unseen.insert(at);
                    open.push_back(next);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
