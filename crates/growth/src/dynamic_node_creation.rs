//! Dynamic node creation: adds a hidden unit when the error has stopped falling.
//!
//! Ash, T. (1989). Dynamic node creation in backpropagation networks. *Connection Science* 1(4), 365–375.
//!
//! With a_t the mean squared error per output at point t and t₀ the point of the last addition, one unit is added when
//!
//! ```text
//! |a_t − a_{t−w}| / a_{t₀} < Δ_T   and   t − w ≥ t₀,
//! ```
//!
//! and growth stops once `a_t ≤ C_a` and the largest squared error `m_t ≤ C_m`. Nothing is frozen.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `slope` | Δ_T, dimensionless | 0.05 (commonly quoted; not checked against the paper) |
//! | `window` | w, in updates | 1000 (likewise, in epochs of the whole table: one update each) |
//! | `interval` | updates between two points; a point is the mean loss over them | 50 |
//! | `mean_error` | C_a | 0.001 |
//! | `largest_error` | C_m | 0.01 |
//! | `max_units` | width of the layer at which growth stops | 256 |
//! | `layer` | the layer that grows | the last hidden layer |
//! | `weights` | initialisation of a new unit's weights | uniform in ±0.5 |
//!
//! **Departures.** a_t is the mean over the last `interval` updates, so that noise of mini-batches does not trigger growth.
//! On a classification stream a_t is the training loss (cross-entropy), C_m does not apply and meeting C_a stops growth but
//! not training; the same holds for regression on a single-pass stream, since C_m needs all rows. The history is reset at
//! each experience, since the loss jumps there.
//!
//! **Preserves** every old weight; the function changes by the new unit's output.

use crate::change::Change;
use crate::law::Law;
use crate::prospect::{CheckPeriod, Checks, Prospect};
use crate::strategy::{Action, GrowthStrategy, Hook, Reason, Select, StopReason, StrategyError, View};
use dentate_core::{Access, ConfigError, Init, Layer, Observation, Request, Route, TargetKind, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Configuration of dynamic node creation; see [the module](self) for equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DynamicNodeCreation {
    /// Δ_T: a unit is added when the relative fall over the window is below this.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub slope: f64,
    /// w, in updates.
    #[schemars(range(min = 1))]
    pub window: u64,
    /// Updates between two points of the error curve.
    #[schemars(range(min = 1))]
    pub interval: u64,
    /// C_a: mean error at which growth may stop.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub mean_error: f64,
    /// C_m: largest squared error at which growth stops (real targets only).
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub largest_error: f64,
    /// Width of the layer at which growth stops.
    #[schemars(range(min = 1))]
    pub max_units: usize,
    /// Name of the layer that grows; the last hidden layer when absent.
    pub layer: Option<String>,
    /// Initialisation of a new unit's weights.
    pub weights: Init,
}

impl Default for DynamicNodeCreation {
    fn default() -> Self {
        Self {
            slope: 0.05,
            window: 1000,
            interval: 50,
            mean_error: 0.001,
            largest_error: 0.01,
            max_units: 256,
            layer: None,
            weights: Init::Uniform(0.5),
        }
    }
}

/// The error curve of the current experience.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// a_t by point.
    errors: Vec<f64>,
    /// t₀: the first point after the last addition.
    last_addition: usize,
    /// True if growth has stopped in this experience.
    done: bool,
}

impl DynamicNodeCreation {
    /// The relative fall of the error up to the last point of the curve; `None` while the window is not full.
    fn fall(&self, curve: &Curve) -> Option<f64> {
        let window = (self.window / self.interval) as usize;
        let t = curve.errors.len().checked_sub(1)?;
        let before = t
            .checked_sub(window)
            .filter(|&before| before >= curve.last_addition)?;
        let reference = curve.errors[curve.last_addition];
        Some((curve.errors[t] - curve.errors[before]).abs() / reference.max(f64::MIN_POSITIVE))
    }

