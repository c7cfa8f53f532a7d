//! `rank_by`: the measure that the report ranks methods by.

use super::error::SuiteError;
use super::evaluation::Evaluation;
use super::place::Place;
use dentate_core::metrics::{Metric, Ranked, RecordedMetric, registered};
use dentate_session::EvaluateTasks;

/// Read it, and refuse a measure that the suite's evaluations do not provide.
pub(super) fn read(top: &Place<'_>, evaluation: &Evaluation) -> Result<Option<Metric>, SuiteError> {
    let (word, node) = (top.string("rank_by")?, top.table.get("rank_by"));
    let rank_by = match (word, node) {
        (Some(word), Some(node)) => {
            let Some(metric) = rankings().find(|metric| metric.name() == word) else {
                let known: Vec<&str> = rankings().map(Metric::name).collect();
                return Err(top.unknown_value(&node.at, "rank_by", &word, known.into_iter()));
            };
            Some(metric)
        }
        _ => None,
    };
    let ranked = rank_by.map_or(Ranked::AllTasks, |metric| metric.info().ranked);
    if evaluation.tasks == EvaluateTasks::Current && ranked != Ranked::Always {
        let measure = rank_by.map_or("a measure of all tasks at the end", Metric::name);
        let message = format!(
            "`tasks = \"current\"` evaluates no task again, and methods are ranked by {measure}: set `rank_by = \"learning-accuracy\"` (or \
             `learning-error`, `average-online-accuracy`) at the top, or `tasks = \"all\"`"
        );
        return Err(top.refused(&top.table.find("evaluation.tasks"), message));
    }
    if let (Some(metric), Ranked::WithinExperiences, None) = (rank_by, ranked, evaluation.every) {
        let message = format!(
            "methods are ranked by {}, the least of the accuracies between boundaries, and none is measured: set `every` in `[evaluation]`",
            metric.name()
        );
        return Err(top.refused(&top.table.find("rank_by"), message));
    }
    Ok(rank_by)
}

/// Refuse a measure against a joint reference in a suite without one.
pub(super) fn has_reference(
    top: &Place<'_>,
    rank_by: Option<Metric>,
    mut protocols: impl Iterator<Item = Option<String>>,
) -> Result<(), SuiteError> {
    let Some(metric) = rank_by.filter(|metric| metric.info().ranked == Ranked::JointReference) else {
        return Ok(());
    };
    if protocols.any(|protocol| protocol.as_deref() == Some("joint")) {
        return Ok(());
    }
    let message = format!(
        "methods are ranked by {}, which is measured against a method that learns all tasks at once, and no method does: add one with \
         `protocol = \"joint\"`",
        metric.name()
    );
    Err(top.refused(&top.table.find("rank_by"), message))
}

/// The measures by which a suite can rank its methods: the framework's, and those of plugins that are linked in.
pub(crate) fn rankings() -> impl Iterator<Item = Metric> {
    let recorded = registered().into_iter().map(RecordedMetric::metric);
    let all = Metric::all().chain(recorded);
    all.filter(|metric| metric.info().ranked != Ranked::Never)
}
