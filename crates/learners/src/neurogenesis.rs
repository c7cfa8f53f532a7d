//! Neurogenesis deep learning: a stacked denoising autoencoder that grows for classes it cannot reconstruct.
//!
//! Draelos, T. J. et al. (2016). Neurogenesis deep learning. arXiv:1612.03770 (IJCNN 2017).
//!
//! With encoder layers e_1 … e_N (e_N the code) and decoder layers d_(N−1) … d_1 and the output, level L is the route
//! through the first L encoder layers and their decoders, closed by feeding the output of e_L to d_L: `RE_L(x) = mean_i
//! (x_i − dec_L(enc_L(x))_i)²`. The first experience is pretraining: level by level, the levels below frozen, then the
//! whole network. Its rows determine a threshold for each level, `Th_L = percentile(RE_L)`. For each later class and each
//! level L = 1 … N:
//!
//! ```text
//! outliers ← rows of the class with RE_L > Th_L
//! while |outliers| > quota · rows and units born < max_units_L and rounds < max_rounds:
//!     plasticity: add units to e_L and d_L, train on the outliers: LR on what comes into the new units of e_L,
//!                 LR · fine_rate on the decoder, 0 on everything else
//!     stability:  train the level at LR · fine_rate on the class and on replayed rows of earlier ones
//!     outliers ← as above
//! if the level grew: train level L+1 on the class: LR on the random weights from and to the new units, LR · fine_rate on the rest
//! ```
//!
//! Intrinsic replay stores each class's mean μ and Cholesky factor C (C Cᵀ = covariance) of its codes, and decodes `μ + C
//! z`, z ~ N(0, I). The read-out is linear discriminant analysis on the codes with equal priors: a class's score is `−½ (z
//! − μ_c)ᵀ Σ⁻¹ (z − μ_c)`, Σ the mean of the classes' covariances, with a ridge.
//!
//! | parameter | meaning | unit | default | range |
//! | --- | --- | --- | --- | --- |
//! | `widths` | initial widths of the encoder layers, the code last | units | 200, 100, 75, 20 | 1 to the widest layer |
//! | `activation`, `code`, `output` | activations of hidden layers, code and output | | ReLU, identity, sigmoid | |
//! | `init` | initialisation of weights, also of new ones | | fan-in | |
//! | `optimizer` | optimizer; its learning rate is LR | | Adam, 1e-4 | |
//! | `reset_optimizer` | whether moments are reset when a phase begins | | true | |
//! | `fine_rate` | learning rate of mature weights | × LR | 0.01 | 0 to 1 |
//! | `batch` | batch size, including replayed rows | rows | 64 | ≥ 1 |
//! | `corruption` | inputs set to 0 while training | probability | 0.1 | 0 to below 1 |
//! | `pretraining` | `level` updates for each level, then `whole` for all | updates | 2000, 4000 | any |
//! | `percentile` | threshold, of the first experience's errors | percent | 98.5 | 0 to 100 |
//! | `survey_rows` | rows that a round searches for outliers, drawn anew each time; 0: all of the class | rows | 1000 | any |
//! | `quota` | tolerated outliers | share of rows | 0.1 | 0 to 1 |
//! | `max_units` | units a level may add for a class | units | 100, 100, 100, 20 | one for each level |
//! | `units_per_outlier` | units added per outlier in a round | units | 0.01 | > 0 |
//! | `most_at_once` | maximum number of units added in a round | share of `max_units` | 0.2 | above 0 to 1 |
//! | `max_rounds` | maximum number of rounds of a level for a class | rounds | 20 | any |
//! | `plasticity`, `stability`, `wiring` | length of a phase | updates | 500 | any |
//! | `growth` | whether it grows | | true | |
//! | `replay` | `intrinsic`, `original` (all earlier rows are stored) or `none` | | intrinsic | |
//! | `replay_share` | replayed rows of a batch | share | 0.5 | 0 to below 1 |
//! | `replay_samples` | rows decoded per earlier class when a class begins | rows | 500 | ≥ 1 |
//! | `classes` | order of an experience's classes, after the first one: `one-by-one` or `together` | | one-by-one | |
//! | `jitter` | added to the diagonal of a singular covariance, and the read-out's ridge | × mean variance | 1e-4 | above 0 to 1 |
//!
//! Preserves: in plasticity every weight but those into the round's new units and those of the level's decoder keeps its
//! bits; in every phase so does everything above its level.
//!
//! Departures and choices. The paper leaves optimizer, thresholds, quotas, lengths and numbers of units open: defaults are
//! those of a ten-seed replication, which does not state the activation of hidden units; with ReLU the same updates
//! reconstruct better than with sigmoids. Errors are means and not sums over features, which does not change their order.
//! Units are added to e_L and its mirror d_L at once; their connections to level L+1 are initialised then, and are not
//! trained before that level is. A round searches for outliers among `survey_rows` rows of the class instead of all: for
//! the share, a tenth then has a standard error of a hundredth; the number of units is computed from the share extrapolated
//! to all rows; and plasticity trains on the outliers found. `survey_rows = 0` is as in the paper, and with short phases
//! takes a fifth of the time. Replayed rows are drawn and decoded when a class begins, by the network at that time: later
//! decoding would pass through connections that are still random. After a class the earlier classes' statistics are
//! estimated again from the replayed rows, encoded by the current network; without replay they are kept, with zeros for new
//! units. A covariance without a Cholesky factor gets `jitter` on its diagonal, multiplied by ten until it has one. With
//! `growth = false` a round is `plasticity + stability` updates of the level at LR on the class and the replayed rows: the
//! fixed control has the same thresholds, quotas and rounds.

