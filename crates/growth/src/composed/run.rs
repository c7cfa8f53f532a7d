//! A composed strategy at work. What it is about between two calls lies in [`Stage`], so that a part may read the network at
//! any point, and a run may stop there.

use super::plans;
use super::replacing::{replaceable, replacements};
use super::{Composed, Plasticity, Pruning};
use crate::parts::{
    Answer, Answered, Dead, Factors, Grown, InitializerRun, ModulationRun, Place, PlacementRun, Question,
    Start, SurvivalRun, TriggerRun, Verdict, Young,
};
use crate::registered::GrowthRun;
use crate::strategy::{Action, Reason, StrategyError, View};
use dentate_core::{Graph, LayerId, Meter, MeterKind, Origin, Plan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Growths that are remembered.
const HISTORY: usize = 32;

/// What comes next at this occasion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Stage {
    /// A new look.
    #[default]
    Open,
    /// The meters are being read.
    Reading,
    Judging,
    /// Newborns take the places of those that have to go.
    Replacing {
        gone: Vec<Dead>,
        starts: Vec<Start>,
    },
    Pruning,
    Rating,
    Fading,
    Triggering,
    Placing {
        units: usize,
    },
    Starting {
        places: Vec<Place>,
        starts: Vec<Start>,
    },
    /// Everything has been done.
    Over,
}

/// Its state beside that of its parts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Standing {
    stage: Stage,
    /// The loss told at this look.
    loss: Option<f64>,
    factors: Factors,
    /// The fraction of a unit that is left over from earlier growths.
    left: f64,
    history: Vec<Grown>,
    /// When units were last pruned on schedule, and when rates were last set and weights last faded.
    pruned: u64,
    aged: u64,
}

/// State with that of the parts.
#[derive(Serialize, Deserialize)]
struct Saved {
    standing: Standing,
    trigger: Vec<u8>,
    placement: Vec<u8>,
    initializer: Vec<u8>,
    survival: Vec<u8>,
    modulation: Vec<u8>,
}

pub(super) struct ComposedRun {
    units: f64,
    max_units: usize,
    every: u64,
    meters: Vec<MeterKind>,
    /// Whether meters are read at every look, and not only where the survival rule judges.
    eager: bool,
    decay: f32,
    trigger: Box<dyn TriggerRun>,
    placement: Box<dyn PlacementRun>,
    initializer: Box<dyn InitializerRun>,
    survival: Box<dyn SurvivalRun>,
    modulation: Box<dyn ModulationRun>,
    plasticity: Option<Plasticity>,
    pruning: Option<Pruning>,
    standing: Standing,
}

impl ComposedRun {
    pub(super) fn new(config: &Composed) -> Self {
        Self {
            units: config.units as f64,
            max_units: config.max_units,
            every: config.every,
            meters: config.metered(),
            eager: !config.metered_at_every_look().is_empty(),
            decay: config.meter_decay,
            trigger: config.trigger.start(),
            placement: config.placement.start(),
            initializer: config.initializer.start(),
            survival: config.survival.start(),
            modulation: config.modulation.start(),
            plasticity: config.plasticity.clone(),
            pruning: config.pruning.clone(),
            standing: Standing::default(),
        }
    }

    /// Factors are worked out, and survival says whether it judges.
    fn open(&mut self, view: &View<'_>) -> Result<(), StrategyError> {
        let mut view = *view;
        view.loss = self.standing.loss;
        if let (Some(loss), Some(last)) = (view.loss, self.standing.history.last_mut()) {
            last.after.get_or_insert(loss);
        }
        let factors = self.modulation.factors(&view, &self.standing.history)?;
        let fine = |factor: f64| factor.is_finite() && factor >= 0.0;
        if !fine(factors.growth) || !fine(factors.survival) {
            let sentence =
                format!("its modulation says {factors:?}, but factors are finite and not negative");
            return Err(StrategyError::Unsuited(sentence));
        }
        self.standing.factors = factors;
        self.standing.stage = if self.survival.judges(&view, self.leniency()) {
            Stage::Judging
        } else {
            Stage::Pruning
        };
        Ok(())
    }

