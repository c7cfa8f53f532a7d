//! The course of learning: the next phase when no phase is running.

use super::ReplayOf;
use super::class_group::{GroupProgress, lessons};
use super::class_stats::Row;
use super::error_scan::{self, Survey, percentile};
use super::learner::NeurogenesisLearner;
use super::stack::Rates;
use dentate_core::profile::{self, Kind};
use dentate_core::record::metric;
use dentate_core::{LearnError, MetricLog, Observation, Progress, Source};
use serde::{Deserialize, Serialize};

/// The name of the metric below.
const OUTLIER_SHARE: &str = "outlier-share";

dentate_core::register!(
    metric,
    "outlier-share",
    title = "outlier share",
    unit = percent,
    better = neither,
    aggregate = last,
    formula = "Share of surveyed rows whose reconstruction error is above the threshold of a level, mean over levels at the last survey of each.",
    source = "Draelos et al. 2017",
);

/// The next phase. Levels count from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum TrainPhase {
    /// No experience is running.
    #[default]
    Idle,
    /// Read the classes of the experience.
    Read,
    /// Pretrain a level; beyond the last, the whole network.
    Pretrain(usize),
    /// Compute a level's threshold.
    Threshold(usize),
    /// Begin a class group.
    Begin,
    /// Draw and decode rows of a concept.
    Dream(usize),
    /// Find a level's outliers and decide on growth.
    Level(usize),
    /// Add units to a level and begin plasticity.
    Grow(usize),
    /// Begin stability.
    Stabilise(usize),
    /// Compute the statistics of a concept.
    Remember(usize),
    /// The experience is done.
    Done,
}

impl NeurogenesisLearner {
    /// Runs the next phase.
    pub(super) fn go_on(&mut self, source: &dyn Source, log: &mut MetricLog) -> Result<Progress, LearnError> {
        match self.state.phase {
            TrainPhase::Idle | TrainPhase::Done => return Ok(Progress::Finished),
            TrainPhase::Read => self.read(source)?,
            TrainPhase::Pretrain(level) => self.pretrain(level)?,
            TrainPhase::Threshold(level) => self.threshold(level, log)?,
            TrainPhase::Begin => self.begin_lesson(),
            TrainPhase::Dream(concept) => self.dream(concept, log)?,
            TrainPhase::Level(level) => self.scan(level, log)?,
            TrainPhase::Grow(level) => {
                self.grow(level, log)?;
                return Ok(Progress::Edited);
            }
            TrainPhase::Stabilise(level) => {
                let rates = Rates::Level(self.config.fine_rate);
                self.start(level, rates, self.rows(), true, self.config.stability)?;
                self.next_round(level);
            }
            TrainPhase::Remember(concept) => self.remember(concept, log)?,
        }
        Ok(Progress::Measured)
    }

    /// Rows of the class group.
    fn rows(&self) -> Vec<Row> {
        self.state
            .lessons
            .get(self.state.class_group)
            .map_or(Vec::new(), |l| l.rows())
    }

    fn read(&mut self, source: &dyn Source) -> Result<(), LearnError> {
        let n = source.count()? as u32;
        let rows = source.gather(&(0..n).collect::<Vec<_>>())?;
        let first = self.state.thresholds.is_empty();
        self.state.lessons = lessons(&self.config, self.network.data(), &rows, first)?;
        self.state.class_group = 0;
        self.state.error_scan = Survey::default();
        self.state.earlier = self.state.concepts.len();
        self.state.phase = if first {
            TrainPhase::Pretrain(1)
        } else {
            TrainPhase::Begin
        };
        Ok(())
    }

    fn pretrain(&mut self, level: usize) -> Result<(), LearnError> {
        let (levels, lengths) = (self.config.levels(), self.config.pretraining);
        if level <= levels {
            self.start(level, Rates::Greedy, self.rows(), false, lengths.level)?;
            self.state.phase = TrainPhase::Pretrain(level + 1);
        } else {
            self.start(levels, Rates::Level(1.0), self.rows(), false, lengths.whole)?;
            self.state.phase = TrainPhase::Threshold(1);
        }
        Ok(())
    }

    /// The rows that a round searches for outliers.
    fn candidates(&self, level: usize) -> Vec<Row> {
        let round = self.state.progress.round;
        let seed = self
            .seed
            .derive(&format!("survey/{}/{level}/{round}", self.state.begun));
        error_scan::drawn(self.rows(), self.config.survey_rows, seed)
    }

    /// Measures the next chunk of these rows; returns their errors when all are done.
    fn error_scan(
        &mut self,
        level: usize,
        rows: &[Row],
        log: &mut MetricLog,
    ) -> Result<Option<Survey>, LearnError> {
        let network = &mut self.network;
        let went = self
            .state
            .error_scan
            .go_on(network, &self.state.stack, level, rows)?;
        let done = went.ok_or_else(|| self.diverged())?;
        self.measured(log);
        Ok(done.then(|| std::mem::take(&mut self.state.error_scan)))
    }

    fn threshold(&mut self, level: usize, log: &mut MetricLog) -> Result<(), LearnError> {
        if let Some(error_scan) = self.error_scan(level, &self.rows(), log)? {
            let threshold = percentile(&error_scan.errors, self.config.percentile);
            self.state.thresholds.push(threshold);
            self.state.phase = if level < self.config.levels() {
                TrainPhase::Threshold(level + 1)
            } else {
                TrainPhase::Remember(0)
            };
        }
        Ok(())
    }

