//! The Kaplan–Meier estimate of a survival curve from partly censored times:
//!
//! ```text
//! Ŝ(t) = Π_{t_i ≤ t} (1 − d_i / n_i)
//! ```
//!
//! over the times t_i with d_i deaths among the n_i still at risk. A death at the same time as a censoring comes first. Kaplan,
//! E. L. & Meier, P. (1958). Nonparametric estimation from incomplete observations. *Journal of the American Statistical
//! Association* 53, 457–481.

/// An observed time, and how it ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Life {
    /// The duration.
    pub time: f64,
    /// True if it ended in death; otherwise it was censored.
    pub died: bool,
}

/// A time of deaths or censorings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// The number at risk just before.
    pub at_risk: usize,
    /// The number of deaths.
    pub died: usize,
    /// The number of censorings.
    pub censored: usize,
    /// The share that survives this time.
    pub survival: f64,
}

/// A survival curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SurvivalCurve {
    steps: Vec<Step>,
}

impl SurvivalCurve {
    /// The estimate. Times that are NaN are left out.
    #[must_use]
    pub fn of(lives: &[Life]) -> Self {
        let mut lives: Vec<Life> = lives.iter().filter(|l| !l.time.is_nan()).copied().collect();
        lives.sort_by(|a, b| a.time.total_cmp(&b.time));
        let (mut steps, mut at_risk, mut survival) = (Vec::new(), lives.len(), 1.0);
        for together in lives.chunk_by(|a, b| a.time == b.time) {
            let died = together.iter().filter(|l| l.died).count();
            survival *= 1.0 - died as f64 / at_risk as f64;
            steps.push(Step {
                time: together[0].time,
                at_risk,
                died,
                censored: together.len() - died,
                survival,
            });
            at_risk -= together.len();
        }
        Self { steps }
    }

    /// Its steps, in order of time.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The number of units observed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.first().map_or(0, |step| step.at_risk)
    }

    /// Returns whether no units were observed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The number of deaths.
    #[must_use]
    pub fn died(&self) -> usize {
        self.steps.iter().map(|step| step.died).sum()
    }

    /// The longest observed time.
    #[must_use]
    pub fn longest(&self) -> f64 {
        self.steps.last().map_or(0.0, |step| step.time)
    }

    /// The share that survives a time.
    #[must_use]
    pub fn at(&self, time: f64) -> f64 {
        let before = self.steps.iter().rfind(|step| step.time <= time);
        before.map_or(1.0, |step| step.survival)
    }

    /// The number at risk at a time, just before any death or censoring then.
    #[must_use]
    pub fn at_risk(&self, time: f64) -> usize {
        let next = self.steps.iter().find(|step| step.time >= time);
        next.map_or(0, |step| step.at_risk)
    }
}

#[cfg(test)]
mod tests;
