//! `rank_by`: the measure that the report ranks methods by.

use super::error::SuiteError;
use super::evaluation::Evaluation;
use super::place::Place;
use dentate_core::record::RANKINGS;
use dentate_session::EvaluateTasks;

/// Read it, and refuse a measure that the suite's evaluations do not provide.
pub(super) fn read(top: &Place<'_>, evaluation: &Evaluation) -> Result<Option<String>, SuiteError> {
    let (word, node) = (top.string("rank_by")?, top.table.get("rank_by"));
    let rank_by = match (word, node) {
        (Some(word), Some(node)) => match RANKINGS.iter().find(|ranking| ranking.measure == word) {
            Some(ranking) => Some(ranking),
            None => {
                let known = RANKINGS.iter().map(|ranking| ranking.measure);
                return Err(top.unknown_value(&node.at, "rank_by", &word, known));
            }
        },
        _ => None,
    };
    if evaluation.tasks == EvaluateTasks::Current && rank_by.is_none_or(|ranking| ranking.all_tasks) {
        let measure = rank_by.map_or("a measure of all tasks at the end", |ranking| ranking.measure);
        let message = format!(
            "`tasks = \"current\"` evaluates no task again, and methods are ranked by {measure}: set `rank_by = \"learning-accuracy\"` (or \
             `learning-error`, `average-online-accuracy`) at the top, or `tasks = \"all\"`"
        );
        return Err(top.refused(&top.table.find("evaluation.tasks"), message));
    }
    let within = rank_by.filter(|ranking| ["min-accuracy", "worst-case-accuracy"].contains(&ranking.measure));
    if let (Some(ranking), None) = (within, evaluation.every) {
        let message = format!(
            "methods are ranked by {}, the least of the accuracies between boundaries, and none is measured: set `every` in `[evaluation]`",
            ranking.measure
        );
        return Err(top.refused(&top.table.find("rank_by"), message));
    }
    Ok(rank_by.map(|ranking| ranking.measure.to_owned()))
}
