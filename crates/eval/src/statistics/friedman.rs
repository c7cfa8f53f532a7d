//! The Friedman test of several methods over several streams, and Nemenyi's critical difference of mean ranks (Demšar 2006).

use super::{CONFIDENCE, studentised};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The most methods of a diagram: with more, hardly any difference of ranks exceeds the critical one.
pub const MOST_METHODS: usize = 10;

/// The fewest streams: from two, mean ranks tell nothing.
pub const FEWEST_STREAMS: usize = 3;

/// Mean ranks of methods over streams.
#[derive(Clone, Debug, PartialEq)]
pub struct Friedman {
    /// The number of streams.
    pub streams: usize,
    /// The mean rank of each method: 1 for one that is best on every stream. Equal values share the mean of their ranks.
    pub ranks: Vec<f64>,
    /// The statistic, corrected for ties.
    pub statistic: f64,
    /// The p-value of "no method differs", from the χ² distribution with one degree of freedom less than there are methods. With few
    /// streams that is an approximation, and a cautious one.
    pub p: f64,
    /// Nemenyi's critical difference at the 5 % level, `q √(k(k+1)/6N)` with q the studentised range over √2: two mean ranks
    /// that are further apart differ significantly.
    pub critical_difference: f64,
}

impl Friedman {
    /// The test of the values of each stream, by method. `None` for fewer than two methods or [`FEWEST_STREAMS`] streams, and for values
    /// that are not finite.
    #[must_use]
    pub fn of(streams: &[Vec<f64>], higher_is_better: bool) -> Option<Self> {
        let (n, k) = (streams.len(), streams.first()?.len());
        let usable = |row: &Vec<f64>| row.len() == k && row.iter().all(|v| v.is_finite());
        if k < 2 || n < FEWEST_STREAMS || !streams.iter().all(usable) {
            return None;
        }
        let mut sums = vec![0.0; k];
        let mut tied = 0.0;
        for row in streams {
            let (ranks, ties) = ranked(row, higher_is_better);
            sums.iter_mut().zip(ranks).for_each(|(sum, rank)| *sum += rank);
            tied += ties;
        }
        let (n_, k_) = (n as f64, k as f64);
        let squares: f64 = sums.iter().map(|sum| sum * sum).sum();
        let plain = 12.0 / (n_ * k_ * (k_ + 1.0)) * squares - 3.0 * n_ * (k_ + 1.0);
        let correction = 1.0 - tied / (n_ * k_ * (k_ * k_ - 1.0));
        // Where everything is tied, nothing differs.
        let statistic = if correction > 0.0 {
            (plain / correction).max(0.0)
        } else {
            0.0
        };
        let range = studentised::critical(1.0 - CONFIDENCE, k)?;
        Some(Self {
            streams: n,
            ranks: sums.into_iter().map(|sum| sum / n_).collect(),
            statistic,
            p: ChiSquared::new(k_ - 1.0).ok()?.sf(statistic),
            critical_difference: range / std::f64::consts::SQRT_2 * (k_ * (k_ + 1.0) / (6.0 * n_)).sqrt(),
        })
    }

    /// Methods in the order of their mean ranks, best first.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.ranks.len()).collect();
        order.sort_by(|a, b| self.ranks[*a].total_cmp(&self.ranks[*b]));
        order
    }

    /// The largest groups of at least two methods that cannot be told apart, as first and last place in [`Self::order`].
    #[must_use]
    pub fn groups(&self) -> Vec<(usize, usize)> {
        let order = self.order();
        let mut groups: Vec<(usize, usize)> = Vec::new();
        for first in 0..order.len() {
            let near =
                |i: &usize| self.ranks[order[*i]] - self.ranks[order[first]] <= self.critical_difference;
            let last = (first..order.len()).take_while(near).last().unwrap_or(first);
            let inside = groups.last().is_some_and(|(_, end)| last <= *end);
            if last > first && !inside {
                groups.push((first, last));
            }
        }
        groups
    }
}

/// The ranks of a row, from 1 for the best, and `Σ (t³ − t)` over its groups of t equal values.
fn ranked(row: &[f64], higher_is_better: bool) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..row.len()).collect();
    order.sort_by(|a, b| {
        let ascending = row[*a].total_cmp(&row[*b]);
        if higher_is_better {
            ascending.reverse()
        } else {
            ascending
        }
    });
    let (mut ranks, mut ties, mut first) = (vec![0.0; row.len()], 0.0, 0);
    while first < order.len() {
        let equal = order[first..]
            .iter()
            .take_while(|i| row[**i] == row[order[first]])
            .count();
        for place in &order[first..first + equal] {
            ranks[*place] = first as f64 + (equal as f64 + 1.0) / 2.0;
        }
        ties += (equal as f64).powi(3) - equal as f64;
        first += equal;
    }
    (ranks, ties)
}

#[cfg(test)]
mod tests;
