//! Measures against a stream's joint reference.

use super::accuracy::own;
use super::derived::derived;
use crate::frames::Frames;
use crate::group;
use polars::prelude::*;

derived!(INTRANSIGENCE, intransigence);

/// `mean_k (J[k] − R[k][k])`, J of the joint reference's run of the same seed.
fn intransigence(frames: &Frames) -> PolarsResult<DataFrame> {
    let runs = frames
        .runs()
        .select(["run", "stream_place", "method_place", "seed"])?;
    let all = frames.accuracies()?;
    let at_once = all.column("tasks")?.u32()?.gt(1) & all.column("experiences")?.u32()?.equal(1);
    let joint = group::join(&all.filter(&at_once)?, &runs, &["run"])?;
    // The reference of a stream is the first method, in the suite's order, that learned all tasks at once.
    let first = group::min(&joint, &["stream_place"], "method_place")?;
    let joint = group::join(&joint, &first, &["stream_place", "method_place"])?;
    let own = group::join(&own(frames.sequences()?)?, &runs, &["run"])?;
    // Matrices of different widths are of different tasks.
    let mut reference = joint.select(["stream_place", "seed", "task", "tasks", "value"])?;
    reference.rename("value", "reference".into())?;
    let mut both = group::join(&own, &reference, &["stream_place", "seed", "task", "tasks"])?;
    let values = both.column("reference")?.f64()? - both.column("value")?.f64()?;
    both.with_column(values.with_name("value".into()).into_column())?;
    group::complete_mean(&both, "tasks")
}
