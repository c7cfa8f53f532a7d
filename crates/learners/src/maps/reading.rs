//! Classification of a row by a map: a weighted vote of the nearest units for the classes they won for.
//!
//! With the k nearest units that have won for any class, at squared distances d_i² with mean d̄², and p_i(c) the share of
//! unit i's wins that were for class c, the score of class c is
//!
//! ```text
//! Σ_i p_i(c) exp(−d_i² / T d̄²) / Σ_i exp(−d_i² / T d̄²),
//! ```
//!
//! a sparse softmax that is scale-free: multiplying all features by a number changes no score.

use super::codebook::Codebook;
use super::nearest::{Found, nearest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rule that classifies a row from the units near it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reading {
    /// k: number of voting units.
    #[schemars(range(min = 1))]
    pub nearest: usize,
    /// T, dimensionless: the lower, the more weight the nearest unit has.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub temperature: f64,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            nearest: 3,
            temperature: 0.1,
        }
    }
}

/// Classification with a map, which must not change meanwhile.
pub(crate) struct Reader<'a> {
    map: &'a Codebook,
    temperature: f64,
    voters: Vec<bool>,
    known: Vec<bool>,
    best: Vec<Found>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(map: &'a Codebook, reading: &Reading) -> Self {
        Self {
            map,
            temperature: reading.temperature,
            voters: map.votes.voters(),
            known: map.votes.known(),
            best: vec![Found::NONE; reading.nearest.min(map.len()).max(1)],
        }
    }

    /// Returns whether any unit has won for a class.
    pub(crate) fn knows_classes(&self) -> bool {
        self.known.iter().any(|known| *known)
    }

    /// Writes the scores of a row: −∞ for a class that no unit has won for.
    pub(crate) fn score(&mut self, signal: &[f32], scores: &mut [f32]) {
        nearest(self.map.values(), signal, Some(&self.voters), &mut self.best);
        for (class, score) in scores.iter_mut().enumerate() {
            let known = self.known.get(class).is_some_and(|known| *known);
            *score = if known { 0.0 } else { f32::NEG_INFINITY };
        }
        let found = || self.best.iter().filter(|found| **found != Found::NONE);
        let mean = found().map(|f| f64::from(f.squared)).sum::<f64>() / found().count().max(1) as f64;
        // Distances relative to the smallest, so that not all exponentials underflow.
        let least = f64::from(self.best[0].squared);
        let weight = |found: &Found| {
            if mean > 0.0 {
                (-(f64::from(found.squared) - least) / (self.temperature * mean)).exp()
            } else {
                1.0
            }
        };
        let total: f64 = found().map(weight).sum();
        for unit in found() {
            let votes = self.map.votes.of(unit.slot);
            let all: f32 = votes.iter().sum();
            let weight = (weight(unit) / total) as f32;
            for (score, votes) in scores.iter_mut().zip(votes) {
                if *votes > 0.0 {
                    *score += weight * votes / all;
                }
            }
        }
    }
}
