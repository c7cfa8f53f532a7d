//! A subject's run through a case, one step at a time.

use super::case::Case;
use super::coverage::Coverage;
use super::subject::Subject;
use super::weights::{self, Name, Weight};
use crate::Pool;
use dentate_core::{
    Cause, Event, Graph, LearnError, Learner, MetricLog, Predictions, Progress, SavedState, Scenario, TaskId,
};
use ndarray::Array2;
use std::collections::BTreeMap;

/// A run in progress.
pub(super) struct Driver<'w> {
    pub(super) case: &'w Case,
    pub(super) learner: Box<dyn Learner>,
    pub(super) log: MetricLog,
    pub(super) experience: usize,
    pub(super) source: Pool,
    /// True if its state has the shape of its graph.
    parameters: bool,
    steps: usize,
    /// The events so far.
    pub(super) coverage: Coverage,
    /// Number of journal events that have been counted.
    counted: usize,
    /// The error of the first call, if it was refused.
    refused: Option<LearnError>,
}

/// The number of steps after which a run counts as endless.
const MOST_STEPS: usize = 200_000;

/// The network at one moment.
#[derive(Clone, Debug)]
pub(super) struct NetworkState {
    pub(super) graph: Graph,
    /// Its parameters one by one; empty for a learner whose state does not have the shape of its graph.
    pub(super) weights: BTreeMap<Name, Weight>,
    /// Number of events in the journal by then.
    pub(super) events: usize,
    /// All its numbers.
    pub(super) arrays: BTreeMap<String, Array2<f32>>,
    /// The rest of its saved state, in which some learners have numbers too.
    pub(super) state: Vec<u8>,
}

/// The end of a run.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    /// All experiences are finished.
    Finished,
    /// The strategy does not suit the stream, or the data is unusable: an answer like any other.
    Refused(LearnError),
    /// The run did not end.
    Endless,
}

impl<'w> Driver<'w> {
    pub(super) fn new(case: &'w Case, subject: &Subject) -> Result<Self, String> {
        Ok(Self::of(case, subject, subject.learner(case)?))
    }

    /// The run of a learner that was made from the subject.
    pub(super) fn of(case: &'w Case, subject: &Subject, learner: Box<dyn Learner>) -> Self {
        let mut driver = Self {
            case,
            learner,
            log: MetricLog::default(),
            experience: 0,
            source: case.rows_of(0),
            parameters: subject.holds_parameters(),
            steps: 0,
            coverage: Coverage {
                cases: 1,
                ..Coverage::default()
            },
            counted: 0,
            refused: None,
        };
        driver.refused = driver.begin().err();
        driver
    }

    fn begin(&mut self) -> Result<(), LearnError> {
        self.source = self.case.rows_of(self.experience);
        let info = self.case.info(self.experience);
        self.learner.begin(&info)
    }

    /// The next step; `None` when the run is over.
    pub(super) fn step(&mut self) -> Result<Option<Progress>, End> {
        let step = self.take_step();
        self.coverage.refused += u64::from(step.is_err());
        self.coverage.updates = self.log.updates;
        let events = &self.learner.architecture().journal().events;
        for event in events.iter().skip(self.counted).filter(|event| own(event)) {
            self.coverage.count(event);
        }
        self.counted = events.len();
        step
    }

    fn take_step(&mut self) -> Result<Option<Progress>, End> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(End::Endless);
        }
        if let Some(error) = self.refused.take() {
            return Err(End::Refused(error));
        }
        match self.learner.advance(&mut self.source, &mut self.log) {
            Ok(Progress::Finished) => {
                self.experience += 1;
                if self.experience == self.case.experiences {
                    return Ok(None);
                }
                self.begin().map_err(End::Refused)?;
                Ok(Some(Progress::Finished))
            }
            Ok(progress) => Ok(Some(progress)),
            Err(error) => Err(End::Refused(error)),
        }
    }

    pub(super) fn saved(&mut self) -> Result<SavedState, String> {
        self.learner
            .save()
            .map_err(|e| format!("it could not be saved: {e}"))
    }

    pub(super) fn moment(&mut self) -> Result<NetworkState, String> {
        let saved = self.saved()?;
        let graph = self.learner.architecture().graph().clone();
        let weights = if self.parameters {
            weights::weights(&graph, &saved)?
        } else {
            BTreeMap::new()
        };
        let SavedState { arrays, state } = saved;
        let events = self.learner.architecture().journal().events.len();
        Ok(NetworkState {
            graph,
            weights,
            events,
            arrays,
            state,
        })
    }

    /// The strategy's own changes of the network since a moment, without the learner's edits.
    pub(super) fn own_since(&self, before: &NetworkState) -> Vec<&Event> {
        self.own_events(before.events)
    }

    /// The same since the journal had so many events.
    pub(super) fn own_events(&self, since: usize) -> Vec<&Event> {
        let events = &self.learner.architecture().journal().events;
        events.iter().skip(since).filter(|event| own(event)).collect()
    }

    /// The predictions for the rows of an experience that is finished or in progress.
    pub(super) fn predictions(&mut self, experience: usize) -> Result<Predictions, LearnError> {
        let pool = self.case.rows_of(experience);
        let rows: Vec<u32> = (0..pool.data().len() as u32).collect();
        let task = (self.case.scenario == Scenario::TaskIncremental).then_some(TaskId(experience as u32));
        self.learner.predict(pool.data(), &rows, task)
    }
}

