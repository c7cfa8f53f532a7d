//! Area under the accuracy curve: how good the network was at any time, and not only at the ends of tasks.
//!
//! ```text
//! A_AUC = Σ_k (a_k + a_(k+1)) / 2 · (s_(k+1) − s_k) / (s_K − s_1)
//! ```
//!
//! with a_k the accuracy on the tasks seen so far, measured after s_k updates (Koh et al. 2022, arXiv:2110.10031, who sum rectangles over
//! samples). A run with fewer than two measurements has none.

use dentate_eval::prelude::*;

/// For each run the time average of its accuracy.
fn area(frames: &Frames) -> PolarsResult<DataFrame> {
    let records = frames.records("accuracy.stream")?;
    let run = records.column("run")?;
    let step = records.column("step")?.cast(&DataType::Float64)?;
    let value = records.column("value")?;
    let followed = run
        .u32()?
        .equal(run.shift(-1).u32()?)
        .fill_null_with_values(false)?;
    let width = (step.shift(-1) - step)?;
    let height = (value + &value.shift(-1))? * 0.5;
    let area = (&height * &width)?;
    let pieces = DataFrame::new(
        records.height(),
        vec![
            run.clone(),
            width.with_name("width".into()),
            area.with_name("value".into()),
        ],
    )?;
    let pieces = pieces.filter(&followed)?;
    let areas = group::sum(&pieces, &["run"], "value")?;
    let widths = group::sum(&pieces, &["run"], "width")?;
    // Both are by run; a width of 0 gives no number, and so no metric.
    let mean = (areas.column("value")? / widths.column("width")?)?;
    DataFrame::new(
        areas.height(),
        vec![areas.column("run")?.clone(), mean.with_name("value".into())],
    )
}

dentate_eval::register!(
    metric,
    "accuracy-area",
    title = "area under the accuracy curve",
    unit = percent,
    better = higher,
    formula = "Time average of the accuracy on the tasks seen so far, linear between measurements: Σ_k (a_k + a_(k+1)) / 2 · (s_(k+1) − s_k) / \
               (s_K − s_1), s_k the updates made.",
    source = "after Koh et al. 2022",
    records = ["accuracy.stream"],
    compute = area,
);

#[cfg(test)]
mod tests;
