//! Updates on rows of the experience, as extended by mechanisms, and the turns of mechanisms at boundaries and between two
//! updates.

use crate::alone;
use crate::context::StrategyContext;
use crate::growing::Growing;
use crate::mechanism::{Assembled, Batch, Mechanisms, Pass, Update, When, Work};
use crate::train_loop::TrainPhase;
use crate::train_state::TrainState;
use dentate_core::{
    GrowingNetwork, LayerId, LearnError, Losses, Objective, Progress, Purpose, Route, Rows, Slot,
};
use dentate_growth::Hook;
use ndarray::Array2;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Runs one update, or ends training after the last.
pub(crate) fn train(context: &mut StrategyContext<'_>, growing: &Growing) -> Result<Progress, LearnError> {
    let (batch, quota) = (context.config.batch, context.quota());
    let graph = context.train_state.network.graph();
    let Some(rows) = context.within.next_rows(context.source, graph, batch, quota)? else {
        context.train_state.stats.record_loss(context.log);
        context.train_state.stats.record_hits(context.log);
        // The loss of an update is computed before its step, so the effect of the last one shows in no loss.
        if !context.train_state.network.is_finite()? {
            return Err(context.train_state.diverged(&context.config.optimizer));
        }
        *context.stage = TrainPhase::End(0);
        return Ok(Progress::Measured);
    };
    let turns = update(context, &rows)?;
    context.train_state.resets.follow(&rows);
    context.within.count();
    if Losses::due(context.train_state.network.clock().step) {
        context.train_state.stats.record_loss(context.log);
    }
    if context.within.asks(growing.cadence()) {
        *context.stage = TrainPhase::Ask(Hook::Update);
    }
    if !turns.is_empty() {
        *context.stage = TrainPhase::Turns(turns, Box::new(context.stage.clone()));
    }
    Ok(Progress::Updated)
}

/// Runs one update on the learner's objective, extended by mechanisms; returns the indices of those that request a turn.
fn update(context: &mut StrategyContext<'_>, rows: &Rows) -> Result<Vec<usize>, LearnError> {
    let mut route = Route::default();
    let keep = context.seen(Pass::Train, &mut route)?;
    let config = context.config;
    let place = context.within.place(rows.len());
    let optimizer = &config
        .schedule
        .applied(config.optimizer, place, context.quota())?;
    let (at, train_state, log) = context.parts();
    let TrainState {
        network,
        mechanisms,
        newborns,
        ..
    } = &mut *train_state;
    let mut batch = Batch::new(rows);
    mechanisms.compose(network, at, &mut batch)?;
    let Assembled {
        rows,
        mut objective,
        penalties,
    } = batch.assembled(network.graph(), network.data())?;
    alone::refuse(network.graph(), rows.len(), &objective)?;
    let (rows, route) = (&rows, &route);
    let about = Update {
        rows,
        route,
        objective: &objective,
        outputs: &BTreeMap::new(),
    };
    mechanisms.before(network, at, &about)?;
    (objective.penalties, objective.keep) = (penalties, keep);
    let outputs;
    let (looks, mut lost) = (newborns.due(network), false);
    if mechanisms.split() || config.clip.is_some() || looks {
        let loss = network.gradient(rows, route, &objective, Slot::GRADIENT, Purpose::Update)?;
        // Passes of mechanisms would overwrite them.
        outputs = outputs_of(network, mechanisms, &objective)?;
        // There is no update to make where the loss is not finite, whatever a mechanism would add to the gradient.
        lost = !loss.is_finite();
        if !lost {
            if looks {
                newborns.look(network)?;
            }
            mechanisms.gradient(network, at)?;
            if let Some(clip) = config.clip {
                network.map(Slot::GRADIENT, &clip.of(Slot::GRADIENT))?;
            }
            network.update(Slot::GRADIENT, optimizer, objective.keep)?;
        }
    } else {
        network.step(rows, route, &objective, optimizer)?;
        outputs = outputs_of(network, mechanisms, &objective)?;
    }
    network.tick();
    train_state.book(optimizer, log)?;
    if lost {
        // A penalty alone was not finite, which is in no count of losses.
        return Err(train_state.diverged(optimizer));
    }
    let made = Update {
        rows,
        route,
        objective: &objective,
        outputs: &outputs,
    };
    train_state
        .mechanisms
        .updated(&mut train_state.network, at, &made)
}