use dentate_core::{
    Activation, BuildContext, ConfigError, Init, LearnError, Learner, LearnerRecipe, LearnerSpec, MAX_WIDTH,
    Optimizer, RunCosts, StreamFacts, TargetKind, TwinBudget, Unsuited, register,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod class_group;
mod class_stats;
mod error_scan;
mod intrinsic_replay;
mod learner;
mod phases;
mod readout;
mod saving;
mod stack;
mod statistics;
mod training;
mod twin;

pub use learner::NeurogenesisLearner;

/// The replay used in training to prevent forgetting of earlier classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReplayOf {
    /// Rows decoded from codes drawn from each class's stored statistics.
    #[default]
    Intrinsic,
    /// The original rows, all of which are stored.
    Original,
    /// No replay.
    None,
}

/// The order in which an experience's classes are learned, after the first experience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Classes {
    /// Each class goes through all levels before the next.
    #[default]
    OneByOne,
    /// All at once, as a single class.
    Together,
}

/// The length of training on the first experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pretraining {
    /// Updates of each level, the levels below frozen.
    pub level: u64,
    /// Updates of the whole network after that.
    pub whole: u64,
}

impl Default for Pretraining {
    fn default() -> Self {
        Self {
            level: 2000,
            whole: 4000,
        }
    }
}

/// A stacked denoising autoencoder that grows for classes it cannot reconstruct.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NeurogenesisDeepLearning {
    /// Initial widths of the encoder layers, the code last; the decoder mirrors them.
    #[schemars(length(min = 1), inner(range(min = 1, max = MAX_WIDTH)))]
    pub widths: Vec<usize>,
    /// Activation of hidden layers.
    pub activation: Activation,
    /// Activation of the code.
    pub code: Activation,
    /// Activation of the output.
    pub output: Activation,
    /// Initialisation of weights, including those of new units.
    pub init: Init,
    /// The optimizer; its learning rate is that of new units.
    pub optimizer: Optimizer,
    /// If true, the optimizer's moments are reset when a phase begins.
    pub reset_optimizer: bool,
    /// Learning rate of mature weights, as a factor of the learning rate (0 to 1).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub fine_rate: f32,
    /// Batch size in rows, including replayed ones.
    #[schemars(range(min = 1))]
    pub batch: usize,
    /// Each input is set to 0 with this probability while training (0 to below 1).
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub corruption: f32,
    /// Length of training on the first experience.
    pub pretraining: Pretraining,
    /// A level's threshold: this percentile of the first experience's reconstruction errors (0 to 100).
    #[schemars(range(min = 0.0, max = 100.0))]
    pub percentile: f64,
    /// Rows of a class that a round searches for outliers, drawn anew each time; 0 stands for all.
    pub survey_rows: usize,
    /// Share of a class's rows that may stay outliers (0 to 1).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub quota: f64,
    /// Maximum number of units that each level may add for one class.
    #[schemars(inner(range(max = MAX_WIDTH)))]
    pub max_units: Vec<usize>,
    /// New units per outlier in a round (above 0).
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub units_per_outlier: f64,
    /// Maximum number of new units per round, as a share of `max_units` (above 0 to 1).
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub most_at_once: f64,
    /// Maximum number of rounds of a level for one class.
    pub max_rounds: u32,
    /// Updates of a plasticity phase.
    pub plasticity: u64,
    /// Updates of a stability phase.
    pub stability: u64,
    /// Updates of the next level after a level grew.
    pub wiring: u64,
    /// If true, it grows; otherwise it is the fixed control with the same procedure.
    pub growth: bool,
    /// Kind of replay.
    pub replay: ReplayOf,
    /// Share of a batch that is replayed, if there is replay (0 to below 1).
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub replay_share: f64,
    /// Rows decoded per earlier class when a class begins.
    #[schemars(range(min = 1))]
    pub replay_samples: usize,
    /// Order in which an experience's classes are learned.
    pub classes: Classes,
    /// Added to the diagonal of a singular covariance, as a share of its mean variance (above 0 to 1).
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub jitter: f64,
}