    fn begin_lesson(&mut self) {
        self.state.progress = GroupProgress::default();
        self.state.error_scan = Survey::default();
        self.state.earlier = self.state.concepts.len();
        self.state.begun += 1;
        self.state.phase = if self.state.class_group >= self.state.lessons.len() {
            TrainPhase::Done
        } else if self.config.replay == ReplayOf::Intrinsic && self.state.earlier > 0 {
            TrainPhase::Dream(0)
        } else {
            TrainPhase::Level(1)
        };
    }

    /// Finds the outliers of a level, and decides whether it has another round.
    fn scan(&mut self, level: usize, log: &mut MetricLog) -> Result<(), LearnError> {
        let _growth = profile::enter(Kind::Growth);
        let candidates = self.candidates(level);
        let Some(error_scan) = self.error_scan(level, &candidates, log)? else {
            return Ok(());
        };
        let threshold = self.state.thresholds.get(level - 1).copied();
        let threshold =
            threshold.ok_or_else(|| LearnError::State(format!("level {level} has no threshold")))?;
        let outliers = error_scan.above(threshold);
        let share = outliers.len() as f64 / error_scan.errors.len().max(1) as f64;
        let among_all = error_scan::extrapolated(outliers.len(), error_scan.errors.len(), self.rows().len());
        let name = format!("level-{level}");
        log.record(OUTLIER_SHARE, Some(&name), share);
        let sum: f64 = error_scan.errors.iter().map(|e| f64::from(*e)).sum();
        let mean = sum / error_scan.errors.len().max(1) as f64;
        log.record(metric::LEVEL_ERROR, Some(&name), mean);
        let progress = &self.state.progress;
        let units = self.config.units(level, among_all, progress.up.len());
        let reason = if share <= self.config.quota {
            Some("quota met")
        } else if progress.round >= self.config.max_rounds {
            Some("rounds over")
        } else if self.config.growth && units == 0 {
            Some("units used up")
        } else {
            None
        };
        if let Some(reason) = reason {
            log.record(metric::STOP, Some(reason), 1.0);
            return self.leave(level);
        }
        if self.config.growth {
            self.state.progress.outliers = outliers.iter().map(|&i| candidates[i as usize]).collect();
            self.state.progress.units = units;
            self.state.progress.share = share;
            self.state.phase = TrainPhase::Grow(level);
            return Ok(());
        }
        let updates = self.config.plasticity + self.config.stability;
        self.start(level, Rates::Level(1.0), self.rows(), true, updates)?;
        self.next_round(level);
        Ok(())
    }

    fn next_round(&mut self, level: usize) {
        self.state.progress.round += 1;
        self.state.phase = TrainPhase::Level(level);
    }

    /// Goes on to the next level, which is trained first if this one grew.
    fn leave(&mut self, level: usize) -> Result<(), LearnError> {
        let progress = std::mem::take(&mut self.state.progress);
        self.state.phase = TrainPhase::Level(level + 1);
        if level == self.config.levels() {
            self.state.phase = TrainPhase::Remember(0);
        } else if !progress.up.is_empty() {
            let rates = Rates::Wiring {
                fine: self.config.fine_rate,
                up: progress.up,
                down: progress.down,
            };
            self.start(level + 1, rates, self.rows(), false, self.config.wiring)?;
        }
        Ok(())
    }

    fn grow(&mut self, level: usize, log: &mut MetricLog) -> Result<(), LearnError> {
        let _growth = profile::enter(Kind::Growth);
        let progress = &self.state.progress;
        let count = progress.units;
        let seed = self
            .seed
            .derive(&format!("grow/{}/{level}/{}", self.state.begun, progress.round));
        let graph = self.network.graph();
        let mut plan = self.state.stack.widen(graph, &self.config, level, count, seed);
        plan.observed = Observation::new("share of outliers", progress.share);
        let outliers = std::mem::take(&mut self.state.progress.outliers);
        self.apply(&plan, log)?;
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
        self.state.progress.up.extend(&up);
        self.state.progress.down.extend(down);
        let rates = Rates::Plastic(up, self.config.fine_rate);
        self.start(level, rates, outliers, false, self.config.plasticity)?;
        self.state.phase = TrainPhase::Stabilise(level);
        Ok(())
    }

    /// The progress of the experience, from 0 to 1: class groups, and levels and rounds within.
    pub(super) fn how_far(&self) -> f64 {
        let (state, levels) = (&self.state, self.config.levels() as f64);
        let phase = state.training.as_ref().map_or(0.0, |t| t.fraction());
        let within = match state.phase {
            TrainPhase::Idle | TrainPhase::Read | TrainPhase::Begin | TrainPhase::Dream(_) => 0.0,
            TrainPhase::Done => return 1.0,
            // While a phase runs, the phase is the one that follows it.
            TrainPhase::Pretrain(level) => (level as f64 - 2.0 + phase).max(0.0) / (levels + 1.0),
            TrainPhase::Threshold(_) => {
                (levels + if state.training.is_some() { phase } else { 1.0 }) / (levels + 1.0)
            }
            TrainPhase::Level(level) | TrainPhase::Grow(level) | TrainPhase::Stabilise(level) => {
                let most = f64::from(self.config.max_rounds.max(1));
                (level as f64 - 1.0 + f64::from(state.progress.round) / (most + 1.0)) / levels
            }
            TrainPhase::Remember(_) => 1.0,
        };
        let lessons = state.lessons.len().max(1) as f64;
        ((state.class_group as f64 + within) / lessons).min(1.0)
    }
}
