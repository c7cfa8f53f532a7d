//! The metrics that a report compares, by name: title, formula, source, unit and direction.

/// A quantity of a run. Names are unabbreviated, because the field has several quantities for most short names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// `mean_j R[T][j]`.
    AverageAccuracy,
    /// `mean_i mean_{j≤i} R[i][j]`.
    AnytimeAccuracy,
    /// `mean_i ā_i`, ā_i the prequential accuracy within experience i.
    OnlineAccuracy,
    /// `mean_i R[i][i]`.
    LearningAccuracy,
    /// `mean_{j<T} (max_{l<T} R[l][j] − R[T][j])`, the maximum over the measured entries.
    Forgetting,
    /// `mean_{i<T} (R[T][i] − R[i][i])`.
    BackwardTransfer,
    /// `mean_{i≥2} (R[i−1][i] − b_i)`.
    ForwardTransfer,
    /// `mean_{i<T} (R[i+1][i] − R[i][i])`.
    OneStepTransfer,
    /// `mean_{j<T}` of the lowest accuracy since j was learned.
    MinAccuracy,
    /// `R[T][T]/T + (1 − 1/T) min-ACC`.
    WorstCaseAccuracy,
    /// `mean_k (J[k] − R[k][k])`, J of the joint reference.
    Intransigence,
    /// Parameters at the end.
    Parameters,
    /// Bytes held for learning at the end.
    Memory,
    /// The most bytes held for learning at the end of an experience.
    LargestMemory,
    /// `min(1, mean_i θ_1/θ_i)`.
    SizeEfficiency,
    /// Multiply-adds of one forward pass at the end.
    MultiplyAdds,
    /// Updates made.
    Updates,
    /// Multiply-adds spent in all.
    Compute,
    /// Growth edits applied.
    GrowthEdits,
    /// Units added after the start.
    UnitsBorn,
    /// 1 if the problem was solved.
    Solved,
    /// Hidden units at the end.
    HiddenUnits,
    /// Smallest number of hidden units known to solve the problem.
    KnownMinimum,
    /// Mean squared error per output at the end.
    SquaredError,
    /// `mean_i Q[i][i]`, Q the mean squared distance to the nearest prototype.
    QuantizationError,
    /// Share of points whose two nearest units are not neighbours.
    TopographicError,
    /// Units of a map at the end.
    MapUnits,
    /// Its edges at the end.
    MapEdges,
    /// Share of boundaries after which a map reached its previous error.
    Recovered,
    /// Signals until it did.
    RecoveryTime,
    /// Units removed.
    UnitsDied,
    /// Share of dead hidden units.
    DeadUnits,
    /// Share of dormant hidden units.
    DormantUnits,
    /// Effective rank of a hidden layer's outputs.
    EffectiveRank,
    /// Mean |w| into hidden layers.
    WeightMagnitude,
    /// Deviation from isometry of the weights into hidden layers.
    Isometry,
    /// Learning accuracy of late tasks less that of early ones.
    LearningTrend,
    /// Units that were replaced by new ones.
    UnitsReplaced,
    /// `mean_i E[i][i]`, E the mean squared error per output.
    LearningError,
}

/// The format of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share, written in percent.
    Percent,
    /// A difference of shares, written in percentage points.
    Points,
    /// A decrease of shares, written in percentage points and signed only if it is an increase.
    Fall,
    /// A number in `[0, 1]` without a unit.
    Ratio,
    /// A number of things.
    Count,
    /// A large number of operations, written with a prefix.
    Operations,
    /// A number of bytes, written with a prefix.
    Bytes,
    /// An error, written with significant digits.
    Error,
    /// A number without a unit, written with significant digits.
    Number,
}

impl Unit {
    /// The unit in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::Points | Self::Fall => "percentage points",
            Self::Ratio => "ratio, from 0 to 1",
            Self::Count => "count",
            Self::Operations => "operations",
            Self::Bytes => "bytes",
            Self::Error => "error, in the units of the data",
            Self::Number => "none",
        }
    }
}

/// The better direction of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

impl Metric {
    /// Every metric, in the order of the tables.
    pub const ALL: [Self; 39] = [
        Self::AverageAccuracy,
        Self::AnytimeAccuracy,
        Self::OnlineAccuracy,
        Self::LearningAccuracy,
        Self::Forgetting,
        Self::BackwardTransfer,
        Self::ForwardTransfer,
        Self::OneStepTransfer,
        Self::MinAccuracy,
        Self::WorstCaseAccuracy,
        Self::Intransigence,
        Self::Parameters,
        Self::SizeEfficiency,
        Self::Memory,
        Self::LargestMemory,
        Self::MultiplyAdds,
        Self::Updates,
        Self::Compute,
        Self::GrowthEdits,
        Self::UnitsBorn,
        Self::Solved,
        Self::HiddenUnits,
        Self::KnownMinimum,
        Self::SquaredError,
        Self::QuantizationError,
        Self::TopographicError,
        Self::MapUnits,
        Self::MapEdges,
        Self::Recovered,
        Self::RecoveryTime,
        Self::UnitsDied,
        Self::DeadUnits,
        Self::DormantUnits,
        Self::EffectiveRank,
        Self::WeightMagnitude,
        Self::Isometry,
        Self::LearningTrend,
        Self::LearningError,
        Self::UnitsReplaced,
    ];

