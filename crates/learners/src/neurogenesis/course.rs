//! The course of learning: what comes next when no phase is under way.

use super::ReplayOf;
use super::learner::NeurogenesisLearner;
use super::lesson::{Standing, lessons};
use super::recollection::Row;
use super::stack::Rates;
use super::survey::{self, Survey, percentile};
use dentate_core::profile::{self, Kind};
use dentate_core::record::metric;
use dentate_core::{LearnError, Ledger, Progress, Source};
use serde::{Deserialize, Serialize};

/// What comes next. Levels count from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// Nothing: no experience is running.
    #[default]
    Idle,
    /// See which classes the experience has.
    Read,
    /// Pretrain a level; beyond the last, the whole.
    Pretrain(usize),
    /// Work out a level's threshold.
    Threshold(usize),
    /// Begin a lesson.
    Begin,
    /// Draw and decode rows of a concept.
    Dream(usize),
    /// Find a level's outliers and decide.
    Level(usize),
    /// Add units to a level and begin plasticity.
    Grow(usize),
    /// Begin stability.
    Stabilise(usize),
    /// Work out the statistics of a concept.
    Remember(usize),
    /// The experience is done.
    Done,
}

impl NeurogenesisLearner {
    /// Do what comes next.
    pub(super) fn go_on(&mut self, source: &dyn Source, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        match self.state.stage {
            Stage::Idle | Stage::Done => return Ok(Progress::Finished),
            Stage::Read => self.read(source)?,
            Stage::Pretrain(level) => self.pretrain(level)?,
            Stage::Threshold(level) => self.threshold(level, ledger)?,
            Stage::Begin => self.begin_lesson(),
            Stage::Dream(concept) => self.dream(concept, ledger)?,
            Stage::Level(level) => self.judge(level, ledger)?,
            Stage::Grow(level) => {
                self.grow(level, ledger)?;
                return Ok(Progress::Edited);
            }
            Stage::Stabilise(level) => {
                let rates = Rates::Level(self.config.fine_rate);
                self.start(level, rates, self.rows(), true, self.config.stability)?;
                self.next_round(level);
            }
            Stage::Remember(concept) => self.remember(concept, ledger)?,
        }
        Ok(Progress::Measured)
    }

    /// Rows of the lesson.
    fn rows(&self) -> Vec<Row> {
        self.state
            .lessons
            .get(self.state.lesson)
            .map_or(Vec::new(), |l| l.rows())
    }

    fn read(&mut self, source: &dyn Source) -> Result<(), LearnError> {
        let n = source.count()? as u32;
        let rows = source.gather(&(0..n).collect::<Vec<_>>())?;
        let first = self.state.thresholds.is_empty();
        self.state.lessons = lessons(&self.config, self.network.data(), &rows, first)?;
        self.state.lesson = 0;
        self.state.survey = Survey::default();
        self.state.earlier = self.state.concepts.len();
        self.state.stage = if first { Stage::Pretrain(1) } else { Stage::Begin };
        Ok(())
    }

    fn pretrain(&mut self, level: usize) -> Result<(), LearnError> {
        let (levels, lengths) = (self.config.levels(), self.config.pretraining);
        if level <= levels {
            self.start(level, Rates::Greedy, self.rows(), false, lengths.level)?;
            self.state.stage = Stage::Pretrain(level + 1);
        } else {
            self.start(levels, Rates::Level(1.0), self.rows(), false, lengths.whole)?;
            self.state.stage = Stage::Threshold(1);
        }
        Ok(())
    }

    /// The rows that a round looks for outliers among.
    fn candidates(&self, level: usize) -> Vec<Row> {
        let round = self.state.standing.round;
        let seed = self
            .seed
            .derive(&format!("survey/{}/{level}/{round}", self.state.begun));
        survey::drawn(self.rows(), self.config.survey_rows, seed)
    }

    /// Measure some more of these rows; their errors when all are done.
    fn survey(
        &mut self,
        level: usize,
        rows: &[Row],
        ledger: &mut Ledger,
    ) -> Result<Option<Survey>, LearnError> {
        let network = &mut self.network;
        let went = self.state.survey.go_on(network, &self.state.stack, level, rows)?;
        let done = went.ok_or_else(|| self.diverged())?;
        self.measured(ledger);
        Ok(done.then(|| std::mem::take(&mut self.state.survey)))
    }

    fn threshold(&mut self, level: usize, ledger: &mut Ledger) -> Result<(), LearnError> {
        if let Some(survey) = self.survey(level, &self.rows(), ledger)? {
            let threshold = percentile(&survey.errors, self.config.percentile);
            self.state.thresholds.push(threshold);
            self.state.stage = if level < self.config.levels() {
                Stage::Threshold(level + 1)
            } else {
                Stage::Remember(0)
            };
        }
        Ok(())
    }

    fn begin_lesson(&mut self) {
        self.state.standing = Standing::default();
        self.state.survey = Survey::default();
        self.state.earlier = self.state.concepts.len();
        self.state.begun += 1;
        self.state.stage = if self.state.lesson >= self.state.lessons.len() {
            Stage::Done
        } else if self.config.replay == ReplayOf::Intrinsic && self.state.earlier > 0 {
            Stage::Dream(0)
        } else {
            Stage::Level(1)
        };
    }

