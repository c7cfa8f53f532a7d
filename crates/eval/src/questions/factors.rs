//! Which factor matters?

use super::axes::{described, of_metric, times};
use super::{beside, by_stream};
use crate::chart::{self, Intervals, Row, Sheet};
use crate::document::{Block, Section};
use crate::effects::{Effect, design, of_metrics};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::look::Look;
use crate::metrics::Metric;
use crate::tables;

/// The most effects that are drawn.
const MOST: usize = 20;

pub(super) fn section(findings: &Findings<'_>) -> Option<Section> {
    let blocks = by_stream(findings, "factors", |i| {
        let (suite, c, name) = (findings.suite, &findings.streams[i], &findings.names[i]);
        let effects = of_metrics(suite, c);
        if effects.is_empty() {
            return Vec::new();
        }
        let figures = effects
            .iter()
            .map(|(metric, effects)| drawn(findings, i, *metric, effects));
        let mut blocks = vec![
            design(suite).map(Block::Note),
            Some(Block::Say(findings.said[i].effects.clone())),
            beside(figures),
        ];
        let metrics = effects.iter().map(|(metric, _)| *metric);
        blocks.extend(
            tables::effects(suite, c)
                .into_iter()
                .zip(metrics)
                .map(|(t, metric)| {
                    Some(Block::Table(
                        t.called(format!("effects-{}-{name}", metric.name())),
                    ))
                }),
        );
        blocks
    });
    super::section("factors", "Which factor matters?", blocks)
}

/// Effects with their intervals, the largest first.
fn drawn(findings: &Findings<'_>, i: usize, metric: Metric, effects: &[Effect]) -> Option<Figure> {
    let (axis, factor, _) = of_metric(metric);
    let row = |effect: &Effect| Row {
        title: effect.name(),
        look: Look::nth(usize::from(effect.levels.is_none())),
        estimate: times(&effect.paired.difference, factor),
        values: Default::default(),
        apart: false,
    };
    let rows: Vec<Row> = effects.iter().take(MOST).map(row).collect();
    let unit = if axis.unit == "%" {
        "points".into()
    } else {
        axis.unit
    };
    let sheet = Sheet {
        id: &format!("effects-{}-{}", metric.name(), findings.names[i]),
        title: format!("{}: effects on {}", findings.stream(i), metric.title()),
        caption: "Main effects (squares) and two-way interactions (triangles), the largest first: mean over seeds with the 95% interval, not corrected. \
                  Dashed: no effect."
            .into(),
        description: described(&rows),
        x: Axis::new(format!("Effect on {}", metric.title()), unit),
        y: Axis::new("Factor", ""),
    };
    let content = Intervals {
        rows,
        at: Some((0.0, "no effect".into())),
        possible: (f64::NEG_INFINITY, f64::INFINITY),
        joined: false,
        titled: true,
    };
    chart::intervals(sheet, &content)
}