    /// Its kebab-case name, as in the CSV files.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The metric with this kebab-case name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().1
    }

    /// A one-line explanation with its formula.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        self.row().2
    }

    /// The format of its values.
    #[must_use]
    pub fn unit(self) -> Unit {
        self.row().3
    }

    /// The better direction, if there is one.
    #[must_use]
    pub fn direction(self) -> Option<Direction> {
        self.row().4
    }

    fn row(self) -> (&'static str, &'static str, &'static str, Unit, Option<Direction>) {
        use Direction::{Higher, Lower};
        use Unit::{Bytes, Count, Error, Fall, Number, Operations, Percent, Points, Ratio};
        match self {
            Self::AverageAccuracy => (
                "average-accuracy",
                "average accuracy",
                "Mean over all tasks of the accuracy at the end of the stream: mean_j R[T][j].",
                Percent,
                Some(Higher),
            ),
            Self::AnytimeAccuracy => (
                "average-anytime-accuracy",
                "average anytime accuracy",
                "Mean over the stream of the average accuracy on the tasks learned so far: \
                 mean_i mean_(j≤i) R[i][j] (Caccia et al. 2022).",
                Percent,
                Some(Higher),
            ),
            Self::OnlineAccuracy => (
                "average-online-accuracy",
                "average online accuracy",
                "Mean over the tasks, as they are learned, of the share of training rows that were classified correctly in the \
                 update that then learned from them: prequential accuracy (Dawid 1984; Kumar et al. 2023).",
                Percent,
                Some(Higher),
            ),
            Self::LearningAccuracy => (
                "learning-accuracy",
                "learning accuracy",
                "Mean accuracy on each task right after learning it: mean_i R[i][i] (Riemer et al. 2019).",
                Percent,
                Some(Higher),
            ),
            Self::Forgetting => (
                "forgetting",
                "forgetting",
                "Mean fall from the best earlier accuracy on a task to the last one: \
                 mean_(j<T) (max_(l<T) R[l][j] − R[T][j]), the maximum over the measured entries (Chaudhry et al. 2018).",
                Fall,
                Some(Lower),
            ),
            Self::BackwardTransfer => (
                "backward-transfer",
                "backward transfer",
                "Mean change of the accuracy on earlier tasks since each was learned: mean_(i<T) (R[T][i] − R[i][i]) \
                 (Lopez-Paz & Ranzato 2017).",
                Points,
                Some(Higher),
            ),
            Self::ForwardTransfer => (
                "forward-transfer",
                "forward transfer",
                "Accuracy on a task just before learning it, above the untrained network's: \
                 mean_(i≥2) (R[i−1][i] − b_i) (Lopez-Paz & Ranzato 2017). It exists where the network has outputs for a task \
                 before learning it, as in domain-incremental streams.",
                Points,
                Some(Higher),
            ),
            Self::OneStepTransfer => (
                "one-step-backward-transfer",
                "one-step backward transfer",
                "Mean change of the accuracy on a task by learning the next one: mean_(i<T) (R[i+1][i] − R[i][i]) (Kumar et al. 2023).",
                Points,
                Some(Higher),
            ),
            Self::MinAccuracy => (
                "min-accuracy",
                "min-ACC",
                "Mean over all tasks but the last of the lowest accuracy since the task was learned, including measurements within \
                 later experiences (De Lange et al. 2023).",
                Percent,
                Some(Higher),
            ),
            Self::WorstCaseAccuracy => (
                "worst-case-accuracy",
                "WC-ACC",
                "Worst-case accuracy: R[T][T]/T + (1 − 1/T) min-ACC (De Lange et al. 2023).",
                Percent,
                Some(Higher),
            ),
            Self::Intransigence => (
                "intransigence",
                "intransigence",
                "Mean advantage of the stream's joint reference of the same seed on a task just learned: mean_k (J[k] − R[k][k]) \
                 (after Chaudhry et al. 2018).",
                Points,
                Some(Lower),
            ),
            Self::Parameters => (
                "final-parameters",
                "parameters",
                "Weights and biases at the end, trainable and frozen.",
                Count,
                Some(Lower),
            ),
            Self::SizeEfficiency => (
                "model-size-efficiency",
                "model-size efficiency",
                "Ratio of the parameters after the first task to later ones, 1 without growth: \
                 min(1, mean_i θ_1/θ_i) with θ_i the parameters after task i (Díaz-Rodríguez et al. 2018).",
                Ratio,
                Some(Higher),
            ),
            Self::Memory => (
                "memory",
                "memory in bytes",
                "Bytes that a method holds for learning at the end: parameters, what is shaped like them, rows kept for later and numbers \
                 beside them, statistics of data.",
                Bytes,
                Some(Lower),
            ),
            Self::LargestMemory => (
                "largest-memory",
                "largest memory in bytes",
                "The most bytes that a method held for learning at the end of an experience.",
                Bytes,
                Some(Lower),
            ),
            Self::MultiplyAdds => (
                "final-multiply-adds",
                "multiply-adds per sample",
                "Multiply-adds of one sample's forward pass at the end.",
                Operations,
                Some(Lower),
            ),
            Self::Updates => (
                "updates",
                "updates",
                "Weight updates made in all.",
                Count,
                Some(Lower),
            ),
            Self::Compute => (
                "multiply-adds-spent",
                "multiply-adds spent",
                "Multiply-adds of all training, forward and backward.",
                Operations,
                Some(Lower),
            ),
            Self::GrowthEdits => (
                "growth-edits",
                "growth edits",
                "Growth edits applied along the stream.",
                Count,
                None,
            ),
            Self::UnitsBorn => (
                "units-born",
                "units born",
                "Units added after the start.",
                Count,
                None,
            ),
            Self::Solved => (
                "solved",
                "solved",
                "Whether the problem was solved within its budget.",
                Ratio,
                Some(Higher),
            ),
            Self::HiddenUnits => (
                "hidden-units",
                "hidden units",
                "Hidden units at the end.",
                Count,
                Some(Lower),
            ),
            Self::KnownMinimum => (
                "known-minimum",
                "known minimum",
                "The smallest number of hidden units known to solve the problem.",
                Count,
                None,
            ),
            Self::SquaredError => (
                "squared-error",
                "squared error",
                "Mean squared error per output at the end, over all tasks.",
                Error,
                Some(Lower),
            ),
            Self::QuantizationError => (
                "quantization-error",
                "quantization error",
                "Mean squared distance of test points to the nearest prototype, right after learning from their \
                 distribution: mean_i Q[i][i].",
                Error,
                Some(Lower),
            ),
            Self::TopographicError => (
                "topographic-error",
                "topographic error",
                "Share of signals whose two nearest units were not neighbours just before they were learned from, over the last \
                 ten windows of the stream (after Kiviluoto 1996).",
                Percent,
                Some(Lower),
            ),
            Self::MapUnits => ("map-units", "units", "Units of a map at the end.", Count, None),
            Self::MapEdges => ("map-edges", "edges", "Edges of a map at the end.", Count, None),
            Self::Recovered => (
                "recovered",
                "recovered",
                "Share of boundaries after which the error of signals fell to at most 1.5 times its level in the first experience: \
                 the mean over its last ten windows.",
                Percent,
                Some(Higher),
            ),
            Self::RecoveryTime => (
                "recovery-time",
                "signals to recover",
                "Signals from a boundary until the first window in which the error of signals is back at 1.5 times its level in \
                 the first experience, over the boundaries it recovered from.",
                Count,
                Some(Lower),
            ),
            Self::UnitsDied => (
                "units-died",
                "units died",
                "Units removed along the stream.",
                Count,
                None,
            ),
            Self::DeadUnits => (
                "dead-units",
                "dead units",
                "Share of hidden units whose output is the same on all examined rows, mean over layers at the end (after Dohare \
                 et al. 2024).",
                Percent,
                Some(Lower),
            ),
            Self::DormantUnits => (
                "dormant-units",
                "dormant units",
                "Share of hidden units whose mean magnitude is at most 0.025 of their layer's, mean over layers at the end (Sokar \
                 et al. 2023).",
                Percent,
                Some(Lower),
            ),
            Self::EffectiveRank => (
                "effective-rank",
                "effective rank",
                "exp(−Σ p ln p) with p the singular values of a layer's outputs over their sum, as a share of its units, mean \
                 over layers at the end (Roy & Vetterli 2007).",
                Percent,
                Some(Higher),
            ),
            Self::WeightMagnitude => (
                "weight-magnitude",
                "weight magnitude",
                "Mean |w| over the weights into a hidden layer, mean over layers at the end.",
                Number,
                None,
            ),
            Self::Isometry => (
                "isometry-deviation",
                "deviation from isometry",
                "‖G − I‖²_F / n of a block of weights W, G the smaller of WᵀW and WWᵀ and n its side, mean over the blocks into a hidden \
                 layer and over layers at the end.",
                Number,
                None,
            ),
            Self::LearningTrend => (
                "learning-trend",
                "change of learning accuracy",
                "Accuracy on a task right after learning it, mean of the last fifth of the tasks less that of the first fifth: below \
                 0 where plasticity is lost. Of streams of ten tasks and more.",
                Points,
                Some(Higher),
            ),
            Self::UnitsReplaced => (
                "units-replaced",
                "units replaced",
                "Units that were replaced in place by newborn ones.",
                Count,
                None,
            ),
            Self::LearningError => (
                "learning-error",
                "learning error",
                "Mean squared error per output on each task right after learning it: mean_i E[i][i].",
                Error,
                Some(Lower),
            ),
        }
    }
}
