//! Cascade-correlation: hidden units are trained one after another to follow the errors that are left, and then frozen.
//!
//! Fahlman, S. E. & Lebiere, C. (1990). The cascade-correlation learning architecture. NeurIPS 2. The outputs see the inputs and all
//! hidden units, and are trained first. When they stall, each of a pool of candidates, which see the same, is trained to a large
//!
//! ```text
//! S = Σ_o | Σ_p (V_p − V̄) (E_po − Ē_o) | / Σ_po E_po²,   E_po = (y_po − t_po) (f'(y_po) + offset)
//! ```
//!
//! over rows p and outputs o. The best is installed: its incoming weights are frozen, and its weight to output o starts at minus its
//! correlation (S without the sum over outputs and the absolute value). Then the outputs are trained again. Both phases take Quickprop steps on all rows (mu; the linear term only where the
//! slope agrees in sign with the last step; shrink factor mu / (1 + mu); ε divided by the number of rows, and for candidates by rows × fan-in; decay added
//! to the slope). A phase ends when its error, or its best S, has changed by less than `change` of itself for `patience` epochs, or after `epochs`; all of it when every output is
//! within 0.4 of its target, or when the experience has added `max_units` units.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `candidates` | candidates of a pool | 8 |
//! | `max_units` | hidden units that an experience adds at most | 25 |
//! | `epochs` | epochs of a phase at most | 100 |
//! | `range` | first weights are uniform within ± this | 1 |
//! | `mu` | the largest ratio of a step to the one before | 2 |
//! | `output_rate`, `candidate_rate` | ε of the two phases | 1 and 100 |
//! | `output_decay`, `candidate_decay` | decay of the two phases | 1e-4 and 0 |
//! | `output_patience`, `candidate_patience` | epochs without a change | 12 and 8 |
//! | `output_change`, `candidate_change` | relative change that counts | 0.01 and 0.03 |
//! | `offset` | added to the slope of an output | 0.1 |
//! | `rows` | rows of an experience that are used, a random sample if it has more | 2000 |
//!
//! These are the author's settings for the two spirals. Hidden units put out 1 / (1 + e^−x) − ½, outputs the same around the middle of the targets;
//! targets of classes are ±½, and outputs are linear where targets spread over more than 1.
//!
//! In a stream, hidden units stay as they are, and an experience trains the outputs of its own classes: those of a given task, or all that
//! occur. Classes that come later get outputs that see all units so far; earlier outputs get weights of 0 to units that come later, so what was learned of other classes keeps every bit.
//!
//! **Preserves** incoming weights of hidden units, and outputs for classes that do not occur. It needs rows that can be revisited. **Cost** of an epoch in multiply-adds, for r rows and
//! fan-in d: `2 r d` for each output or candidate.
//!
//! **Departures.** Training ends once every output is right; the signs of correlations are those of the present epoch, where the author's code has those of the epoch
//! before; the experience's rows are held in memory.

use dentate_core::{
    BuildContext, ConfigError, LearnError, Learner, LearnerRecipe, StreamFacts, TargetKind, Unsuited, config,
};
use learner::CascadeLearner;

mod candidates;
mod cascade;
mod learner;
mod plans;
mod quickprop;
mod samples;
#[cfg(test)]
mod tests;

config! {
    /// Configuration; see [the module](self) for equations and units.
    pub struct CascadeCorrelation {
        /// Candidates of a pool.
        #[schemars(range(min = 1, max = 1000))]
        pub candidates: usize = 8,
        /// Hidden units that an experience adds at most.
        #[schemars(range(min = 0, max = 1000))]
        pub max_units: usize = 25,
        /// Epochs of a phase at most.
        #[schemars(range(min = 1))]
        pub epochs: u64 = 100,
        /// First weights are uniform within ± this.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub range: f64 = 1.0,
        /// The largest ratio of a step to the one before.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub mu: f64 = 2.0,
        /// ε of the outputs.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub output_rate: f64 = 1.0,
        /// ε of the candidates.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub candidate_rate: f64 = 100.0,
        /// Decay of the outputs' weights.
        #[schemars(range(min = 0.0))]
        pub output_decay: f64 = 1e-4,
        /// Decay of the candidates' weights.
        #[schemars(range(min = 0.0))]
        pub candidate_decay: f64 = 0.0,
        /// Epochs without a change after which the outputs have stalled.
        #[schemars(range(min = 1))]
        pub output_patience: u64 = 12,
        /// Epochs without a change after which the candidates have.
        #[schemars(range(min = 1))]
        pub candidate_patience: u64 = 8,
        /// Relative change of the error that counts.
        #[schemars(range(min = 0.0))]
        pub output_change: f64 = 0.01,
        /// Relative change of the best S that counts.
        #[schemars(range(min = 0.0))]
        pub candidate_change: f64 = 0.03,
        /// Added to the slope of an output.
        #[schemars(range(min = 0.0))]
        pub offset: f64 = 0.1,
        /// Rows of an experience that are used.
        #[schemars(range(min = 1))]
        pub rows: u32 = 2000,
    }
}

impl LearnerRecipe for CascadeCorrelation {
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        let name = "cascade-correlation";
        if stream.target == TargetKind::Inputs {
            let reason = "it learns classes or values, and this stream has inputs only";
            return Err(Unsuited::new("learner", name, reason));
        }
        if stream.once() {
            let reason = "its phases go over the rows again and again, and this stream is single-pass";
            return Err(Unsuited::new("learner", name, reason));
        }
        Ok(())
    }

    fn build(&self, setting: BuildContext<'_>) -> Result<Box<dyn Learner>, LearnError> {
        Ok(Box::new(CascadeLearner::new(self.clone(), setting.seed)))
    }

    fn grows(&self) -> bool {
        true
    }
}

dentate_core::register!(
    learner,
    CascadeCorrelation,
    "cascade-correlation",
    summary =
        "Hidden units are trained one after another to follow the errors that are left, and then frozen.",
    citation = "Fahlman & Lebiere 1990, NeurIPS 2",
    source = include_str!("cascade_correlation.rs"),
);
