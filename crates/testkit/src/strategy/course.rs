//! A strategy's way through a world, one step at a time.

use super::candidate::Candidate;
use super::seen::Seen;
use super::weights::{self, Name, Weight};
use super::world::World;
use crate::Pool;
use dentate_core::{
    Cause, Event, Graph, LearnError, Learner, Ledger, Predictions, Progress, Saved, Scenario, TaskId,
};
use ndarray::Array2;
use std::collections::BTreeMap;

/// A course under way.
pub(super) struct Course<'w> {
    pub(super) world: &'w World,
    pub(super) learner: Box<dyn Learner>,
    pub(super) ledger: Ledger,
    pub(super) experience: usize,
    pub(super) source: Pool,
    /// Whether its numbers are those of its graph.
    parameters: bool,
    steps: usize,
    /// What has been seen so far.
    pub(super) seen: Seen,
    /// Events of the journal that have been counted.
    counted: usize,
    /// Why it would not even begin.
    refused: Option<LearnError>,
}

/// More steps than this are taken for no end at all.
const MOST_STEPS: usize = 200_000;

/// The network at one moment.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) graph: Graph,
    /// Its parameters one by one; none for a learner whose numbers are not those of its graph.
    pub(super) weights: BTreeMap<Name, Weight>,
    /// Events in the journal by then.
    pub(super) events: usize,
    /// All its numbers.
    pub(super) arrays: BTreeMap<String, Array2<f32>>,
}

/// How a course ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    /// All experiences are behind it.
    Finished,
    /// The strategy and the stream do not go together, or the data is of no use: an answer like any other.
    Refused(LearnError),
    /// It did not come to one.
    Endless,
}

impl<'w> Course<'w> {
    pub(super) fn new(world: &'w World, candidate: &Candidate) -> Result<Self, String> {
        Ok(Self::of(world, candidate, candidate.learner(world)?))
    }

    /// The course of a learner that was made of the candidate.
    pub(super) fn of(world: &'w World, candidate: &Candidate, learner: Box<dyn Learner>) -> Self {
        let mut course = Self {
            world,
            learner,
            ledger: Ledger::default(),
            experience: 0,
            source: world.rows_of(0),
            parameters: candidate.holds_parameters(),
            steps: 0,
            seen: Seen {
                worlds: 1,
                ..Seen::default()
            },
            counted: 0,
            refused: None,
        };
        course.refused = course.begin().err();
        course
    }

    fn begin(&mut self) -> Result<(), LearnError> {
        self.source = self.world.rows_of(self.experience);
        let info = self.world.info(self.experience);
        self.learner.begin(&info)
    }

