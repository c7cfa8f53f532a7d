//! Static twins: what a finished run of a growing learner has cost, and the networks of fixed size that cost as much.

use super::LearnerMemory;
use crate::apply::MAX_WIDTH;
use crate::record::{Record, metric};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// The budget in which a static twin equals a finished run of a growing learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TwinBudget {
    /// The number of parameters at the end.
    FinalParameters,
    /// The number of parameters, averaged over the updates of the run.
    MeanParameters,
    /// The bytes that were held for learning at the end.
    Memory,
    /// The size at the end, and the number of updates of each experience.
    Updates,
    /// The size at the end, and the multiply-adds of each experience.
    MultiplyAdds,
}

impl TwinBudget {
    /// Every budget.
    pub const ALL: [Self; 5] = [
        Self::FinalParameters,
        Self::MeanParameters,
        Self::Memory,
        Self::Updates,
        Self::MultiplyAdds,
    ];

    /// Its kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FinalParameters => "final-parameters",
            Self::MeanParameters => "mean-parameters",
            Self::Memory => "memory",
            Self::Updates => "updates",
            Self::MultiplyAdds => "multiply-adds",
        }
    }

    /// The budget in words, for a title: `twin of final size`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::FinalParameters => "final size",
            Self::MeanParameters => "mean size",
            Self::Memory => "equal memory",
            Self::Updates => "final size and equal updates",
            Self::MultiplyAdds => "final size and equal compute",
        }
    }
}

impl fmt::Display for TwinBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Records that do not say what a run has cost.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("its records do not say {0}")]
pub struct NoCosts(&'static str);

/// The costs of a finished run, from its records. Nothing in it depends on what the run was evaluated on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunCosts {
    /// Parameters at the end.
    pub parameters: u64,
    /// The mean of the parameters over the updates, rounded down.
    pub mean_parameters: u64,
    /// The memory held for learning at the end.
    pub memory: LearnerMemory,
    /// Updates in each experience, whoever made them: at least 1.
    pub updates: Vec<u64>,
    /// Multiply-adds for training and measuring in each experience: at least 1.
    pub multiply_adds: Vec<u64>,
    /// Units of each hidden layer at the end, oldest first.
    pub units: Vec<u64>,
}

impl RunCosts {
    /// Reads the costs from the records of a run.
    ///
    /// # Errors
    /// [`NoCosts`] if a learner has not recorded them.
    pub fn of(records: &[Record]) -> Result<Self, NoCosts> {
        let of = |name: &'static str| records.iter().filter(move |r| r.metric == name);
        let sizes: Vec<(u64, u64)> = of(metric::PARAMETERS).map(|r| (r.step, r.value as u64)).collect();
        let parameters = sizes.last().ok_or(NoCosts("how many parameters it had"))?.1;
        let updates = totals(of(metric::UPDATES)).ok_or(NoCosts("how many updates it made"))?;
        let spent = totals(of(metric::COMPUTE)).ok_or(NoCosts("how many multiply-adds it spent"))?;
        let steps = updates.last().copied().unwrap_or(0);
        Ok(Self {
            parameters,
            mean_parameters: mean(&sizes, steps).unwrap_or(parameters),
            memory: held(records),
            updates: each(&updates),
            multiply_adds: each(&spent),
            units: units(records),
        })
    }

    /// Returns whether a static learner stays within one of the budgets, given its parameters and the bytes of statistics that it keeps.
    /// Its slots are as many for each parameter as the run had, and its remembered rows are the run's.
    #[must_use]
    pub fn allows(&self, budget: TwinBudget, parameters: u64, statistics: u64) -> bool {
        match budget {
            TwinBudget::FinalParameters | TwinBudget::Updates | TwinBudget::MultiplyAdds => {
                parameters <= self.parameters
            }
            TwinBudget::MeanParameters => parameters <= self.mean_parameters,
            TwinBudget::Memory => {
                let LearnerMemory {
                    parameters: own,
                    slots,
                    rows,
                    payload,
                    ..
                } = self.memory;
                let kept = LearnerMemory::of(parameters as usize);
                let slots = u128::from(kept) * u128::from(slots) / u128::from(own.max(1));
                let others = [rows, payload, statistics, kept].map(u128::from);
                slots + others.iter().sum::<u128>() <= u128::from(self.memory.total())
            }
        }
    }
}

