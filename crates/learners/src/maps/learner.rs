//! A map as a [`Learner`]: signals come from a source, changes are journalled, rows are classified or encoded.

use super::codebook::Codebook;
use super::engine::Engine;
use super::lineage::Lineage;
use super::notes::Notes;
use super::reading::Reader;
use super::rule::Rule;
use super::votes::Votes;
use dentate_core::{
    Architecture, Dataset, ExperienceInfo, LearnError, Learner, LearnerMemory, MetricLog, Moment, PlanError,
    Predictions, Progress, Rows, SavedState, Source, TaskId,
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const PROTOTYPES: &str = "prototypes";
const VOTES: &str = "votes";

/// Progress within the current experience.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct StreamPosition {
    experience: u32,
    pass: u64,
    /// Signals of this pass so far.
    taken: usize,
    /// Signals per pass, if known.
    length: Option<usize>,
    /// Signals of all experiences.
    signals: u64,
}

/// The parts of a checkpoint besides the configuration, prototypes and votes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct MapStats {
    lineage: Lineage,
    notes: Notes,
    position: StreamPosition,
    /// The classes of each task so far.
    tasks: BTreeMap<TaskId, Vec<u32>>,
}

#[derive(Deserialize)]
struct SavedMap<S> {
    map: Codebook,
    state: S,
    stats: MapStats,
}

#[derive(Serialize)]
struct SavedMapRef<'a, S> {
    map: &'a Codebook,
    state: &'a S,
    stats: &'a MapStats,
}

/// The learner for any map.
#[derive(Debug)]
pub(crate) struct MapLearner<R: Rule> {
    engine: Engine<R>,
    stats: MapStats,
    /// Buffer for the row being processed.
    signal: Vec<f32>,
}

impl<R: Rule> MapLearner<R> {
    pub(crate) fn new(rule: R) -> Self {
        Self {
            engine: Engine::new(rule),
            stats: MapStats::default(),
            signal: Vec::new(),
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            experience: self.stats.position.experience,
            step: self.stats.position.signals,
        }
    }

    fn refused(error: PlanError) -> LearnError {
        LearnError::Plan {
            strategy: R::NAME.into(),
            error,
        }
    }

    /// Journals births and removals since the last call.
    fn journal(&mut self, log: &mut MetricLog) -> Result<(), LearnError> {
        let changes = self.engine.map.take_changes();
        if changes.is_empty() {
            return Ok(());
        }
        let (features, moment) = (self.engine.map.features(), self.moment());
        let lineage = &mut self.stats.lineage;
        lineage.write(&changes, features, moment).map_err(Self::refused)?;
        self.stats.notes.changes(&changes);
        log.edits += 1;
        Ok(())
    }

    /// Creates the initial units from the first rows.
    fn start(&mut self, source: &dyn Source, rows: &Rows, log: &mut MetricLog) -> Result<(), LearnError> {
        let mut gathered = Vec::new();
        for segment in &rows.segments {
            gathered.push(known(source, segment.data)?.gather(&segment.indices)?);
        }
        let signals: Vec<&[f32]> = gathered
            .iter()
            .flat_map(|block| block.rows().into_iter().filter_map(|row| row.to_slice()))
            .collect();
        let features = gathered.first().map_or(0, Array2::ncols);
        self.engine.start(features, &signals);
        if !self.engine.started() {
            return Err(LearnError::Diverged { step: 0 });
        }
        self.journal(log)
    }

    fn learn(&mut self, source: &dyn Source, rows: &Rows, log: &mut MetricLog) -> Result<(), LearnError> {
        for (id, _, row) in rows.iter() {
            let data = known(source, id)?;
            let features = self.engine.map.features();
            if data.features() != features {
                return Err(unsuited(features, data.features()));
            }
            self.signal.resize(features, 0.0);
            data.read(row, &mut self.signal)?;
            let fit = self.engine.signal(&self.signal, data.label(row));
            let Some(fit) = fit else {
                return Err(LearnError::Diverged {
                    step: self.stats.position.signals,
                });
            };
            self.stats.position.signals += 1;
            self.stats.position.taken += 1;
            log.updates += 1;
            log.rows += 1;
            log.multiply_adds += (self.engine.map.len() * features) as u64;
            self.stats.notes.signal(&self.signal, fit);
            self.journal(log)?;
        }
        Ok(())
    }