    /// What survival is scaled by; it divides by that.
    fn leniency(&self) -> f64 {
        self.standing.factors.survival.max(f64::MIN_POSITIVE)
    }

    /// Whether the meters have to be read for the survival rule alone.
    fn survival_reads(&self) -> bool {
        self.standing.stage == Stage::Judging && !self.meters.is_empty()
    }

    /// As many units as a demand comes to.
    fn amount(&mut self, demand: f64) -> usize {
        let wanted = self.units * demand.max(0.0) * self.standing.factors.growth + self.standing.left;
        let whole = if wanted.is_finite() {
            wanted.floor().min(super::MOST as f64)
        } else {
            0.0
        };
        self.standing.left = if wanted.is_finite() {
            (wanted - whole).min(1.0)
        } else {
            0.0
        };
        whole as usize
    }

    /// Places with as many units as a layer may still get.
    fn capped(&self, graph: &Graph, places: Vec<Place>) -> Vec<Place> {
        let mut left = BTreeMap::new();
        let mut allowed = Vec::new();
        for place in places {
            match place {
                Place::Wider { layer, .. } if !graph.resizable(layer) => {}
                Place::Wider { layer, units } => {
                    let room = left.entry(layer).or_insert_with(|| {
                        let width = graph.layer(layer).map_or(0, |l| l.width());
                        self.max_units.saturating_sub(width)
                    });
                    let units = units.min(*room);
                    *room -= units;
                    if units > 0 {
                        allowed.push(Place::Wider { layer, units });
                    }
                }
                Place::Deeper { connection } => {
                    let width = graph.connection(connection).and_then(|c| graph.layer(c.from));
                    if width.is_none_or(|l| l.width() <= self.max_units) {
                        allowed.push(place);
                    }
                }
            }
        }
        allowed
    }

    /// The plan of a growth, which is remembered.
    fn grow(&mut self, view: &View<'_>, places: &[Place], starts: Vec<Start>) -> Plan {
        let (plan, units) = plans::grown(view, places, starts);
        self.standing.history.push(Grown {
            step: view.moment.step,
            units,
            before: self.standing.loss,
            after: None,
        });
        if self.standing.history.len() > HISTORY {
            self.standing.history.remove(0);
        }
        plan
    }

    /// Living units that did not come with their layer.
    fn young(&self, view: &View<'_>) -> Vec<Young> {
        let layers = view.graph.hidden();
        layers
            .flat_map(|layer| {
                layer
                    .units
                    .iter()
                    .enumerate()
                    .filter(|(_, u)| u.origin != Origin::Initial)
                    .map(move |(position, unit)| Young {
                        layer: layer.id,
                        position,
                        unit: unit.id,
                        age: view.moment.step.saturating_sub(unit.born.step),
                    })
            })
            .collect()
    }

    /// Who is pruned by schedule; nobody when it is not time.
    fn prune(&mut self, view: &View<'_>) -> Answered<Vec<Dead>> {
        let last = self.standing.pruned;
        let Some(pruning) = self.pruning.as_ref().filter(|p| p.due(view, last)) else {
            return Ok(Answer::Is(Vec::new()));
        };
        let answer = pruning.judge(view)?;
        if matches!(answer, Answer::Is(_)) {
            self.standing.pruned = view.moment.step;
        }
        Ok(answer)
    }

    /// Plasticity, when it is time for it.
    fn ages(&self, view: &View<'_>) -> Option<&Plasticity> {
        let (now, last) = (view.moment.step, self.standing.aged);
        let due = |p: &&Plasticity| now == 0 || now >= last.saturating_add(p.every);
        self.plasticity.as_ref().filter(due)
    }

    /// Rates and decay are done with at this look.
    fn aged(&mut self, view: &View<'_>) {
        if self.ages(view).is_some() {
            self.standing.aged = view.moment.step;
        }
        self.standing.stage = Stage::Triggering;
    }

