//! The mechanisms of a method, in order, each with its slots and seeds.

use super::batch::Batch;
use super::context::{At, Context, Seat};
use super::door::{MechanismRun, MechanismSpec};
use super::lens::{Lens, Sight};
use super::needs::{Needs, Views};
use super::spec::{Holds, Query, Then, Update, Work};
use dentate_core::{
    ConfigError, GrowingNetwork, LearnError, Penalty, Receipt, Seed, Slot, SlotKind, StateError,
};
use ndarray::Array2;
use std::collections::{BTreeMap, BTreeSet};

/// The first slot of a kind available to mechanisms; those before belong to the network.
fn first(kind: SlotKind) -> u8 {
    match kind {
        SlotKind::Weight | SlotKind::FirstMoment | SlotKind::SecondMoment | SlotKind::Statistic => 1,
        SlotKind::Anchor | SlotKind::Importance | SlotKind::Mask => 0,
    }
}

/// The maximum number of slots of a kind.
const MOST: usize = 200;

/// Refuses a list that needs more slots than there are, or in which two mechanisms need something that is available once.
pub(crate) fn check(list: &[Box<dyn MechanismSpec>]) -> Result<(), ConfigError> {
    let mut wanted: BTreeMap<SlotKind, usize> = BTreeMap::new();
    for (kind, _) in list.iter().flat_map(|spec| spec.start().needs().slots) {
        *wanted.entry(kind).or_default() += 1;
    }
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for spec in list {
        let name = spec.typetag_name();
        twice(name, &spec.start().needs())?;
        let once = spec.start().needs().once();
        for (what, _) in once.into_iter().filter(|(_, wanted)| *wanted) {
            if let Some(first) = taken.insert(what, name) {
                let both = format!("a list with {what} of `{first}` and `{name}`");
                return Err(ConfigError::new(
                    "mechanisms",
                    both,
                    "one with at most one such mechanism",
                ));
            }
        }
    }
    held(list)?;
    unchanged(list)?;
    match wanted.into_iter().find(|(_, n)| *n > MOST) {
        None => Ok(()),
        Some((kind, n)) => {
            let wanted = format!("a list that needs at most {MOST} slots of a kind");
            let value = format!("a list that needs {n} of {}", kind.name());
            Err(ConfigError::new("mechanisms", value, wanted))
        }
    }
}

/// Refuses a mechanism that declares two slots of one name, of which it could ask for the first only.
fn twice(name: &str, needs: &Needs) -> Result<(), ConfigError> {
    let mut own = BTreeSet::new();
    match needs.slots.iter().find(|(_, slot)| !own.insert(*slot)) {
        None => Ok(()),
        Some((_, slot)) => Err(ConfigError::new(
            "mechanisms",
            format!("a list in which `{name}` declares the slot `{slot}` twice"),
            "one whose mechanisms give each of their slots a name of its own",
        )),
    }
}

/// Refuses a list in which one mechanism keeps updates back and another writes weights beside updates.
fn held(list: &[Box<dyn MechanismSpec>]) -> Result<(), ConfigError> {
    let name = |what: fn(&Needs) -> bool| {
        let mut all = list.iter().filter(move |spec| what(&spec.start().needs()));
        all.next().map(|spec| spec.typetag_name())
    };
    match (name(|needs| needs.views.keep), name(|needs| needs.rewrites)) {
        (Some(keeps), Some(writes)) => Err(ConfigError::new(
            "mechanisms",
            format!("a list in which `{keeps}` keeps weights from moving and `{writes}` writes weights"),
            "one with only one of the two",
        )),
        _ => Ok(()),
    }
}

/// Refuses a list in which one mechanism changes the network in a way that another does not support.
fn unchanged(list: &[Box<dyn MechanismSpec>]) -> Result<(), ConfigError> {
    for (i, grows) in list.iter().enumerate() {
        let changes = grows.start().needs().changes;
        for (_, other) in list.iter().enumerate().filter(|(j, _)| *j != i) {
            let forbids = other.start().needs().forbids;
            if let Some(doing) = changes.iter().find(|doing| forbids.contains(doing)) {
                let (grows, other) = (grows.typetag_name(), other.typetag_name());
                return Err(ConfigError::new(
                    "mechanisms",
                    format!("a list in which `{grows}` {doing} and `{other}` does not support that"),
                    "one with only one of the two",
                ));
            }
        }
    }
    Ok(())
}

