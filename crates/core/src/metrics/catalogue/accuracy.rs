//! Metrics of the accuracies along a stream.

use super::{Direction, Metric, MetricInfo, Ranked, Step, Table, Unit, declare};
use crate::record::metric;

declare! {
    ACCURACIES:

    /// Average accuracy.
    AVERAGE_ACCURACY {
        name: "average-accuracy",
        title: "average accuracy",
        unit: Unit::Percent,
        better: Some(Direction::Higher),
        formula: "Mean over all tasks of the accuracy at the end of the stream: mean_j R[T][j].",
        source: "Lopez-Paz & Ranzato 2017",
        records: &[metric::ACCURACY],
        ranked: Ranked::AllTasks,
        step: Step::Tasks,
        table: Table::Outcome,
    }

    /// Average anytime accuracy.
    ANYTIME_ACCURACY {
        name: "average-anytime-accuracy",
        title: "average anytime accuracy",
        unit: Unit::Percent,
        better: Some(Direction::Higher),
        formula: "Mean over the stream of the average accuracy on the tasks learned so far: mean_i mean_(j≤i) R[i][j].",
        source: "Caccia et al. 2022",
        records: &[metric::ACCURACY],
        ranked: Ranked::AllTasks,
        step: Step::TasksSquared,
        table: Table::Outcome,
    }

    /// Average online accuracy.
    ONLINE_ACCURACY {
        name: "average-online-accuracy",
        title: "average online accuracy",
        unit: Unit::Percent,
        better: Some(Direction::Higher),
        formula: "Mean over the tasks, as they are learned, of the share of training rows that were classified correctly in the update that then learned from them: prequential accuracy.",
        source: "Dawid 1984; Kumar et al. 2023",
        records: &[metric::PREQUENTIAL],
        ranked: Ranked::Always,
        table: Table::Outcome,
    }

    /// Learning accuracy.
    LEARNING_ACCURACY {
        name: "learning-accuracy",
        title: "learning accuracy",
        unit: Unit::Percent,
        better: Some(Direction::Higher),
        formula: "Mean accuracy on each task right after learning it: mean_i R[i][i].",
        source: "Riemer et al. 2019",
        records: &[metric::ACCURACY],
        ranked: Ranked::Always,
        step: Step::Tasks,
        table: Table::Outcome,
    }

    /// Change of learning accuracy.
    LEARNING_TREND {
        name: "learning-trend",
        title: "change of learning accuracy",
        unit: Unit::Points,
        better: Some(Direction::Higher),
        formula: "Accuracy on a task right after learning it, mean of the last fifth of the tasks less that of the first \
                fifth: below 0 where plasticity is lost. Of streams of ten tasks and more.",
        source: "",
        records: &[metric::ACCURACY],
        step: Step::FifthOfTasks,
        table: Table::Outcome,
    }

    /// Forgetting.
    FORGETTING {
        name: "forgetting",
        title: "forgetting",
        unit: Unit::Fall,
        better: Some(Direction::Lower),
        formula: "Mean fall from the best earlier accuracy on a task to the last one: mean_(j<T) (max_(l<T) R[l][j] − \
                R[T][j]), the maximum over the measured entries.",
        source: "Chaudhry et al. 2018",
        records: &[metric::ACCURACY],
        ranked: Ranked::AllTasks,
        step: Step::EarlierTasks,
        table: Table::Transfer,
    }

    /// Backward transfer.
    BACKWARD_TRANSFER {
        name: "backward-transfer",
        title: "backward transfer",
        unit: Unit::Points,
        better: Some(Direction::Higher),
        formula: "Mean change of the accuracy on earlier tasks since each was learned: mean_(i<T) (R[T][i] − R[i][i]).",
        source: "Lopez-Paz & Ranzato 2017",
        records: &[metric::ACCURACY],
        ranked: Ranked::AllTasks,
        step: Step::EarlierTasks,
        table: Table::Transfer,
    }

    /// One-step backward transfer.
    ONE_STEP_TRANSFER {
        name: "one-step-backward-transfer",
        title: "one-step backward transfer",
        unit: Unit::Points,
        better: Some(Direction::Higher),
        formula: "Mean change of the accuracy on a task by learning the next one: mean_(i<T) (R[i+1][i] − R[i][i]).",
        source: "Kumar et al. 2023",
        records: &[metric::ACCURACY],
        ranked: Ranked::AllTasks,
        step: Step::EarlierTasks,
        table: Table::Transfer,
    }

    /// Forward transfer.
    FORWARD_TRANSFER {
        name: "forward-transfer",
        title: "forward transfer",
        unit: Unit::Points,
        better: Some(Direction::Higher),
        formula: "Accuracy on a task just before learning it, above the untrained network's: mean_(i≥2) (R[i−1][i] − \
                b_i). It exists where the network has outputs for a task before learning it, as in \
                domain-incremental streams.",
        source: "Lopez-Paz & Ranzato 2017",
        records: &[metric::ACCURACY, metric::UNTRAINED],
        ranked: Ranked::AllTasks,
        step: Step::EarlierTasks,
        table: Table::Transfer,
    }

    /// Min-ACC.
    MIN_ACCURACY {
        name: "min-accuracy",
        title: "min-ACC",
        unit: Unit::Percent,
        better: Some(Direction::Higher),
        formula: "Mean over all tasks but the last of the lowest accuracy since the task was learned, including measurements within later experiences.",
        source: "De Lange et al. 2023",
        records: &[metric::ACCURACY, metric::CONTINUAL_ACCURACY],
        ranked: Ranked::WithinExperiences,
        step: Step::EarlierTasksWithin,
        table: Table::Transfer,
    }

    /// WC-ACC.
    WORST_CASE_ACCURACY {
        name: "worst-case-accuracy",
        title: "WC-ACC",
        unit: Unit::Percent,
        better: Some(Direction::Higher),
        formula: "Worst-case accuracy: R[T][T]/T + (1 − 1/T) min-ACC.",
        source: "De Lange et al. 2023",
        records: &[metric::ACCURACY, metric::CONTINUAL_ACCURACY],
        ranked: Ranked::WithinExperiences,
        step: Step::TasksWithin,
        table: Table::Transfer,
    }

    /// Intransigence.
    INTRANSIGENCE {
        name: "intransigence",
        title: "intransigence",
        unit: Unit::Points,
        better: Some(Direction::Lower),
        formula: "Mean advantage of the stream's joint reference of the same seed on a task just learned: mean_k (J[k] − \
                R[k][k]).",
        source: "after Chaudhry et al. 2018",
        records: &[metric::ACCURACY],
        ranked: Ranked::JointReference,
        step: Step::Tasks,
        table: Table::Transfer,
    }
}