/// Returns whether an event was caused by the subject, and not by the learner around it.
fn own(event: &Event) -> bool {
    match event {
        Event::Applied { plan, .. } => !matches!(plan.cause, Cause::Initial | Cause::Head),
        Event::Replaced { .. } => true,
    }
}

/// A finished run.
pub(super) struct FinishedRun {
    pub(super) end: End,
    /// The network at the end.
    pub(super) last: NetworkState,
    pub(super) coverage: Coverage,
}

/// Run a case to its end, with a check before and after each step that counts how often the law was put to the
/// test.
pub(super) fn through(
    case: &Case,
    subject: &Subject,
    mut look: impl FnMut(&mut Driver<'_>, &NetworkState, &NetworkState, Progress) -> Result<(), String>,
) -> Result<FinishedRun, String> {
    let mut driver = Driver::new(case, subject)?;
    let mut before = driver.moment()?;
    loop {
        match driver.step() {
            Ok(None) => {
                let last = driver.moment()?;
                return Ok(FinishedRun {
                    end: End::Finished,
                    last,
                    coverage: driver.coverage,
                });
            }
            Ok(Some(progress)) => {
                let after = driver.moment()?;
                look(&mut driver, &before, &after, progress)?;
                before = after;
            }
            Err(end) => {
                let after = driver.moment()?;
                same(&before, &after)
                    .map_err(|what| format!("a step that was refused ({end:?}) changed {what}"))?;
                return refusal(end).map(|end| FinishedRun {
                    end,
                    last: after,
                    coverage: driver.coverage,
                });
            }
        }
    }
}

/// Accepts a refusal that is a valid answer: a stream that a strategy does not suit, or data that no network can learn from.
pub(super) fn refusal(end: End) -> Result<End, String> {
    match &end {
        End::Refused(
            LearnError::Unsuited(_)
            | LearnError::Diverged { .. }
            | LearnError::Overflow { .. }
            | LearnError::Unstable { .. }
            | LearnError::Source(_),
        ) => Ok(end),
        End::Refused(error) => Err(error.to_string()),
        End::Finished => Ok(end),
        End::Endless => Err(format!("it has not finished after {MOST_STEPS} steps")),
    }
}

/// Check that nothing differs between two moments; the error names what does.
pub(super) fn same(a: &NetworkState, b: &NetworkState) -> Result<(), String> {
    if a.graph != b.graph {
        return Err("the graph".into());
    }
    for (name, weight) in &a.weights {
        if b.weights
            .get(name)
            .is_none_or(|other| other.value.to_bits() != weight.value.to_bits())
        {
            return Err(describe(name));
        }
    }
    if a.weights.is_empty() {
        for (name, values) in &a.arrays {
            let bits = |values: &Array2<f32>| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            if b.arrays.get(name).is_none_or(|other| bits(other) != bits(values)) {
                return Err(format!("the array `{name}`"));
            }
        }
    }
    Ok(())
}

/// The name of a parameter in words.
pub(super) fn describe((parameter, target, source, _): &Name) -> String {
    let of = |word: &str, unit: &Option<dentate_core::UnitId>| match unit {
        Some(unit) => format!(" {word} {unit}"),
        None => String::new(),
    };
    format!("{parameter}{}{}", of("from", source), of("to", target))
}

/// The name of an event.
pub(super) fn cause(event: &Event) -> String {
    match event {
        Event::Applied { plan, .. } => format!("the plan `{}`", plan.cause),
        Event::Replaced { layer, .. } => format!("a replacement in {layer}"),
    }
}
