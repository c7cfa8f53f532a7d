//! Size along the stream, and memory.

use super::derived::derived;
use crate::frames::{Frames, is_sequence};
use crate::group;
use dentate_core::record::metric;
use polars::prelude::*;

derived!(SIZE_EFFICIENCY, size_efficiency);
derived!(MEMORY, memory);
derived!(LARGEST_MEMORY, largest_memory);

/// `min(1, mean_i θ_1/θ_i)` with θ_i the parameters after experience i (Díaz-Rodríguez et al. 2018): each recorded size holds until the
/// next one.
fn size_efficiency(frames: &Frames) -> PolarsResult<DataFrame> {
    let recorded = group::last(
        &frames.records(metric::PARAMETERS)?,
        &["run", "experience"],
        "value",
    )?;
    let recorded = group::join(&recorded, frames.sides()?, &["run"])?;
    let within = recorded
        .column("experience")?
        .u32()?
        .lt(recorded.column("experiences")?.u32()?);
    let recorded = recorded.filter(&(is_sequence(&recorded)? & within))?;
    let (run, experience) = (recorded.column("run")?, recorded.column("experience")?);
    let end = recorded.column("experiences")?;
    let followed = run
        .u32()?
        .equal(run.shift(-1).u32()?)
        .fill_null_with_values(false)?;
    let until = experience.shift(-1).zip_with(&followed, end)?;
    let held = until.cast(&DataType::Float64)?.f64()? - experience.cast(&DataType::Float64)?.f64()?;
    let mut sizes = recorded.clone();
    sizes.with_column(held.with_name("held".into()).into_column())?;
    // Without a size after the first experience, or with one of no parameters, there is no ratio.
    let start = sizes.filter(&experience.u32()?.equal(0))?;
    let mut start = start.select(["run", "value"])?;
    start.rename("value", "first".into())?;
    let mut sizes = group::join(&sizes, &start, &["run"])?;
    let value = sizes.column("value")?.f64()?;
    let positive = value.gt(0.0);
    let (first, held) = (sizes.column("first")?.f64()?, sizes.column("held")?.f64()?);
    let ratio = &(first / value) * held;
    let ratio = ratio.set(&!positive, Some(f64::NAN))?;
    sizes.with_column(ratio.with_name("value".into()).into_column())?;
    let sums = group::sum(&sizes, &["run"], "value")?;
    let mut sums = group::join(&sums, frames.sides()?, &["run"])?;
    let experiences = sums.column("experiences")?.cast(&DataType::Float64)?;
    let means = sums.column("value")?.f64()? / experiences.f64()?;
    let capped = means.apply_values(|mean| if mean > 1.0 { 1.0 } else { mean });
    sums.with_column(capped.with_name("value".into()).into_column())?;
    Ok(sums)
}

/// The bytes held at the end of each experience, over all parts.
fn held(frames: &Frames) -> PolarsResult<DataFrame> {
    let records = frames.records(metric::MEMORY)?;
    let parts = group::last(&records, &["run", "experience", "item"], "value")?;
    group::sum(&parts, &["run", "experience"], "value")
}

fn memory(frames: &Frames) -> PolarsResult<DataFrame> {
    group::last(&held(frames)?, &["run"], "value")
}

fn largest_memory(frames: &Frames) -> PolarsResult<DataFrame> {
    group::max(&held(frames)?, &["run"], "value")
}
