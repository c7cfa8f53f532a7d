//! Lifetimes of units added by growth: their survival after the window in which a unit's activity is measured, for the more
//! active half and the less active half of a run's units.
//!
//! A unit's time begins when its window ends (a landmark: Anderson, J. R., Cain, K. C. & Gelber, R. D. 1983, *Journal of
//! Clinical Oncology* 1, 710–719). The activity of units that were removed in their window is not known; they are counted and
//! belong to neither half. Units that exist at the end of the stream are censored there.

use crate::frames::{Frames, Observation, by_run};
use crate::statistics::median;
use crate::survival::{Life, SurvivalCurve};
use dentate_core::record::metric;
use std::collections::{BTreeMap, BTreeSet};

/// Recorded lifetimes of units, by run.
#[derive(Debug, Default)]
pub(crate) struct LifeTraces {
    runs: BTreeMap<usize, OfRun>,
}

/// The lifetimes of one run.
#[derive(Debug, Default)]
struct OfRun {
    active: Vec<Life>,
    idle: Vec<Life>,
    early: usize,
}

/// The survival of a method's units, over all seeds.
#[derive(Debug, Default)]
pub(crate) struct Survival {
    /// The more active half of each run's units.
    pub(crate) active: SurvivalCurve,
    /// The less active half.
    pub(crate) idle: SurvivalCurve,
    /// Units that were removed within their window.
    pub(crate) early: usize,
}

impl Survival {
    /// The halves with their names.
    pub(crate) fn halves(&self) -> [(&'static str, &SurvivalCurve); 2] {
        [("high", &self.active), ("low", &self.idle)]
    }

    /// The longest observed time of a unit.
    pub(crate) fn longest(&self) -> f64 {
        self.active.longest().max(self.idle.longest())
    }
}

impl LifeTraces {
    pub(crate) fn of(frames: &Frames) -> Self {
        let activities = frames.observations(metric::UNIT_ACTIVITY);
        let deaths = frames.observations(metric::UNIT_DEATH);
        let updates = frames.observations(metric::UPDATES);
        let ends: BTreeMap<usize, u64> = by_run(&updates)
            .into_iter()
            .filter_map(|(run, rows)| Some((run, rows.iter().map(|o| o.value as u64).max()?)))
            .collect();
        let (activities, deaths) = (by_run(&activities), by_run(&deaths));
        let runs: BTreeSet<usize> = activities.keys().chain(deaths.keys()).copied().collect();
        let of = |run: usize| {
            let (activities, deaths) = (activities.get(&run), deaths.get(&run));
            (
                run,
                lives(slice(activities), slice(deaths), ends.get(&run).copied()),
            )
        };
        Self {
            runs: runs.into_iter().map(of).collect(),
        }
    }

    /// The survival over these runs; `None` if no lifetimes were recorded.
    pub(crate) fn survival(&self, runs: &[usize]) -> Option<Survival> {
        let own: Vec<&OfRun> = runs.iter().filter_map(|run| self.runs.get(run)).collect();
        let half = |of: fn(&OfRun) -> &[Life]| {
            let all: Vec<Life> = own.iter().flat_map(|run| of(run)).copied().collect();
            SurvivalCurve::of(&all)
        };
        let survival = Survival {
            active: half(|run| &run.active),
            idle: half(|run| &run.idle),
            early: own.iter().map(|run| run.early).sum(),
        };
        (!survival.active.is_empty() || !survival.idle.is_empty()).then_some(survival)
    }
}

fn slice<'a, 'b>(rows: Option<&'b Vec<&'a Observation>>) -> &'b [&'a Observation] {
    rows.map_or(&[], Vec::as_slice)
}

/// The lifetimes of one run's units, by half.
fn lives(activities: &[&Observation], deaths: &[&Observation], end: Option<u64>) -> OfRun {
    let died: BTreeMap<&str, u64> = deaths
        .iter()
        .filter_map(|o| Some((o.item.as_deref()?, o.step)))
        .collect();
    let values: Vec<f64> = activities.iter().map(|o| o.value).collect();
    let middle = median(&values);
    let mut all = OfRun::default();
    let mut followed = BTreeSet::new();
    for o in activities {
        let Some(unit) = o.item.as_deref() else {
            continue;
        };
        followed.insert(unit);
        let death = died.get(unit);
        let last = death.copied().or(end).unwrap_or(o.step);
        let life = Life {
            time: last.saturating_sub(o.step) as f64,
            died: death.is_some(),
        };
        if middle.is_some_and(|middle| o.value > middle) {
            all.active.push(life);
        } else {
            all.idle.push(life);
        }
    }
    all.early = died.keys().filter(|unit| !followed.contains(*unit)).count();
    all
}

#[cfg(test)]
mod tests;