    /// Find the outliers of a level, and decide whether it goes through another round.
    fn judge(&mut self, level: usize, ledger: &mut Ledger) -> Result<(), LearnError> {
        let _growth = profile::enter(Kind::Growth);
        let candidates = self.candidates(level);
        let Some(survey) = self.survey(level, &candidates, ledger)? else {
            return Ok(());
        };
        let threshold = self.state.thresholds.get(level - 1).copied();
        let threshold =
            threshold.ok_or_else(|| LearnError::State(format!("level {level} has no threshold")))?;
        let outliers = survey.above(threshold);
        let share = outliers.len() as f64 / survey.errors.len().max(1) as f64;
        let among_all = survey::extrapolated(outliers.len(), survey.errors.len(), self.rows().len());
        let name = format!("level-{level}");
        ledger.note("outlier-share", Some(&name), share);
        let sum: f64 = survey.errors.iter().map(|e| f64::from(*e)).sum();
        let mean = sum / survey.errors.len().max(1) as f64;
        ledger.note(metric::LEVEL_ERROR, Some(&name), mean);
        let standing = &self.state.standing;
        let units = self.config.units(level, among_all, standing.up.len());
        let reason = if share <= self.config.quota {
            Some("quota met")
        } else if standing.round >= self.config.max_rounds {
            Some("rounds over")
        } else if self.config.growth && units == 0 {
            Some("units used up")
        } else {
            None
        };
        if let Some(reason) = reason {
            ledger.note(metric::STOP, Some(reason), 1.0);
            return self.leave(level);
        }
        if self.config.growth {
            self.state.standing.outliers = outliers.iter().map(|&i| candidates[i as usize]).collect();
            self.state.standing.units = units;
            self.state.stage = Stage::Grow(level);
            return Ok(());
        }
        let updates = self.config.plasticity + self.config.stability;
        self.start(level, Rates::Level(1.0), self.rows(), true, updates)?;
        self.next_round(level);
        Ok(())
    }

    fn next_round(&mut self, level: usize) {
        self.state.standing.round += 1;
        self.state.stage = Stage::Level(level);
    }

    /// On to the next level, which is trained first where this one grew.
    fn leave(&mut self, level: usize) -> Result<(), LearnError> {
        let standing = std::mem::take(&mut self.state.standing);
        self.state.stage = Stage::Level(level + 1);
        if level == self.config.levels() {
            self.state.stage = Stage::Remember(0);
        } else if !standing.up.is_empty() {
            let rates = Rates::Wiring {
                fine: self.config.fine_rate,
                up: standing.up,
                down: standing.down,
            };
            self.start(level + 1, rates, self.rows(), false, self.config.wiring)?;
        }
        Ok(())
    }

    fn grow(&mut self, level: usize, ledger: &mut Ledger) -> Result<(), LearnError> {
        let _growth = profile::enter(Kind::Growth);
        let standing = &self.state.standing;
        let count = standing.units;
        let seed = self
            .seed
            .derive(&format!("grow/{}/{level}/{}", self.state.begun, standing.round));
        let graph = self.network.graph();
        let plan = self.state.stack.widen(graph, &self.config, level, count, seed);
        let outliers = std::mem::take(&mut self.state.standing.outliers);
        self.apply(&plan, ledger)?;
        let graph = self.network.graph();
        let newest = |layer: Option<&dentate_core::LayerId>| {
            let units = layer
                .and_then(|&l| graph.layer(l))
                .map_or(&[][..], |l| &l.units[..]);
            units[units.len().saturating_sub(count)..]
                .iter()
                .map(|u| u.id)
                .collect::<Vec<_>>()
        };
        let (up, down) = (
            newest(self.state.stack.up.get(level)),
            newest(self.state.stack.down.get(level)),
        );
        self.state.standing.up.extend(&up);
        self.state.standing.down.extend(down);
        let rates = Rates::Plastic(up, self.config.fine_rate);
        self.start(level, rates, outliers, false, self.config.plasticity)?;
        self.state.stage = Stage::Stabilise(level);
        Ok(())
    }

    /// How far the experience is, from 0 to 1: lessons, and levels and rounds within.
    pub(super) fn how_far(&self) -> f64 {
        let (state, levels) = (&self.state, self.config.levels() as f64);
        let phase = state.training.as_ref().map_or(0.0, |t| t.fraction());
        let within = match state.stage {
            Stage::Idle | Stage::Read | Stage::Begin | Stage::Dream(_) => 0.0,
            Stage::Done => return 1.0,
            // While a phase runs, the stage is that of what comes after it.
            Stage::Pretrain(level) => (level as f64 - 2.0 + phase).max(0.0) / (levels + 1.0),
            Stage::Threshold(_) => {
                (levels + if state.training.is_some() { phase } else { 1.0 }) / (levels + 1.0)
            }
            Stage::Level(level) | Stage::Grow(level) | Stage::Stabilise(level) => {
                let most = f64::from(self.config.max_rounds.max(1));
                (level as f64 - 1.0 + f64::from(state.standing.round) / (most + 1.0)) / levels
            }
            Stage::Remember(_) => 1.0,
        };
        let lessons = state.lessons.len().max(1) as f64;
        ((state.lesson as f64 + within) / lessons).min(1.0)
    }
}