/// Outputs of the layers in the objective, from the update's own pass, if any mechanism needs them.
fn outputs_of(
    network: &mut GrowingNetwork,
    mechanisms: &Mechanisms,
    objective: &Objective,
) -> Result<BTreeMap<LayerId, Array2<f32>>, LearnError> {
    let mut all = BTreeMap::new();
    if mechanisms.wants_outputs() {
        for term in &objective.terms {
            if let Entry::Vacant(place) = all.entry(term.layer) {
                place.insert(network.outputs(term.layer)?);
            }
        }
    }
    Ok(all)
}

/// Runs work of the mechanism at this index.
fn work(
    number: usize,
    when: When,
    context: &mut StrategyContext<'_>,
    growing: &Growing,
) -> Result<Option<Done>, LearnError> {
    let (at, train_state, log) = context.parts();
    let TrainState {
        network,
        mechanisms,
        stats,
        ..
    } = train_state;
    let Some(work) = mechanisms.work(number, network, at, when)? else {
        return Ok(None);
    };
    let stats = stats.drain(network, log);
    if stats.updates == 0 && stats.multiply_adds > 0 {
        log.measurements += 1;
    }
    let mut progress = Progress::Measured;
    if stats.updates > 0 {
        for _ in 0..stats.updates {
            network.tick();
        }
        progress = Progress::Updated;
    }
    if stats.diverged {
        return Err(context.train_state.diverged(&context.config.optimizer));
    }
    let over = match work {
        Work::Done => true,
        Work::Again => false,
        Work::Apply(plan) => {
            let name = context.train_state.mechanisms.name(number);
            growing.apply_for(name, &plan, context)?;
            progress = Progress::Edited;
            false
        }
    };
    Ok(Some(Done { over, progress }))
}

/// The result of a call of a mechanism.
struct Done {
    over: bool,
    progress: Progress,
}

/// Lets the mechanism at this index begin an experience.
pub(crate) fn begin(
    number: usize,
    context: &mut StrategyContext<'_>,
    growing: &Growing,
) -> Result<Progress, LearnError> {
    boundary(
        number,
        When::Begin,
        TrainPhase::Begin,
        TrainPhase::Train,
        context,
        growing,
    )
}

/// Lets the mechanism at this index end an experience.
pub(crate) fn end(
    number: usize,
    context: &mut StrategyContext<'_>,
    growing: &Growing,
) -> Result<Progress, LearnError> {
    let then = TrainPhase::Ask(Hook::End);
    boundary(number, When::End, TrainPhase::End, then, context, growing)
}

fn boundary(
    number: usize,
    when: When,
    stage: fn(usize) -> TrainPhase,
    then: TrainPhase,
    context: &mut StrategyContext<'_>,
    growing: &Growing,
) -> Result<Progress, LearnError> {
    match work(number, when, context, growing)? {
        None => {
            *context.stage = then;
            Ok(Progress::Measured)
        }
        Some(done) => {
            *context.stage = stage(number + usize::from(done.over));
            Ok(done.progress)
        }
    }
}

/// Runs the turn of the first of these mechanisms.
pub(crate) fn turn(
    mut numbers: Vec<usize>,
    then: Box<TrainPhase>,
    context: &mut StrategyContext<'_>,
    growing: &Growing,
) -> Result<Progress, LearnError> {
    let Some(first) = numbers.first().copied() else {
        *context.stage = *then;
        return Ok(Progress::Measured);
    };
    let done = work(first, When::Turn, context, growing)?;
    if done.as_ref().is_none_or(|done| done.over) {
        numbers.remove(0);
    }
    *context.stage = if numbers.is_empty() {
        *then
    } else {
        TrainPhase::Turns(numbers, then)
    };
    Ok(done.map_or(Progress::Measured, |done| done.progress))
}