    fn hold(&mut self, reason: Reason) -> Action {
        self.standing.stage = Stage::Open;
        Action::Hold(reason)
    }
}

/// A part has to read the network first.
fn ask(Question { request, rows, route }: Question) -> Action {
    Action::Measure(request, rows, route)
}

impl GrowthRun for ComposedRun {
    fn name(&self) -> &'static str {
        "composed"
    }

    fn cadence(&self) -> Option<u64> {
        Some(self.every)
    }

    fn meters(&self, graph: &Graph) -> Vec<Meter> {
        let decay = self.decay;
        let of = |layer: LayerId| self.meters.iter().map(move |&of| Meter { layer, of, decay });
        graph.hidden().flat_map(|layer| of(layer.id)).collect()
    }

    fn propose(&mut self, view: &View<'_>) -> Result<Action, StrategyError> {
        if self.standing.stage == Stage::Open {
            self.standing.loss = view.loss;
            if self.eager {
                self.standing.stage = Stage::Reading;
                return Ok(Action::Read);
            }
            self.open(view)?;
            if self.survival_reads() {
                return Ok(Action::Read);
            }
        } else if self.standing.stage == Stage::Reading {
            self.open(view)?;
        }
        // An answer is for the part that asked; whoever comes after it in this call gets none.
        let mut measured = view.measured;
        loop {
            let mut view = *view;
            view.loss = self.standing.loss;
            view.measured = measured.take();
            match std::mem::take(&mut self.standing.stage) {
                Stage::Open | Stage::Reading => return Ok(self.hold(Reason::NotNow)),
                Stage::Over => match self.plasticity.as_ref().and_then(|p| p.rates(&view, false)) {
                    Some(plan) => {
                        // Still this look: what has just been born has its rates now, and nothing grows a second time.
                        self.standing.stage = Stage::Over;
                        return Ok(Action::Grow(plan));
                    }
                    None => return Ok(self.hold(Reason::NotNow)),
                },
                Stage::Judging => {
                    let young = self.young(&view);
                    match self.survival.judge(&view, &young, self.leniency())? {
                        Answer::Ask(question) => {
                            self.standing.stage = Stage::Judging;
                            return Ok(ask(question));
                        }
                        Answer::Is(dead) if self.survival.replaces() => {
                            let gone = replaceable(view.graph, dead);
                            let starts = Vec::new();
                            self.standing.stage = Stage::Replacing { gone, starts };
                        }
                        Answer::Is(dead) => {
                            self.standing.stage = Stage::Pruning;
                            if let Some(plan) = plans::pruned(&view, dead, "not-survived") {
                                return Ok(Action::Grow(plan));
                            }
                        }
                    }
                }
                Stage::Replacing { gone, mut starts } => match gone.get(starts.len()) {
                    None => {
                        self.standing.stage = Stage::Pruning;
                        let requests = replacements(&view, gone, starts)?;
                        if !requests.is_empty() {
                            return Ok(Action::Replace(requests));
                        }
                    }
                    Some(Dead { layer, units, .. }) => {
                        let answer = self.start(&view, *layer, units.len())?;
                        if let Answer::Is(start) = &answer {
                            starts.push(start.clone());
                        }
                        self.standing.stage = Stage::Replacing { gone, starts };
                        if let Answer::Ask(question) = answer {
                            return Ok(ask(question));
                        }
                    }
                },
                Stage::Pruning => match self.prune(&view)? {
                    Answer::Ask(question) => {
                        self.standing.stage = Stage::Pruning;
                        return Ok(ask(question));
                    }
                    Answer::Is(dead) => {
                        self.standing.stage = Stage::Rating;
                        if let Some(plan) = plans::pruned(&view, dead, "pruned") {
                            return Ok(Action::Grow(plan));
                        }
                    }
                },
                Stage::Rating => {
                    let due = self.ages(&view).filter(|p| p.decay > 0.0).is_some();
                    let plan = self.ages(&view).and_then(|p| p.rates(&view, true));
                    if due {
                        self.standing.stage = Stage::Fading;
                    } else {
                        self.aged(&view);
                    }
                    if let Some(plan) = plan {
                        return Ok(Action::Grow(plan));
                    }
                }
                Stage::Fading => {
                    let since = self.standing.aged;
                    let fades = self.plasticity.as_ref().map(|p| p.fade(&view, since));
                    match fades.unwrap_or(Ok(Answer::Is(None)))? {
                        Answer::Ask(question) => {
                            self.standing.stage = Stage::Fading;
                            return Ok(ask(question));
                        }
                        Answer::Is(plan) => {
                            self.aged(&view);
                            if let Some(plan) = plan {
                                return Ok(Action::Grow(plan));
                            }
                        }
                    }
                }
                Stage::Triggering => match self.trigger.fires(&view)? {
                    Answer::Ask(question) => {
                        self.standing.stage = Stage::Triggering;
                        return Ok(ask(question));
                    }
                    Answer::Is(Verdict::Rest(reason)) => return Ok(self.hold(reason)),
                    Answer::Is(Verdict::Grow(demand)) => match self.amount(demand) {
                        0 => return Ok(self.hold(Reason::Waiting)),
                        units => self.standing.stage = Stage::Placing { units },
                    },
                },
                Stage::Placing { units } => match self.placement.place(&view, units)? {
                    Answer::Ask(question) => {
                        self.standing.stage = Stage::Placing { units };
                        return Ok(ask(question));
                    }
                    Answer::Is(places) => {
                        let places = self.capped(view.graph, places);
                        if places.is_empty() {
                            return Ok(self.hold(Reason::Cap));
                        }
                        let starts = Vec::new();
                        self.standing.stage = Stage::Starting { places, starts };
                    }
                },
                Stage::Starting { places, mut starts } => {
                    let wider = |place: &Place| match *place {
                        Place::Wider { layer, units } => Some((layer, units)),
                        Place::Deeper { .. } => None,
                    };
                    match places.iter().filter_map(wider).nth(starts.len()) {
                        None => {
                            self.standing.stage = Stage::Over;
                            return Ok(Action::Grow(self.grow(&view, &places, starts)));
                        }
                        Some((layer, units)) => {
                            let answer = self.start(&view, layer, units)?;
                            if let Answer::Is(start) = &answer {
                                starts.push(start.clone());
                            }
                            self.standing.stage = Stage::Starting { places, starts };
                            if let Answer::Ask(question) = answer {
                                return Ok(ask(question));
                            }
                        }
                    }
                }
            }
        }
    }

    fn save(&self) -> Result<Vec<u8>, StrategyError> {
        let saved = Saved {
            standing: self.standing.clone(),
            trigger: self.trigger.save()?,
            placement: self.placement.save()?,
            initializer: self.initializer.save()?,
            survival: self.survival.save()?,
            modulation: self.modulation.save()?,
        };
        rmp_serde::to_vec_named(&saved).map_err(|e| StrategyError::State(e.to_string()))
    }

    fn load(&mut self, state: &[u8]) -> Result<(), StrategyError> {
        let saved: Saved = rmp_serde::from_slice(state).map_err(|e| StrategyError::State(e.to_string()))?;
        self.trigger.load(&saved.trigger)?;
        self.placement.load(&saved.placement)?;
        self.initializer.load(&saved.initializer)?;
        self.survival.load(&saved.survival)?;
        self.modulation.load(&saved.modulation)?;
        self.standing = saved.standing;
        Ok(())
    }
}

impl ComposedRun {
    /// How the newborns of a layer start; copies have to be as many as units are wanted.
    fn start(&mut self, view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start> {
        let answer = self.initializer.initialize(view, layer, units)?;
        match &answer {
            Answer::Is(Start::Copies { of, .. }) if of.len() != units => {
                let copies = of.len();
                let sentence = format!("its initializer copies {copies} units where {units} were asked for");
                Err(StrategyError::Unsuited(sentence))
            }
            _ => Ok(answer),
        }
    }
}
