//! A running composed strategy. Its state between two calls is kept in [`CheckPhase`], so that a part may measure the
//! network at any point, and a run may be interrupted there.

use super::{Composed, Plasticity, Pruning};
use crate::parts::{InitializerRun, ModulationRun, PlacementRun, Question, SurvivalRun, TriggerRun};
use crate::registered::GrowthRun;
use crate::strategy::{Action, Reason, StrategyError, View};
use dentate_core::{Graph, LayerId, Meter, MeterKind};

mod ageing;
mod growing;
mod leaving;
mod opening;
mod phase;
mod saving;

use phase::{CheckPhase, ComposedState};

/// The result of a phase: an action, or `None` if the next phase follows in the same call.
type Turn = Result<Option<Action>, StrategyError>;

pub(super) struct ComposedRun {
    units: f64,
    max_units: usize,
    every: u64,
    meters: Vec<MeterKind>,
    /// True if meters are read at every check, and not only where the survival rule evaluates units.
    eager: bool,
    decay: f32,
    trigger: Box<dyn TriggerRun>,
    placement: Box<dyn PlacementRun>,
    initializer: Box<dyn InitializerRun>,
    survival: Box<dyn SurvivalRun>,
    modulation: Box<dyn ModulationRun>,
    plasticity: Option<Plasticity>,
    pruning: Option<Pruning>,
    state: ComposedState,
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
            state: ComposedState::default(),
        }
    }

    fn hold(&mut self, reason: Reason) -> Action {
        self.state.phase = CheckPhase::Open;
        Action::Hold(reason)
    }
}

/// Turns a part's question into a measurement.
fn ask(question: Question) -> Action {
    match question {
        Question::Measure {
            requests,
            rows,
            route,
        } => Action::Measure(requests, rows, route),
        Question::Try { plans, rows } => Action::Try(plans, rows),
    }
}

impl GrowthRun for ComposedRun {
    fn cadence(&self) -> Option<u64> {
        Some(self.every)
    }

    fn meters(&self, graph: &Graph) -> Vec<Meter> {
        let decay = self.decay;
        let of = |layer: LayerId| self.meters.iter().map(move |&of| Meter { layer, of, decay });
        graph.hidden().flat_map(|layer| of(layer.id)).collect()
    }

    fn propose(&mut self, view: &View<'_>) -> Result<Action, StrategyError> {
        if self.state.phase == CheckPhase::Open {
            self.state.loss = view.loss;
            if self.eager {
                self.state.phase = CheckPhase::Reading;
                return Ok(Action::Read);
            }
            self.open(view)?;
            if self.survival_reads() {
                return Ok(Action::Read);
            }
        } else if self.state.phase == CheckPhase::Reading {
            self.open(view)?;
        }
        // A measurement is passed only to the part that requested it; later parts in this call get none.
        let mut measured = view.measured;
        loop {
            let mut view = *view;
            view.loss = self.state.loss;
            view.measured = measured.take();
            let action = match std::mem::take(&mut self.state.phase) {
                CheckPhase::Open | CheckPhase::Reading => Some(self.hold(Reason::NotNow)),
                CheckPhase::Evaluating => self.evaluating(&view)?,
                CheckPhase::Replacing { gone, starts } => self.replacing(&view, gone, starts)?,
                CheckPhase::Pruning => self.pruning(&view)?,
                CheckPhase::Rating => self.rating(&view),
                CheckPhase::Fading => self.fading(&view)?,
                CheckPhase::Triggering => self.triggering(&view)?,
                CheckPhase::Placing { units } => self.placing(&view, units)?,
                CheckPhase::Starting { places, starts } => self.starting(&view, places, starts)?,
                CheckPhase::Over => Some(self.over(&view)),
            };
            if let Some(action) = action {
                return Ok(action);
            }
        }
    }
}
