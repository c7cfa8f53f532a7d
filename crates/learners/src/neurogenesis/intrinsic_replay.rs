//! Update of the classes' statistics at the end of a class group, and their replay when the next one begins.

use super::ReplayOf;
use super::class_stats::{ClassStats, DRAWN, DREAMT, GeneratedSamples, Row, batch, plain};
use super::error_scan::AT_ONCE;
use super::learner::NeurogenesisLearner;
use super::phases::TrainPhase;
use super::statistics::Moments;
use dentate_core::{LayerId, LearnError, MetricLog, Route, Rows, TaskId};

impl NeurogenesisLearner {
    /// Draws codes of a concept, and decodes them with the current network.
    pub(super) fn dream(&mut self, concept: usize, log: &mut MetricLog) -> Result<(), LearnError> {
        let seed = self.seed.derive(&format!("dream/{}/{concept}", self.state.begun));
        let codes = self.state.concepts[concept].draw(self.config.replay_samples, seed);
        if codes.iter().any(|v| !v.is_finite()) {
            return Err(self.diverged());
        }
        let (code, output) = self.ends()?;
        let drawn = plain(DRAWN, &codes)?;
        self.network.show(&drawn)?;
        let rows = Rows::of(DRAWN, TaskId(0), (0..drawn.len() as u32).collect());
        let route = Route {
            entry: Some(code),
            ..Route::default()
        };
        let decoded = self.network.forward(&rows, &route, &[output]);
        self.network.detach(DRAWN);
        for decoded in decoded? {
            if decoded.iter().any(|v| !v.is_finite()) {
                return Err(self.diverged());
            }
            self.state.generated.extend(decoded)?;
        }
        self.measured(log);
        self.state.phase = TrainPhase::Dream(concept + 1);
        if concept + 1 == self.state.earlier {
            if let Some(generated) = self.state.generated.dataset()? {
                self.network.show(&generated)?;
            }
            self.state.phase = TrainPhase::Level(1);
        }
        Ok(())
    }

    /// The code layer and the output.
    fn ends(&self) -> Result<(LayerId, LayerId), LearnError> {
        let ends = self.state.stack.ends();
        ends.ok_or_else(|| LearnError::State("there is no network whose codes could be remembered".into()))
    }

    /// The rows from which a concept's statistics are estimated.
    fn witnesses(&self, concept: usize) -> Vec<Row> {
        let state = &self.state;
        if let Some(group) = concept.checked_sub(state.earlier) {
            let class_group = state.lessons.get(state.class_group);
            return class_group
                .and_then(|l| l.groups.get(group))
                .map_or(Vec::new(), |g| g.rows.clone());
        }
        let n = self.config.replay_samples as u32;
        match self.config.replay {
            ReplayOf::Intrinsic => (0..n)
                .map(|i| (DREAMT, TaskId(0), concept as u32 * n + i))
                .collect(),
            ReplayOf::Original => state.concepts[concept].originals.clone(),
            ReplayOf::None => Vec::new(),
        }
    }

    /// Encodes the next chunk of a concept's rows; after the last, updates its statistics.
    pub(super) fn remember(&mut self, concept: usize, log: &mut MetricLog) -> Result<(), LearnError> {
        let rows = self.witnesses(concept);
        let seen = self.state.moments.count() as usize;
        if concept == 0 && seen == 0 {
            self.check_parameters()?;
            let width = self.code_width();
            for old in &mut self.state.concepts {
                old.widen(width);
            }
            self.readout = None;
        }
        let end = (seen + AT_ONCE).min(rows.len());
        if seen < end {
            let (code, _) = self.ends()?;
            let some = batch(&rows[seen..end]);
            let codes = self.network.forward(&some, &Route::default(), &[code])?;
            codes.iter().for_each(|codes| self.state.moments.add(codes));
            self.measured(log);
        }
        if end < rows.len() {
            return Ok(());
        }
        let moments = std::mem::take(&mut self.state.moments);
        if !rows.is_empty() {
            self.describe(concept, &moments, rows)?;
        }
        let groups = self
            .state
            .lessons
            .get(self.state.class_group)
            .map_or(0, |l| l.groups.len());
        self.state.phase = TrainPhase::Remember(concept + 1);
        if concept + 1 >= self.state.earlier + groups {
            self.state.generated = GeneratedSamples::default();
            self.network.detach(DREAMT);
            self.state.losses.record(log);
            self.state.class_group += 1;
            self.state.phase = TrainPhase::Begin;
        }
        Ok(())
    }

    fn describe(&mut self, concept: usize, moments: &Moments, rows: Vec<Row>) -> Result<(), LearnError> {
        let mut described = match self.state.concepts.get(concept) {
            Some(old) => old.clone(),
            None => self.met(rows)?,
        };
        if !described.settle(moments, self.config.jitter) {
            return Err(self.diverged());
        }
        match self.state.concepts.get_mut(concept) {
            Some(place) => *place = described,
            None => self.state.concepts.push(described),
        }
        self.readout = None;
        Ok(())
    }

    /// The new class of these rows, without statistics.
    fn met(&self, rows: Vec<Row>) -> Result<ClassStats, LearnError> {
        let first = rows.first().copied();
        let label =
            first.and_then(|(data, task, row)| Some((task, self.network.data().get(&data)?.label(row)?)));
        let (task, label) =
            label.ok_or_else(|| LearnError::State("the rows of a class have no label".into()))?;
        let kept = self.config.replay == ReplayOf::Original;
        Ok(ClassStats::new(task, label, if kept { rows } else { Vec::new() }))
    }
}