/// A running mechanism with its resources.
struct Attached {
    run: Box<dyn MechanismRun>,
    seat: Seat,
    gradient: bool,
    outputs: bool,
    views: Views,
    answers: bool,
}

/// The mechanisms of a method.
#[derive(Default)]
pub(crate) struct Mechanisms {
    attached: Vec<Attached>,
    /// The penalties of the last update, with the names of their mechanisms.
    held: Vec<(&'static str, Penalty)>,
}

impl Mechanisms {
    /// Starts all mechanisms of a list with fresh states. `seed` is the learner's.
    pub(crate) fn start(list: &[Box<dyn MechanismSpec>], seed: Seed) -> Self {
        let mut next: BTreeMap<SlotKind, u8> = BTreeMap::new();
        let mut named: BTreeMap<&str, usize> = BTreeMap::new();
        let attached = list.iter().map(|spec| {
            let run = spec.start();
            let Needs {
                slots,
                gradient,
                outputs,
                views,
                answers,
                rewrites: _,
                changes: _,
                forbids: _,
            } = run.needs();
            let name = spec.typetag_name();
            let earlier = named.entry(name).or_default();
            let slots = slots.into_iter().map(|(kind, own)| {
                let index = next.entry(kind).or_insert_with(|| first(kind));
                let slot = Slot::new(kind, *index);
                *index = index.saturating_add(1);
                (own, slot)
            });
            let seat = Seat {
                name,
                slots: slots.collect(),
                learner: seed,
                earlier: *earlier,
            };
            *earlier += 1;
            Attached {
                run,
                seat,
                gradient,
                outputs,
                views,
                answers,
            }
        });
        Self {
            attached: attached.collect(),
            held: Vec::new(),
        }
    }

    /// Returns whether any mechanism needs an update's gradient.
    pub(crate) fn split(&self) -> bool {
        self.attached.iter().any(|one| one.gradient)
    }

    /// The data that all mechanisms hold together beside their slots.
    pub(crate) fn holds(&self) -> Holds {
        let each = self.attached.iter().map(|one| one.run.holds());
        each.fold(Holds::default(), |sum, own| Holds {
            rows: sum.rows + own.rows,
            payload: sum.payload + own.payload,
        })
    }

    /// Returns whether any mechanism needs the outputs of an update's own pass.
    pub(crate) fn wants_outputs(&self) -> bool {
        self.attached.iter().any(|one| one.outputs)
    }

    /// The combined view of the network for a pass.
    pub(crate) fn view(
        &mut self,
        network: &mut GrowingNetwork,
        at: At<'_>,
        sight: Sight,
    ) -> Result<Lens, LearnError> {
        let mut lens = Lens::default();
        for one in self.attached.iter_mut().filter(|one| one.views.any()) {
            let Attached { run, seat, views, .. } = one;
            let mut cx = Context { network, at, seat };
            let own = run.view(&mut cx, sight)?;
            if !own.within(*views) {
                return Err(cx.failed("its view changes what `needs` does not declare".into()));
            }
            lens = lens.and(own);
        }
        Ok(lens)
    }

    /// Lets a mechanism that answers in place of the heads change their scores.
    pub(crate) fn scores(
        &mut self,
        network: &mut GrowingNetwork,
        at: At<'_>,
        query: &Query<'_>,
        scores: &mut Array2<f32>,
    ) -> Result<(), LearnError> {
        for Attached { run, seat, .. } in self.attached.iter_mut().filter(|one| one.answers) {
            run.scores(&mut Context { network, at, seat }, query, scores)?;
        }
        Ok(())
    }

    /// Returns whether a mechanism answers in place of the heads.
    pub(crate) fn answers(&self) -> bool {
        self.attached.iter().any(|one| one.answers)
    }

    pub(crate) fn compose(
        &mut self,
        network: &mut GrowingNetwork,
        at: At<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        self.held.clear();
        for Attached { run, seat, .. } in &mut self.attached {
            let earlier = batch.penalties().len();
            batch.belongs_to(seat.name);
            run.compose(&mut Context { network, at, seat }, batch)?;
            let own = batch.penalties().iter().skip(earlier);
            for penalty in own {
                if !(penalty.strength.is_finite() && penalty.strength >= 0.0) {
                    let message = format!("it adds a penalty of strength {}", penalty.strength);
                    let mechanism = seat.name.into();
                    return Err(LearnError::Mechanism { mechanism, message });
                }
                self.held.push((seat.name, *penalty));
            }
        }
        Ok(())
    }