    fn record(&mut self, source: &dyn Source, at_the_end: bool, log: &mut MetricLog) {
        let passes = usize::try_from(self.engine.rule.epochs()).unwrap_or(usize::MAX);
        let length = self.stats.position.length.map(|n| n.saturating_mul(passes));
        let shape = source.datasets().first().map_or(&[][..], Dataset::shape);
        let (map, edges) = (&self.engine.map, self.engine.rule.has_edges());
        if self.stats.notes.due(length) || at_the_end {
            self.stats.notes.close(map, edges, shape, log);
        }
        if at_the_end {
            self.stats.notes.draw(map, shape, true, log);
        }
    }
}

fn known(source: &dyn Source, id: dentate_core::DataId) -> Result<&Dataset, LearnError> {
    let found = source.datasets().iter().find(|data| data.id() == id);
    found.ok_or_else(|| LearnError::Unsuited(format!("{id} is not among the source's")))
}

fn unsuited(features: usize, others: usize) -> LearnError {
    LearnError::Unsuited(format!(
        "the prototypes have {features} features, and these rows have {others}"
    ))
}

impl<R: Rule> Learner for MapLearner<R> {
    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError> {
        if self.engine.started() && experience.features != self.engine.map.features() {
            return Err(unsuited(self.engine.map.features(), experience.features));
        }
        for task in &experience.tasks {
            self.stats.tasks.insert(task.id, task.classes.clone());
        }
        self.stats.position = StreamPosition {
            experience: experience.index as u32,
            signals: self.stats.position.signals,
            ..StreamPosition::default()
        };
        self.stats.notes.begin();
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, log: &mut MetricLog) -> Result<Progress, LearnError> {
        self.stats.position.length = source.len();
        if self.stats.position.pass >= self.engine.rule.epochs() {
            return Ok(Progress::Finished);
        }
        let (started, batch) = (self.engine.started(), self.engine.rule.batch());
        let wanted = if started { batch } else { self.engine.rule.wanted() };
        let Some(rows) = source.next(wanted).filter(|rows| !rows.is_empty()) else {
            let empty = self.stats.position.taken == 0;
            self.stats.position.pass += 1;
            self.stats.position.taken = 0;
            if empty || self.stats.position.pass >= self.engine.rule.epochs() {
                if self.engine.started() {
                    self.record(source, true, log);
                }
                return Ok(Progress::Finished);
            }
            source.rewind(self.stats.position.pass)?;
            return Ok(Progress::Measured);
        };
        if !started {
            self.start(source, &rows, log)?;
        }
        // The rows that initialised the first units are used as signals as well.
        self.learn(source, &rows, log)?;
        self.record(source, false, log);
        Ok(Progress::Updated)
    }

    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        task: Option<TaskId>,
    ) -> Result<Predictions, LearnError> {
        let map = &self.engine.map;
        if !self.engine.started() {
            return Ok(Predictions::Abstain);
        }
        if data.features() != map.features() {
            return Err(unsuited(map.features(), data.features()));
        }
        let signals = data.gather(rows)?;
        let Some(classes) = data.classes() else {
            return Ok(Predictions::Codes(codes(map, &signals)));
        };
        let mut reader = Reader::new(map, self.engine.rule.reading());
        if !reader.knows_classes() {
            return Ok(Predictions::Abstain);
        }
        let classes = (classes as usize).max(map.votes.classes());
        let asked = task.and_then(|task| self.stats.tasks.get(&task));
        let mut scores = Array2::from_elem((rows.len(), classes), f32::NEG_INFINITY);
        for (signal, mut scores) in signals.rows().into_iter().zip(scores.rows_mut()) {
            let (Some(signal), Some(scores)) = (signal.to_slice(), scores.as_slice_mut()) else {
                continue;
            };
            reader.score(signal, scores);
            if let Some(asked) = asked {
                for (class, score) in scores.iter_mut().enumerate() {
                    if !asked.contains(&(class as u32)) {
                        *score = f32::NEG_INFINITY;
                    }
                }
            }
        }
        Ok(Predictions::Scores(scores))
    }

    /// Its prototypes, and the wins of each unit by class.
    fn memory(&self) -> LearnerMemory {
        let map = &self.engine.map;
        LearnerMemory {
            parameters: LearnerMemory::of(map.values().len()),
            statistics: LearnerMemory::of(map.len() * map.votes.classes()),
            ..LearnerMemory::default()
        }
    }

    fn architecture(&self) -> &Architecture {
        &self.stats.lineage.architecture
    }

    fn fraction(&self) -> f64 {
        let StreamPosition {
            pass, taken, length, ..
        } = self.stats.position;
        let within = length.map_or(0.0, |n| taken as f64 / n.max(1) as f64);
        ((pass as f64 + within) / self.engine.rule.epochs() as f64).min(1.0)
    }

    fn save(&mut self) -> Result<SavedState, LearnError> {
        let keeping = SavedMapRef {
            map: &self.engine.map,
            state: &self.engine.state,
            stats: &self.stats,
        };
        let state = dentate_core::state::to_bytes(&keeping)?;
        let mut arrays = BTreeMap::new();
        let map = &self.engine.map;
        if self.engine.started() {
            let shape = (map.len(), map.features());
            let prototypes = Array2::from_shape_vec(shape, map.values().to_vec());
            let prototypes = prototypes.map_err(|e| LearnError::State(e.to_string()))?;
            arrays.insert(PROTOTYPES.into(), prototypes);
            if map.votes.classes() > 0 {
                arrays.insert(VOTES.into(), map.votes.array());
            }
        }
        Ok(SavedState { state, arrays })
    }

    fn attach_data(&mut self, _: &Dataset) -> Result<(), LearnError> {
        Ok(()) // the map stores prototypes, not rows
    }

    fn load(&mut self, saved: &SavedState) -> Result<(), LearnError> {
        let kept: SavedMap<R::State> = dentate_core::state::from_bytes(&saved.state)?;
        let mut map = kept.map;
        let units = map.len();
        let fits = |name: &str, columns: Option<usize>| {
            let found = saved.arrays.get(name);
            let fits = |a: &&Array2<f32>| a.nrows() == units && columns.is_none_or(|c| c == a.ncols());
            match (found, found.filter(fits)) {
                (Some(_), None) => Err(LearnError::State(format!(
                    "the array `{name}` is not one of {units} units"
                ))),
                (_, fitting) => Ok(fitting),
            }
        };
        let prototypes = fits(PROTOTYPES, Some(map.features()))?;
        if prototypes.is_none() && units > 0 {
            return Err(LearnError::State(format!("the array `{PROTOTYPES}` is missing")));
        }
        let values = prototypes.map_or_else(Vec::new, |a| a.iter().copied().collect());
        let votes = fits(VOTES, None)?.map_or_else(|| Votes::none(units), Votes::from_array);
        map.restore(values, votes);
        (self.engine.map, self.engine.state, self.stats) = (map, kept.state, kept.stats);
        Ok(())
    }
}

/// Encodes each row as its nearest prototype.
pub(crate) fn codes(map: &Codebook, signals: &Array2<f32>) -> Array2<f32> {
    let mut codes = Array2::zeros(signals.dim());
    for (signal, mut code) in signals.rows().into_iter().zip(codes.rows_mut()) {
        let winners = signal.to_slice().and_then(|signal| map.winners(signal));
        // A row whose distances are not finite is encoded by the first unit.
        let slot = winners.map_or(0, |winners| winners.first.slot);
        code.iter_mut()
            .zip(map.prototype(slot))
            .for_each(|(to, from)| *to = *from);
    }
    codes
}
