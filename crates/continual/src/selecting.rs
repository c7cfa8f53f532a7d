//! Selection of rows of an experience.

use dentate_core::{LearnError, Rows, Seed, Source};
use rand::seq::index;

/// A random sample of at most `most` rows, without replacement, in the order of the experience.
pub(crate) fn sample(source: &dyn Source, most: usize, seed: Seed) -> Result<Rows, LearnError> {
    // A request for no rows must not reach the source, which would refuse it in a single pass.
    if most == 0 {
        return Ok(Rows::default());
    }
    let n = source.count()?;
    let some = index::sample(&mut seed.derive("sample").random(), n, n.min(most));
    let mut positions: Vec<u32> = some.iter().map(|i| i as u32).collect();
    positions.sort_unstable();
    Ok(source.gather(&positions)?)
}

/// All rows.
pub(crate) fn all(source: &dyn Source) -> Result<Rows, LearnError> {
    let n = source.count()? as u32;
    Ok(source.gather(&(0..n).collect::<Vec<_>>())?)
}
