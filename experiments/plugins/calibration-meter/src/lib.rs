//! Calibration meter: a mechanism that changes nothing and records how sure the network is of what it is taught, against how often it is right.
//!
//! ```text
//! overconfidence = mean max_c p(c | x) − share of rows whose most probable class is the right one
//! ```
//!
//! over the rows of the stream in the updates of an experience, each before the network has learned from it; p is the softmax of the
//! head's active outputs in the update's own pass, so that nothing is computed twice. It is the difference of confidence and
//! accuracy that reliability diagrams draw (Guo et al. 2017, arXiv:1706.04599), for all rows in one bin. Rows whose labels are not
//! learned by cross-entropy do not count, nor do replayed ones.

use dentate::continual::{Context, Mechanism, Needs, Then, Update, Work};
use dentate::core::{Active, LearnError, Loss, Target, Term};
use dentate::{config, register, state};

/// The name of the metric.
const OVERCONFIDENCE: &str = "overconfidence";

config! {
    /// Configuration: there is nothing to set.
    pub struct CalibrationMeter {}
}

state! {
    /// Sums over the rows of the experience.
    pub struct Seen {
        rows: u64,
        right: u64,
        confidence: f64,
    }
}

impl Mechanism for CalibrationMeter {
    type State = Seen;

    fn needs(&self) -> Needs {
        Needs {
            outputs: true,
            ..Needs::default()
        }
    }

    fn updated(
        &self,
        seen: &mut Seen,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<Then, LearnError> {
        let rows: Vec<_> = update.rows.iter().collect();
        for term in update
            .objective
            .terms
            .iter()
            .filter(|term| term.loss == Loss::CrossEntropy)
        {
            let Some(outputs) = update.outputs.get(&term.layer) else {
                continue;
            };
            for place in term.stream_rows(rows.len()) {
                let Some((data, _, row)) = rows.get(place) else {
                    continue;
                };
                let label = cx.network.data().get(data).and_then(|of| of.label(*row));
                let scores = active(term, outputs.row(place).to_vec());
                if let (Some(unit), Some((best, confidence))) =
                    (label.and_then(|l| unit(term, l)), surest(&scores))
                {
                    seen.rows += 1;
                    seen.right += u64::from(best == unit);
                    seen.confidence += confidence;
                }
            }
        }
        Ok(Then::On)
    }

    fn end(&self, seen: &mut Seen, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        if seen.rows > 0 {
            let rows = seen.rows as f64;
            cx.record(OVERCONFIDENCE, seen.confidence / rows - seen.right as f64 / rows);
        }
        *seen = Seen::default();
        Ok(Work::Done)
    }
}

/// The position of a label's unit in its head, as the term counts.
fn unit(term: &Term, label: u32) -> Option<usize> {
    match &term.target {
        Target::Labels { unit_of } => unit_of
            .get(label as usize)
            .copied()
            .flatten()
            .map(|unit| unit as usize),
        _ => None,
    }
}

/// The outputs that the loss uses.
fn active(term: &Term, outputs: Vec<f32>) -> Vec<f32> {
    match &term.active {
        Active::All => outputs,
        Active::Units(units) => units
            .iter()
            .filter_map(|&unit| outputs.get(unit as usize).copied())
            .collect(),
    }
}

/// The first of the largest outputs, and its softmax probability.
fn surest(outputs: &[f32]) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f32)> = None;
    for (place, &output) in outputs.iter().enumerate() {
        if best.is_none_or(|(_, most)| output > most) {
            best = Some((place, output));
        }
    }
    let (place, most) = best?;
    let sum: f64 = outputs.iter().map(|&output| f64::from(output - most).exp()).sum();
    Some((place, sum.recip()))
}

register!(
    mechanism,
    CalibrationMeter,
    "calibration-meter",
    summary = "Records how sure the network is of what it is taught, against how often it is right; changes nothing.",
    citation = "Guo et al. 2017, arXiv:1706.04599",
    source = include_str!("lib.rs"),
);

register!(
    metric,
    "overconfidence",
    title = "overconfidence",
    unit = points,
    better = neither,
    aggregate = mean,
    formula = "Mean probability of the most probable class of a training row, before it is learned from, less the share of rows of which that \
               class is the right one: mean max_c p(c|x) − accuracy, mean over experiences.",
    source = "after Guo et al. 2017",
);

#[cfg(test)]
mod tests;
