//! The Kaplan–Meier estimate of a survival curve from times of which some are censored:
//!
//! ```text
//! Ŝ(t) = Π_{t_i ≤ t} (1 − d_i / n_i)
//! ```
//!
//! over the times t_i at which d_i died of the n_i still at risk. Who dies at the moment at which another is lost from sight dies
//! first. Kaplan, E. L. & Meier, P. (1958). Nonparametric estimation from incomplete observations. *Journal of the American
//! Statistical Association* 53, 457–481.

/// How long someone was watched, and how that ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Life {
    /// For how long.
    pub time: f64,
    /// Whether it ended in death; else it was alive when last seen.
    pub died: bool,
}

/// A time at which something happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// How many were at risk just before.
    pub at_risk: usize,
    /// How many died.
    pub died: usize,
    /// How many were lost from sight.
    pub censored: usize,
    /// The share that survives this moment.
    pub survival: f64,
}

/// A survival curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SurvivalCurve {
    steps: Vec<Step>,
}

impl SurvivalCurve {
    /// The estimate. Times that are no number are left out.
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

    /// How many there were at first.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.first().map_or(0, |step| step.at_risk)
    }

    /// Whether there was nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// How many died.
    #[must_use]
    pub fn died(&self) -> usize {
        self.steps.iter().map(|step| step.died).sum()
    }

    /// The longest time that someone was watched.
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

    /// How many are at risk at a time, just before anything happens then.
    #[must_use]
    pub fn at_risk(&self, time: f64) -> usize {
        let next = self.steps.iter().find(|step| step.time >= time);
        next.map_or(0, |step| step.at_risk)
    }
}

#[cfg(test)]
mod tests;