/// The last total of each experience, in order.
fn totals<'r>(records: impl Iterator<Item = &'r Record>) -> Option<Vec<u64>> {
    let mut all: Vec<(u32, u64)> = Vec::new();
    for record in records {
        match all.last_mut() {
            Some(last) if last.0 == record.experience => last.1 = record.value as u64,
            _ => all.push((record.experience, record.value as u64)),
        }
    }
    (!all.is_empty()).then(|| all.into_iter().map(|(_, total)| total).collect())
}

/// The differences of totals, at least 1 each.
fn each(totals: &[u64]) -> Vec<u64> {
    let before = std::iter::once(0).chain(totals.iter().copied());
    let grown = totals.iter().zip(before);
    grown
        .map(|(now, before)| now.saturating_sub(before).max(1))
        .collect()
}

/// The mean size over `steps` updates; `None` without any.
fn mean(sizes: &[(u64, u64)], steps: u64) -> Option<u64> {
    let ends = sizes.iter().skip(1).map(|(step, _)| *step).chain([steps]);
    let weighted = sizes
        .iter()
        .zip(ends)
        .map(|((from, size), to)| u128::from(*size) * u128::from(to.min(steps).saturating_sub(*from)));
    let first = sizes.first()?.0;
    let length = u128::from(steps.saturating_sub(first));
    (length > 0).then(|| (weighted.sum::<u128>() / length) as u64)
}

/// The memory after the last experience.
fn held(records: &[Record]) -> LearnerMemory {
    let of = || records.iter().filter(|r| r.metric == metric::MEMORY);
    let last = of().map(|r| r.experience).max();
    let mut memory = LearnerMemory::default();
    for record in of().filter(|r| Some(r.experience) == last) {
        let bytes = record.value as u64;
        match record.item.as_deref() {
            Some("parameters") => memory.parameters = bytes,
            Some("slots") => memory.slots = bytes,
            Some("rows") => memory.rows = bytes,
            Some("payload") => memory.payload = bytes,
            Some("statistics") => memory.statistics = bytes,
            _ => {}
        }
    }
    memory
}

/// The units of hidden layers, as they follow the last size.
fn units(records: &[Record]) -> Vec<u64> {
    let last = records.iter().rposition(|r| r.metric == metric::PARAMETERS);
    let after = records.iter().skip(last.map_or(records.len(), |at| at + 1));
    let sizes = after.take_while(|r| r.metric == metric::MULTIPLY_ADDS || r.metric == metric::UNITS);
    let of = sizes.filter(|r| r.metric == metric::UNITS);
    of.map(|r| r.value as u64).collect()
}

/// All of `widths` multiplied by one factor and rounded down, each at least 1: by the largest factor for which `fits` holds, which has
/// to hold for all smaller ones as well. `None` if it does not hold for widths of 1 either.
pub fn scaled_widths(widths: &[usize], mut fits: impl FnMut(&[usize]) -> bool) -> Option<Vec<usize>> {
    // The widths change where the factor is a multiple of 1/w for one of them.
    let scaled = |times: u64, of: usize| -> Vec<usize> {
        let width = |w: &usize| (u128::from(times) * *w as u128 / of.max(1) as u128) as usize;
        widths.iter().map(|w| width(w).max(1)).collect()
    };
    let mut largest: Option<(u64, usize)> = None;
    for &of in widths {
        let mut holds = |times: u64| {
            let widths = scaled(times, of);
            widths.iter().all(|&w| w <= MAX_WIDTH) && fits(&widths)
        };
        if !holds(0) {
            return None;
        }
        let (mut low, mut high) = (0, 1);
        while holds(high) {
            (low, high) = (high, 2 * high);
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            *(if holds(middle) { &mut low } else { &mut high }) = middle;
        }
        let larger =
            |&(times, by): &(u64, usize)| u128::from(low) * by as u128 > u128::from(times) * of as u128;
        if largest.as_ref().is_none_or(larger) {
            largest = Some((low, of));
        }
    }
    match largest {
        Some((times, of)) => Some(scaled(times, of)),
        None => fits(&[]).then(Vec::new),
    }
}

#[cfg(test)]
mod tests;
