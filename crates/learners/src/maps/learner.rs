//! A map as a [`Learner`]: signals come from a source, changes go into the journal, rows are labelled or coded.

use super::codebook::Codebook;
use super::engine::Engine;
use super::lineage::Lineage;
use super::notes::Notes;
use super::reading::Reader;
use super::rule::Rule;
use super::votes::Votes;
use dentate_core::{
    Architecture, Dataset, ExperienceInfo, LearnError, Learner, Ledger, Moment, PlanError, Predictions,
    Progress, Rows, Saved, Source, TaskId,
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const PROTOTYPES: &str = "prototypes";
const VOTES: &str = "votes";

/// How far the current experience is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Way {
    experience: u32,
    pass: u64,
    /// Signals of this pass that have gone by.
    taken: usize,
    /// Signals that a pass has.
    length: Option<usize>,
    /// Signals of all experiences.
    signals: u64,
}

/// What a checkpoint holds beside the configuration, prototypes and votes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Books {
    lineage: Lineage,
    notes: Notes,
    way: Way,
    /// The classes of each task that was met.
    tasks: BTreeMap<TaskId, Vec<u32>>,
}

#[derive(Deserialize)]
struct Kept<S> {
    map: Codebook,
    state: S,
    books: Books,
}

#[derive(Serialize)]
struct Keeping<'a, S> {
    map: &'a Codebook,
    state: &'a S,
    books: &'a Books,
}

/// The learner of any map.
#[derive(Debug)]
pub(crate) struct MapLearner<R: Rule> {
    engine: Engine<R>,
    books: Books,
    /// A row, while it is read.
    signal: Vec<f32>,
}

impl<R: Rule> MapLearner<R> {
    pub(crate) fn new(rule: R) -> Self {
        Self {
            engine: Engine::new(rule),
            books: Books::default(),
            signal: Vec::new(),
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            experience: self.books.way.experience,
            step: self.books.way.signals,
        }
    }

    fn refused(error: PlanError) -> LearnError {
        LearnError::Plan {
            strategy: R::NAME.into(),
            error,
        }
    }

    /// Write down births and deaths since the last time.
    fn journal(&mut self, ledger: &mut Ledger) -> Result<(), LearnError> {
        let changes = self.engine.map.take_changes();
        if changes.is_empty() {
            return Ok(());
        }
        let (features, moment) = (self.engine.map.features(), self.moment());
        let lineage = &mut self.books.lineage;
        lineage.write(&changes, features, moment).map_err(Self::refused)?;
        self.books.notes.changes(&changes);
        ledger.edits += 1;
        Ok(())
    }

    /// The first units, from the first rows.
    fn start(&mut self, source: &dyn Source, rows: &Rows, ledger: &mut Ledger) -> Result<(), LearnError> {
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
        self.journal(ledger)
    }

    fn learn(&mut self, source: &dyn Source, rows: &Rows, ledger: &mut Ledger) -> Result<(), LearnError> {
        for (id, _, row) in rows.iter() {
            let data = known(source, id)?;
            let features = self.engine.map.features();
            if data.features() != features {
                return Err(unsuited(features, data.features()));
            }
            self.signal.resize(features, 0.0);
            data.read(row, &mut self.signal)?;
            let standing = self.engine.signal(&self.signal, data.label(row));
            let Some(standing) = standing else {
                return Err(LearnError::Diverged {
                    step: self.books.way.signals,
                });
            };
            self.books.way.signals += 1;
            self.books.way.taken += 1;
            ledger.updates += 1;
            ledger.rows += 1;
            ledger.multiply_adds += (self.engine.map.len() * features) as u64;
            self.books.notes.signal(&self.signal, standing);
            self.journal(ledger)?;
        }
        Ok(())
    }

    fn note(&mut self, source: &dyn Source, at_the_end: bool, ledger: &mut Ledger) {
        let passes = usize::try_from(self.engine.rule.epochs()).unwrap_or(usize::MAX);
        let length = self.books.way.length.map(|n| n.saturating_mul(passes));
        let shape = source.datasets().first().map_or(&[][..], Dataset::shape);
        let (map, edges) = (&self.engine.map, self.engine.rule.has_edges());
        if self.books.notes.due(length) || at_the_end {
            self.books.notes.close(map, edges, shape, ledger);
        }
        if at_the_end {
            self.books.notes.draw(map, shape, true, ledger);
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
            self.books.tasks.insert(task.id, task.classes.clone());
        }
        self.books.way = Way {
            experience: experience.index as u32,
            signals: self.books.way.signals,
            ..Way::default()
        };
        self.books.notes.begin();
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        self.books.way.length = source.len();
        if self.books.way.pass >= self.engine.rule.epochs() {
            return Ok(Progress::Finished);
        }
        let (started, batch) = (self.engine.started(), self.engine.rule.batch());
        let wanted = if started { batch } else { self.engine.rule.wanted() };
        let Some(rows) = source.next(wanted).filter(|rows| !rows.is_empty()) else {
            let empty = self.books.way.taken == 0;
            self.books.way.pass += 1;
            self.books.way.taken = 0;
            if empty || self.books.way.pass >= self.engine.rule.epochs() {
                if self.engine.started() {
                    self.note(source, true, ledger);
                }
                return Ok(Progress::Finished);
            }
            source.rewind(self.books.way.pass)?;
            return Ok(Progress::Measured);
        };
        if !started {
            self.start(source, &rows, ledger)?;
        }
        // The rows that the first units lie at are signals like any other.
        self.learn(source, &rows, ledger)?;
        self.note(source, false, ledger);
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
        let asked = task.and_then(|task| self.books.tasks.get(&task));
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

    fn architecture(&self) -> &Architecture {
        &self.books.lineage.architecture
    }

    fn fraction(&self) -> f64 {
        let Way {
            pass, taken, length, ..
        } = self.books.way;
        let within = length.map_or(0.0, |n| taken as f64 / n.max(1) as f64);
        ((pass as f64 + within) / self.engine.rule.epochs() as f64).min(1.0)
    }

    fn save(&mut self) -> Result<Saved, LearnError> {
        let keeping = Keeping {
            map: &self.engine.map,
            state: &self.engine.state,
            books: &self.books,
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
        Ok(Saved { state, arrays })
    }

    fn recall(&mut self, _: &Dataset) -> Result<(), LearnError> {
        Ok(()) // what it remembers are prototypes, not rows
    }

    fn load(&mut self, saved: &Saved) -> Result<(), LearnError> {
        let kept: Kept<R::State> = dentate_core::state::from_bytes(&saved.state)?;
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
        (self.engine.map, self.engine.state, self.books) = (map, kept.state, kept.books);
        Ok(())
    }
}

/// The prototype nearest to each row.
pub(crate) fn codes(map: &Codebook, signals: &Array2<f32>) -> Array2<f32> {
    let mut codes = Array2::zeros(signals.dim());
    for (signal, mut code) in signals.rows().into_iter().zip(codes.rows_mut()) {
        let winners = signal.to_slice().and_then(|signal| map.winners(signal));
        // A row at no distance from anything is coded by the first unit.
        let slot = winners.map_or(0, |winners| winners.first.slot);
        code.iter_mut()
            .zip(map.prototype(slot))
            .for_each(|(to, from)| *to = *from);
    }
    codes
}
