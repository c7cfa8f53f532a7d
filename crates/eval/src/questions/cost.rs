//! The question "What does it cost?".

use super::axes::{measure, times};
use super::{beside, by_stream, detailed};
use crate::chart::{self, Sheet, Spot};
use crate::comparison::{MethodRow, Role, Scoring};
use crate::document::{Block, Section};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::metrics::{Direction, Metric};
use crate::statistics::Estimate;
use crate::tables;

pub(super) fn section(findings: &Findings<'_>) -> Option<Section> {
    let blocks = by_stream(findings, "cost", |i| {
        let (suite, c, name) = (findings.suite, &findings.streams[i], &findings.names[i]);
        if c.scoring == Scoring::Solving {
            return Vec::new();
        }
        let costs = [Metric::PARAMETERS, Metric::MEMORY, Metric::COMPUTE];
        let mut figures: Vec<Option<Figure>> = costs
            .iter()
            .map(|cost| against(findings, i, "cost", *cost))
            .collect();
        figures.push(against_time(findings, i));
        if !detailed(findings) {
            figures.clear();
        }
        let times = tables::times(suite, c).filter(|_| detailed(findings));
        vec![
            Some(Block::Say(findings.said[i].price.clone().into_iter().collect())),
            beside(figures),
            Some(Block::Table(
                tables::cost(suite, c, &findings.measured).called(format!("cost-{name}")),
            )),
            times.map(|t| {
                let table = Block::Table(t.called(format!("times-{name}")));
                Block::Folded("Where the time went".into(), vec![table])
            }),
        ]
    });
    super::section("cost", "What does it cost?", blocks)
}

/// The result against a cost that was measured.
pub(super) fn against(findings: &Findings<'_>, i: usize, kind: &str, cost: Metric) -> Option<Figure> {
    let (words, unit) = if cost == Metric::PARAMETERS {
        ("Parameters at the end", "")
    } else if cost == Metric::MEMORY {
        ("Memory held for learning at the end", "bytes")
    } else {
        ("Multiply-adds spent", "")
    };
    let of = |row: &MethodRow| row.estimates.get(&cost).copied();
    drawn(
        findings,
        i,
        &format!("{kind}-{}", cost.name()),
        Axis::new(words, unit),
        of,
    )
}

fn against_time(findings: &Findings<'_>, i: usize) -> Option<Figure> {
    let suite = findings.suite;
    let of = |row: &MethodRow| {
        let seconds: Vec<f64> = row
            .runs
            .iter()
            .filter_map(|run| suite.runs[*run].entry.seconds)
            .collect();
        Estimate::of(&seconds)
    };
    drawn(findings, i, "cost-seconds", Axis::new("Time of a run", "s"), of)
}

fn drawn(
    findings: &Findings<'_>,
    i: usize,
    kind: &str,
    x: Axis,
    cost: impl Fn(&MethodRow) -> Option<Estimate>,
) -> Option<Figure> {
    let c = &findings.streams[i];
    let metric = c.metric();
    if c.scoring == Scoring::Solving {
        return None;
    }
    let (axis, factor, possible) = measure(c);
    let mut spots: Vec<Spot> = Vec::new();
    let mut competing: Vec<bool> = Vec::new();
    for (k, row) in c.rows.iter().enumerate() {
        let (Some(cost), Some(result)) = (cost(row), row.estimates.get(&metric)) else {
            continue;
        };
        spots.push(Spot {
            title: findings.title(i, k).to_owned(),
            look: findings.look(i, k),
            cost,
            result: times(result, factor),
            front: false,
        });
        competing.push(row.role != Role::Reference);
    }
    if alike(&spots) {
        return None;
    }
    let higher = metric.direction() != Some(Direction::Lower);
    let points: Vec<(f64, f64)> = spots
        .iter()
        .map(|s| (s.cost.mean, if higher { s.result.mean } else { -s.result.mean }))
        .collect();
    for (spot, front) in spots.iter_mut().zip(front(&points, &competing)) {
        spot.front = front;
    }
    let better = if higher { "up" } else { "down" };
    let sheet = Sheet {
        id: &format!("{kind}-{}", findings.names[i]),
        title: format!(
            "{}: {} against {}",
            findings.stream(i),
            metric.title(),
            lower(&x.title)
        ),
        caption: format!(
            "Better is {better} and left. Ringed and joined: the Pareto front, methods that no other one betters in both. Upright strokes are 95% intervals."
        ),
        description: String::new(),
        x,
        y: axis,
    };
    chart::scatter(sheet, &spots, possible)
}

/// Returns whether all methods cost the same, within two parts in a hundred: a chart would tell them apart by nothing.
fn alike(spots: &[Spot]) -> bool {
    let costs = || spots.iter().map(|s| s.cost.mean);
    let (low, high) = costs().fold((f64::INFINITY, 0.0_f64), |(low, high), v| {
        (low.min(v), high.max(v))
    });
    high <= 1.02 * low
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |c| c.to_lowercase().chain(letters).collect())
}

/// For each method whether none of the competing ones is at most as costly and at least as good, and better in one of the two. Points are
/// costs and results, of which more is better.
fn front(points: &[(f64, f64)], competing: &[bool]) -> Vec<bool> {
    let beaten = |(cost, result): (f64, f64)| {
        points.iter().zip(competing).any(|((other, better), competes)| {
            *competes && *other <= cost && *better >= result && (*other < cost || *better > result)
        })
    };
    points
        .iter()
        .zip(competing)
        .map(|(point, competes)| *competes && !beaten(*point))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::front;

    #[test]
    fn the_front_is_of_methods_that_none_betters_in_both() {
        let points = [
            (1.0, 0.5),
            (2.0, 0.7),
            (2.0, 0.6),
            (3.0, 0.7),
            (9.0, 0.9),
            (0.5, 0.99),
        ];
        let competing = [true, true, true, true, true, false];
        assert_eq!(
            front(&points, &competing),
            [true, true, false, false, true, false]
        );
        assert_eq!(front(&[(1.0, 1.0), (1.0, 1.0)], &[true, true]), [true, true]);
    }
}