    /// The penalties of the last update, with the names of their mechanisms.
    pub(crate) fn held(&self) -> &[(&'static str, Penalty)] {
        &self.held
    }

    pub(crate) fn before(
        &mut self,
        network: &mut GrowingNetwork,
        at: At<'_>,
        update: &Update<'_>,
    ) -> Result<(), LearnError> {
        self.each(network, at, |run, cx| run.before(cx, update))
    }

    pub(crate) fn gradient(&mut self, network: &mut GrowingNetwork, at: At<'_>) -> Result<(), LearnError> {
        let wants: Vec<bool> = self.attached.iter().map(|one| one.gradient).collect();
        let mut wants = wants.into_iter();
        self.each(network, at, |run, cx| {
            if wants.next().unwrap_or(false) {
                run.gradient(cx, Slot::GRADIENT)
            } else {
                Ok(())
            }
        })
    }

    /// Calls the hook after an update; returns the indices of the mechanisms that request a turn.
    pub(crate) fn updated(
        &mut self,
        network: &mut GrowingNetwork,
        at: At<'_>,
        update: &Update<'_>,
    ) -> Result<Vec<usize>, LearnError> {
        let (mut turns, mut i) = (Vec::new(), 0);
        self.each(network, at, |run, cx| {
            if run.updated(cx, update)? == Then::Turn {
                turns.push(i);
            }
            i += 1;
            Ok(())
        })?;
        Ok(turns)
    }

    pub(crate) fn grown(
        &mut self,
        network: &mut GrowingNetwork,
        at: At<'_>,
        receipt: &Receipt,
    ) -> Result<(), LearnError> {
        self.each(network, at, |run, cx| run.grown(cx, receipt))
    }

    /// Calls the work of the mechanism at this index, at a boundary or on its turn; `None` past the last.
    pub(crate) fn work(
        &mut self,
        number: usize,
        network: &mut GrowingNetwork,
        at: At<'_>,
        when: When,
    ) -> Result<Option<Work>, LearnError> {
        let Some(one) = self.attached.get_mut(number) else {
            return Ok(None);
        };
        let seat = &one.seat;
        let mut cx = Context { network, at, seat };
        let work = match when {
            When::Begin => one.run.begin(&mut cx),
            When::Turn => one.run.turn(&mut cx),
            When::End => one.run.end(&mut cx),
        };
        work.map(Some)
    }

    /// The registered name of the mechanism at this index.
    pub(crate) fn name(&self, number: usize) -> &'static str {
        self.attached.get(number).map_or("mechanism", |one| one.seat.name)
    }

    fn each(
        &mut self,
        network: &mut GrowingNetwork,
        at: At<'_>,
        mut call: impl FnMut(&mut dyn MechanismRun, &mut Context<'_>) -> Result<(), LearnError>,
    ) -> Result<(), LearnError> {
        for Attached { run, seat, .. } in &mut self.attached {
            let mut cx = Context { network, at, seat };
            call(run.as_mut(), &mut cx)?;
        }
        Ok(())
    }

    /// The states of the mechanisms, and the penalties of the last update: a loss that is found not to be finite after loading is
    /// explained by them.
    pub(crate) fn save(&self) -> Result<Vec<Vec<u8>>, StateError> {
        let place = |name: &str| self.attached.iter().position(|one| one.seat.name == name);
        let held = self.held.iter();
        let held: Vec<(usize, Penalty)> = held.filter_map(|(name, p)| Some((place(name)?, *p))).collect();
        let held = dentate_core::state::to_bytes(&held);
        let states = self.attached.iter().map(|one| one.run.save());
        states.chain([held]).collect()
    }

    pub(crate) fn load(&mut self, saved: &[Vec<u8>]) -> Result<(), LearnError> {
        let number = saved.len().saturating_sub(1);
        let Some((held, saved)) = saved.split_last().filter(|_| number == self.attached.len()) else {
            return Err(LearnError::State(format!(
                "it has states of {number} mechanisms, and the method has {}",
                self.attached.len()
            )));
        };
        let held: Vec<(usize, Penalty)> = dentate_core::state::from_bytes(held)?;
        let held = held.into_iter();
        let named = held.filter_map(|(at, penalty)| Some((self.attached.get(at)?.seat.name, penalty)));
        self.held = named.collect();
        for (one, saved) in self.attached.iter_mut().zip(saved) {
            one.run.load(saved)?;
        }
        Ok(())
    }
}

/// The occasion of a mechanism's own work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Begin,
    Turn,
    End,
}