impl Default for NeurogenesisDeepLearning {
    fn default() -> Self {
        Self {
            widths: vec![200, 100, 75, 20],
            activation: Activation::Relu,
            code: Activation::Identity,
            output: Activation::Sigmoid,
            init: Init::FanIn,
            optimizer: Optimizer::adam(1e-4),
            reset_optimizer: true,
            fine_rate: 0.01,
            batch: 64,
            corruption: 0.1,
            pretraining: Pretraining::default(),
            percentile: 98.5,
            survey_rows: 1000,
            quota: 0.1,
            max_units: vec![100, 100, 100, 20],
            units_per_outlier: 0.01,
            most_at_once: 0.2,
            max_rounds: 20,
            plasticity: 500,
            stability: 500,
            wiring: 500,
            growth: true,
            replay: ReplayOf::Intrinsic,
            replay_share: 0.5,
            replay_samples: 500,
            classes: Classes::OneByOne,
            jitter: 1e-4,
        }
    }
}

impl NeurogenesisDeepLearning {
    /// The number of levels.
    pub(crate) fn levels(&self) -> usize {
        self.widths.len()
    }

    /// Number of units to add in a round with `outliers` outlying rows, given that the level has added `born` for the class
    /// already.
    pub(crate) fn units(&self, level: usize, outliers: usize, born: usize) -> usize {
        let most = self.max_units.get(level - 1).copied().unwrap_or(0);
        let wanted = (self.units_per_outlier * outliers as f64).floor() as usize;
        let at_once = (self.most_at_once * most as f64).floor() as usize;
        wanted.min(at_once).max(1).min(most.saturating_sub(born))
    }

    /// Checks that the learner suits a stream.
    fn goes_with(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        let name = "neurogenesis-deep-learning";
        if stream.target != TargetKind::Classes {
            let reason = "it learns classes, and this stream has none: use a suitable learner, such as `gradient` for values or \
                          `growing-neural-gas` for points";
            return Err(Unsuited::new("learner", name, reason));
        }
        if stream.once() {
            let reason = "it makes several passes over an experience, and this stream is single-pass: let them be \
                          visited again (`online = false`)";
            return Err(Unsuited::new("learner", name, reason));
        }
        if !self.growth {
            return Ok(());
        }
        let never = |key: &str, value: &dyn std::fmt::Display, why: &str| {
            let reason =
                format!("{why}, and no level could ever grow: `growth = false` is the fixed control");
            Err(Unsuited::new(key, value, reason))
        };
        if self.max_units.iter().all(|&most| most == 0) {
            return never(
                "max_units",
                &format!("{:?}", self.max_units),
                "no level may add a unit",
            );
        }
        if self.max_rounds == 0 {
            return never("max_rounds", &0, "no level has a round");
        }
        if self.quota >= 1.0 {
            return never("quota", &self.quota, "all rows may stay outliers");
        }
        if stream.experiences.len() < 2 {
            return never(
                "growth",
                &true,
                "the first experience pretrains, there is no other one",
            );
        }
        Ok(())
    }
}

impl LearnerRecipe for NeurogenesisDeepLearning {
    fn check(&self) -> Result<(), ConfigError> {
        if self.max_units.len() != self.widths.len() {
            let range = format!("one number for each of the {} layers", self.widths.len());
            return Err(ConfigError::new(
                "max_units",
                format!("{:?}", self.max_units),
                range,
            ));
        }
        Ok(())
    }

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        self.goes_with(stream)
    }

    fn build(&self, setting: BuildContext<'_>) -> Result<Box<dyn Learner>, LearnError> {
        Ok(Box::new(NeurogenesisLearner::new(
            self.clone(),
            (setting.backend)(),
            setting.seed,
        )))
    }

    fn grows(&self) -> bool {
        self.growth
    }

    fn has_twin(&self, budget: TwinBudget) -> Result<(), Unsuited> {
        twin::has_twin(budget)
    }

    fn twin(
        &self,
        budget: TwinBudget,
        run: &RunCosts,
        stream: &StreamFacts,
    ) -> Result<Box<dyn LearnerSpec>, Unsuited> {
        twin::twin(self, budget, run, stream)
    }
}

register!(
    learner,
    NeurogenesisDeepLearning,
    "neurogenesis-deep-learning",
    summary = "A stacked denoising autoencoder that grows for classes it cannot reconstruct, with intrinsic replay.",
    citation = "Draelos et al. 2016, arXiv:1612.03770",
    source = include_str!("neurogenesis.rs"),
);

#[cfg(test)]
mod tests;
