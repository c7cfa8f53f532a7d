//! Updates on rows of the experience, with what mechanisms make of them, and the turns that mechanisms take at boundaries and between
//! two updates.

use crate::alone;
use crate::course::Stage;
use crate::desk::Desk;
use crate::growing::Growing;
use crate::mechanism::{Assembled, Batch, Mechanisms, Pass, Update, When, Work};
use crate::trainee::Trainee;
use dentate_core::{
    GrowingNetwork, LayerId, LearnError, Losses, Objective, Progress, Purpose, Route, Rows, Slot,
};
use dentate_growth::Occasion;
use ndarray::Array2;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// One update, or what comes behind the last.
pub(crate) fn train(desk: &mut Desk<'_>, growing: &Growing) -> Result<Progress, LearnError> {
    let (batch, budget) = (desk.config.batch, desk.config.budget);
    let graph = desk.trainee.network.graph();
    let Some(rows) = desk.within.next_rows(desk.source, graph, batch, budget)? else {
        desk.trainee.books.note_loss(desk.ledger);
        desk.trainee.books.note_hits(desk.ledger);
        // The loss of an update is worked out before its step, so what the last one did shows in no loss.
        if !desk.trainee.network.is_finite()? {
            return Err(desk.trainee.diverged(&desk.config.optimizer));
        }
        *desk.stage = Stage::End(0);
        return Ok(Progress::Measured);
    };
    let turns = update(desk, &rows)?;
    desk.within.count();
    if Losses::due(desk.trainee.network.clock().step) {
        desk.trainee.books.note_loss(desk.ledger);
    }
    if desk.within.asks(growing.cadence()) {
        *desk.stage = Stage::Ask(Occasion::Update);
    }
    if !turns.is_empty() {
        *desk.stage = Stage::Turns(turns, Box::new(desk.stage.clone()));
    }
    Ok(Progress::Updated)
}

/// One update towards what the learner trains for, with what mechanisms add to it; the numbers of those that want a turn.
fn update(desk: &mut Desk<'_>, rows: &Rows) -> Result<Vec<usize>, LearnError> {
    let mut route = Route::default();
    let keep = desk.seen(Pass::Train, &mut route)?;
    let optimizer = &desk.config.optimizer;
    let (at, trainee, ledger) = desk.parts();
    let Trainee {
        network, mechanisms, ..
    } = &mut *trainee;
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
    if mechanisms.split() {
        network.gradient(rows, route, &objective, Slot::GRADIENT, Purpose::Update)?;
        // Looks of mechanisms would take them away.
        outputs = outputs_of(network, mechanisms, &objective)?;
        mechanisms.gradient(network, at)?;
        network.update(Slot::GRADIENT, optimizer, objective.keep)?;
    } else {
        network.step(rows, route, &objective, optimizer)?;
        outputs = outputs_of(network, mechanisms, &objective)?;
    }
    network.tick();
    trainee.book(optimizer, ledger)?;
    let made = Update {
        rows,
        route,
        objective: &objective,
        outputs: &outputs,
    };
    trainee.mechanisms.updated(&mut trainee.network, at, &made)
}

/// Outputs of the layers that are judged in the update's own pass, if anybody wants them.
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

/// Work of the mechanism with this number.
fn work(
    number: usize,
    when: When,
    desk: &mut Desk<'_>,
    growing: &Growing,
) -> Result<Option<Done>, LearnError> {
    let (at, trainee, ledger) = desk.parts();
    let Trainee {
        network,
        mechanisms,
        books,
        ..
    } = trainee;
    let Some(work) = mechanisms.work(number, network, at, when)? else {
        return Ok(None);
    };
    let stats = books.drain(network, ledger);
    if stats.updates == 0 && stats.multiply_adds > 0 {
        ledger.measurements += 1;
    }
    let mut progress = Progress::Measured;
    if stats.updates > 0 {
        for _ in 0..stats.updates {
            network.tick();
        }
        progress = Progress::Updated;
    }
    if stats.diverged {
        return Err(desk.trainee.diverged(&desk.config.optimizer));
    }
    let over = match work {
        Work::Done => true,
        Work::Again => false,
        Work::Apply(plan) => {
            let name = desk.trainee.mechanisms.name(number);
            growing.apply_for(name, &plan, desk)?;
            progress = Progress::Edited;
            false
        }
    };
    Ok(Some(Done { over, progress }))
}

/// What a call of a mechanism was.
struct Done {
    over: bool,
    progress: Progress,
}

/// The mechanism with this number begins an experience.
pub(crate) fn begin(number: usize, desk: &mut Desk<'_>, growing: &Growing) -> Result<Progress, LearnError> {
    boundary(number, When::Begin, Stage::Begin, Stage::Train, desk, growing)
}

/// The mechanism with this number looks back at one.
pub(crate) fn end(number: usize, desk: &mut Desk<'_>, growing: &Growing) -> Result<Progress, LearnError> {
    let then = Stage::Ask(Occasion::End);
    boundary(number, When::End, Stage::End, then, desk, growing)
}

fn boundary(
    number: usize,
    when: When,
    stage: fn(usize) -> Stage,
    then: Stage,
    desk: &mut Desk<'_>,
    growing: &Growing,
) -> Result<Progress, LearnError> {
    match work(number, when, desk, growing)? {
        None => {
            *desk.stage = then;
            Ok(Progress::Measured)
        }
        Some(done) => {
            *desk.stage = stage(number + usize::from(done.over));
            Ok(done.progress)
        }
    }
}

/// The first of these mechanisms has its turn.
pub(crate) fn turn(
    mut numbers: Vec<usize>,
    then: Box<Stage>,
    desk: &mut Desk<'_>,
    growing: &Growing,
) -> Result<Progress, LearnError> {
    let Some(first) = numbers.first().copied() else {
        *desk.stage = *then;
        return Ok(Progress::Measured);
    };
    let done = work(first, When::Turn, desk, growing)?;
    if done.as_ref().is_none_or(|done| done.over) {
        numbers.remove(0);
    }
    *desk.stage = if numbers.is_empty() {
        *then
    } else {
        Stage::Turns(numbers, then)
    };
    Ok(done.map_or(Progress::Measured, |done| done.progress))
}
