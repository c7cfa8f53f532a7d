//! Methods across the streams of a suite: their mean ranks, with the Friedman test and the critical difference.

use crate::comparison::{MethodRow, Role, Scoring, StreamComparison};
use crate::metrics::{Direction, Metric};
use crate::statistics::{FEWEST_STREAMS, Friedman, MOST_METHODS};
use crate::suite::Suite;

/// The methods that a suite has results of on several comparable streams.
#[derive(Clone, Debug, PartialEq)]
pub struct Across {
    /// The measure that all of these streams are ranked by.
    pub metric: Metric,
    /// The streams, as indices of comparisons.
    pub streams: Vec<usize>,
    /// Methods with a result on each of them, as indices of the manifest.
    pub methods: Vec<usize>,
    /// Methods with a result on some of them.
    pub left_out: Vec<usize>,
    /// The test; `None` for more than [`MOST_METHODS`] methods.
    pub test: Option<Friedman>,
}

/// The methods across the streams that are ranked by the same measure: the most of them, of equally many the first. `None` where there
/// are fewer than [`FEWEST_STREAMS`] such streams, or fewer than two methods have a result on all of them.
#[must_use]
pub fn across(suite: &Suite, comparisons: &[StreamComparison]) -> Option<Across> {
    let (metric, streams) = comparable(comparisons)?;
    let value = |stream: usize, method: usize| -> Option<f64> {
        let competes = |row: &&MethodRow| row.method == method && row.role != Role::Reference;
        let row = comparisons[stream].rows.iter().find(competes)?;
        Some(row.estimates.get(&metric)?.mean)
    };
    let results = |method: &usize| streams.iter().filter(|s| value(**s, *method).is_some()).count();
    let all = 0..suite.manifest.methods.len();
    let (methods, others): (Vec<usize>, Vec<usize>) = all
        .filter(|method| results(method) > 0)
        .partition(|method| results(method) == streams.len());
    if methods.len() < 2 {
        return None;
    }
    let of_stream = |stream: &usize| methods.iter().filter_map(|m| value(*stream, *m)).collect();
    let values: Vec<Vec<f64>> = streams.iter().map(of_stream).collect();
    let higher = metric.direction() == Some(Direction::Higher);
    let test = (methods.len() <= MOST_METHODS).then(|| Friedman::of(&values, higher));
    Some(Across {
        metric,
        left_out: others,
        test: test.flatten(),
        streams,
        methods,
    })
}

/// The measure that most streams are ranked by, and these streams.
fn comparable(comparisons: &[StreamComparison]) -> Option<(Metric, Vec<usize>)> {
    let mut groups: Vec<(Metric, Vec<usize>)> = Vec::new();
    for (i, c) in comparisons.iter().enumerate() {
        let metric = c.metric();
        if c.scoring == Scoring::Solving || metric.direction().is_none() {
            continue;
        }
        match groups.iter_mut().find(|(own, _)| *own == metric) {
            Some((_, streams)) => streams.push(i),
            None => groups.push((metric, vec![i])),
        }
    }
    let most = groups.iter().map(|(_, streams)| streams.len()).max()?;
    groups
        .into_iter()
        .find(|(_, streams)| streams.len() == most)
        .filter(|_| most >= FEWEST_STREAMS)
}

#[cfg(test)]
mod tests;