    fn target<'a>(&self, view: &View<'a>) -> Result<&'a Layer, StrategyError> {
        let found = match &self.layer {
            Some(name) => view.graph.named(name),
            None => view.graph.hidden().next_back(),
        };
        let name = self
            .layer
            .as_ref()
            .map_or("hidden layer".into(), |name| format!("layer called `{name}`"));
        found.ok_or(StrategyError::Missing(name))
    }

    fn decide(&self, curve: &mut Curve, view: &View<'_>) -> Result<Action, StrategyError> {
        let layer = self.target(view)?;
        let stop = |curve: &mut Curve, reason| {
            curve.done = true;
            Ok(Action::Done(reason))
        };
        match self.fall(curve) {
            _ if layer.width() >= self.max_units => stop(curve, StopReason::Cap),
            None => Ok(Action::Hold(Reason::Waiting)),
            Some(fall) if fall >= self.slope => Ok(Action::Hold(Reason::Improving)),
            Some(fall) => {
                let mut plan = view.plan("add-unit");
                plan.because(Observation::new("relative fall of the error", fall));
                plan.widen(layer.id, 1, self.weights, self.weights);
                curve.last_addition = curve.errors.len();
                Ok(Action::Grow(plan.finish()))
            }
        }
    }
}

impl GrowthStrategy for DynamicNodeCreation {
    type State = Curve;

    fn check(&self) -> Result<(), ConfigError> {
        if self.window < self.interval {
            return Err(ConfigError::new("window", self.window, "at least `interval`"));
        }
        Ok(())
    }

    fn changes(&self) -> BTreeSet<Change> {
        [Change::Widen].into()
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let layer = run.hidden_layer("layer", self.layer.as_deref())?;
        if let (Some(layer), Some(graph)) = (layer, run.graph) {
            if !graph.resizable(layer.id) {
                let reason =
                    "a convolution in groups holds its width, and it could never grow: name another layer";
                return Err(Unsuited::new("layer", format!("`{}`", layer.name), reason));
            }
            let width = layer.width();
            if width >= self.max_units {
                let reason = format!(
                    "`{}` starts with {width} units and could never grow: allow more than {width}, or start with fewer",
                    layer.name
                );
                return Err(Unsuited::new("max_units", self.max_units, reason));
            }
        }
        let needed = (self.window / self.interval.max(1)).saturating_add(1);
        // The window holds whole intervals, and at least one.
        let largest = |checks: Checks| match checks.count {
            0 | 1 => 0,
            count => count * checks.every - 1,
        };
        run.needs_checks("window", self.window, needed, CheckPeriod::OneExperience, largest)
    }

    fn cadence(&self) -> Option<u64> {
        Some(self.interval)
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::AtMost(self.max_units)]
    }

    fn propose(&self, curve: &mut Curve, view: &View<'_>) -> Result<Action, StrategyError> {
        if view.hook == Hook::Begin {
            *curve = Curve::default();
            return Ok(Action::Hold(Reason::NotNow));
        }
        if view.hook == Hook::End || curve.done {
            return Ok(Action::Hold(Reason::NotNow));
        }
        // The largest single error can be measured only if rows may be revisited.
        let experience = view.experience;
        let asks =
            matches!(experience.target, TargetKind::Values(_)) && experience.access == Access::Revisitable;
        if let Some(measured) = view.measured {
            // The measurement requested below: is every single error small enough?
            let largest = measured.arrays.iter().flatten().fold(0.0, |m: f32, &e| m.max(e));
            if f64::from(largest) <= self.largest_error {
                curve.done = true;
                return Ok(Action::Done(StopReason::Solved));
            }
            return self.decide(curve, view);
        }
        // Called again after its own growth: there was no update since, so there is no new point.
        let Some(error) = view.loss else {
            return Ok(Action::Hold(Reason::Waiting));
        };
        curve.errors.push(error);
        if error <= self.mean_error {
            if !asks {
                curve.done = true;
                return Ok(Action::Done(StopReason::Satisfied));
            }
            let head = view
                .graph
                .heads()
                .next()
                .ok_or(StrategyError::Missing("head".into()))?
                .0
                .id;
            return Ok(Action::Measure(
                vec![Request::SquaredErrors(head)],
                Select::Experience,
                Route::default(),
            ));
        }
        self.decide(curve, view)
    }
}

crate::register!(
    strategy,
    DynamicNodeCreation,
    "dynamic-node-creation",
    summary = "Adds a hidden unit whenever the training error has stopped falling.",
    citation = "Ash 1989, Connection Science 1(4), 365-375",
    source = include_str!("dynamic_node_creation.rs"),
);

#[cfg(test)]
mod tests;
