//! The difference between the values of a method before and after.

use crate::metrics::Metric;
use crate::statistics::{Estimate, FEWEST, Paired, SignFlip, Untested, Welch};
use std::collections::BTreeMap;

/// A difference, second minus first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Difference {
    pub(crate) test: Test,
    /// Its mean and, where there is one, half its interval's width.
    pub(crate) estimate: Estimate,
    pub(crate) p: Result<f64, Untested>,
}

/// The test of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// The paired t-test.
    Paired,
    /// Welch's, of different seeds.
    Welch,
    /// The exact test by signs, of what is solved or not.
    Signs,
}

impl Test {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Paired => "paired",
            Self::Welch => "Welch",
            Self::Signs => "signs",
        }
    }
}

/// The difference of the values by seed; `None` if one side has none.
pub(super) fn difference(
    metric: &str,
    step: f64,
    before: &BTreeMap<u64, f64>,
    after: &BTreeMap<u64, f64>,
) -> Option<Difference> {
    let shared: Vec<f64> = after
        .iter()
        .filter_map(|(seed, v)| Some(v - before.get(seed)?))
        .collect();
    let same_seeds = shared.len() == before.len() && shared.len() == after.len();
    if metric == Metric::SOLVED.name() {
        // A share of successes has no Student interval, and two independent shares are not tested here.
        let signs = SignFlip::of(&shared)?;
        let mut estimate = Estimate::of(&shared)?;
        estimate.half_width = None;
        return Some(Difference {
            test: Test::Signs,
            estimate,
            p: if shared.len() < FEWEST {
                Err(Untested::TooFewSeeds)
            } else {
                Ok(signs.p)
            },
        });
    }
    if same_seeds || shared.len() >= FEWEST {
        let paired = Paired::of(after, before, step)?;
        return Some(Difference {
            test: Test::Paired,
            estimate: paired.difference,
            p: paired.p,
        });
    }
    let values = |of: &BTreeMap<u64, f64>| of.values().copied().collect::<Vec<f64>>();
    let welch = Welch::of(&values(after), &values(before), step)?;
    Some(Difference {
        test: Test::Welch,
        estimate: Estimate {
            n: before.len().min(after.len()),
            mean: welch.difference,
            sd: None,
            half_width: welch.half_width,
        },
        p: welch.p,
    })
}