    /// The next step; `None` when the course is over.
    pub(super) fn step(&mut self) -> Result<Option<Progress>, End> {
        let step = self.take_step();
        self.seen.refused += u64::from(step.is_err());
        self.seen.updates = self.ledger.updates;
        let events = &self.learner.architecture().journal().events;
        for event in events.iter().skip(self.counted).filter(|event| own(event)) {
            self.seen.count(event);
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
        match self.learner.advance(&mut self.source, &mut self.ledger) {
            Ok(Progress::Finished) => {
                self.experience += 1;
                if self.experience == self.world.experiences {
                    return Ok(None);
                }
                self.begin().map_err(End::Refused)?;
                Ok(Some(Progress::Finished))
            }
            Ok(progress) => Ok(Some(progress)),
            Err(error) => Err(End::Refused(error)),
        }
    }

    pub(super) fn saved(&mut self) -> Result<Saved, String> {
        self.learner
            .save()
            .map_err(|e| format!("it could not be saved: {e}"))
    }

    pub(super) fn moment(&mut self) -> Result<Moment, String> {
        let saved = self.saved()?;
        let graph = self.learner.architecture().graph().clone();
        let weights = if self.parameters {
            weights::weights(&graph, &saved)?
        } else {
            BTreeMap::new()
        };
        let arrays = saved.arrays;
        let events = self.learner.architecture().journal().events.len();
        Ok(Moment {
            graph,
            weights,
            events,
            arrays,
        })
    }

    /// What the strategy itself has done to the network since a moment; the learner's own edits left out.
    pub(super) fn own_since(&self, before: &Moment) -> Vec<&Event> {
        self.own_events(before.events)
    }

    /// The same since there were so many events in the journal.
    pub(super) fn own_events(&self, since: usize) -> Vec<&Event> {
        let events = &self.learner.architecture().journal().events;
        events.iter().skip(since).filter(|event| own(event)).collect()
    }

    /// What is predicted for the rows of an experience that is behind or under way.
    pub(super) fn predictions(&mut self, experience: usize) -> Result<Predictions, String> {
        let pool = self.world.rows_of(experience);
        let rows: Vec<u32> = (0..pool.data().len() as u32).collect();
        let task = (self.world.scenario == Scenario::TaskIncremental).then_some(TaskId(experience as u32));
        self.learner
            .predict(pool.data(), &rows, task)
            .map_err(|e| format!("it could not predict: {e}"))
    }
}

/// Whether an event is what is held to the laws has done, and not the learner around it.
fn own(event: &Event) -> bool {
    match event {
        Event::Applied { plan, .. } => !matches!(plan.cause, Cause::Initial | Cause::Head),
        Event::Replaced { .. } => true,
    }
}

/// A course that is over.
pub(super) struct Past {
    pub(super) end: End,
    /// The network as it is in the end.
    pub(super) last: Moment,
    pub(super) seen: Seen,
}

/// Go through a world to its end, and look at the course before and after each step; a look counts the occasions on which the law
/// was put to the test.
pub(super) fn through(
    world: &World,
    candidate: &Candidate,
    mut look: impl FnMut(&mut Course<'_>, &Moment, &Moment, Progress) -> Result<(), String>,
) -> Result<Past, String> {
    let mut course = Course::new(world, candidate)?;
    let mut before = course.moment()?;
    loop {
        match course.step() {
            Ok(None) => {
                let last = course.moment()?;
                return Ok(Past {
                    end: End::Finished,
                    last,
                    seen: course.seen,
                });
            }
            Ok(Some(progress)) => {
                let after = course.moment()?;
                look(&mut course, &before, &after, progress)?;
                before = after;
            }
            Err(end) => {
                let after = course.moment()?;
                same(&before, &after)
                    .map_err(|what| format!("a step that was refused ({end:?}) changed {what}"))?;
                return refusal(end).map(|end| Past {
                    end,
                    last: after,
                    seen: course.seen,
                });
            }
        }
    }
}

/// Whether a refusal is an answer: a stream that a strategy is not made for, or data that no network can learn from.
pub(super) fn refusal(end: End) -> Result<End, String> {
    match &end {
        End::Refused(
            LearnError::Unsuited(_)
            | LearnError::Diverged { .. }
            | LearnError::Unstable { .. }
            | LearnError::Source(_),
        ) => Ok(end),
        End::Refused(error) => Err(error.to_string()),
        End::Finished => Ok(end),
        End::Endless => Err(format!("it has not finished after {MOST_STEPS} steps")),
    }
}

/// Nothing differs between two moments; else what does.
pub(super) fn same(a: &Moment, b: &Moment) -> Result<(), String> {
    if a.graph != b.graph {
        return Err("the graph".into());
    }
    for (name, weight) in &a.weights {
        if b.weights
            .get(name)
            .is_none_or(|other| other.value.to_bits() != weight.value.to_bits())
        {
            return Err(told(name));
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

/// A parameter in words.
pub(super) fn told((parameter, target, source, _): &Name) -> String {
    let of = |word: &str, unit: &Option<dentate_core::UnitId>| match unit {
        Some(unit) => format!(" {word} {unit}"),
        None => String::new(),
    };
    format!("{parameter}{}{}", of("from", source), of("to", target))
}

/// What an event is called.
pub(super) fn cause(event: &Event) -> String {
    match event {
        Event::Applied { plan, .. } => format!("the plan `{}`", plan.cause),
        Event::Replaced { layer, .. } => format!("a replacement in {layer}"),
    }
}
