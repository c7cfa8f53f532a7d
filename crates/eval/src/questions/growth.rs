//! Did growth pay?

use super::axes::{described, measure, times};
use super::{beside, by_stream, detailed, resolution};
use crate::chart::{self, Curve, Intervals, Lines, Row, Sheet, stream_axis};
use crate::comparison::Role;
use crate::document::{Block, Section};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::prose::twins;
use crate::statistics::Estimate;
use crate::tables;
use std::collections::BTreeMap;

pub(super) fn section(findings: &Findings<'_>) -> Option<Section> {
    let blocks = by_stream(findings, "growth", |i| {
        if findings.said[i].growth.is_empty() {
            return Vec::new();
        }
        let name = &findings.names[i];
        let charts = [gains(findings, i), sizes(findings, i)];
        let twins = tables::twins(findings.suite, &findings.streams[i]);
        vec![
            Some(Block::Say(findings.said[i].growth.clone())),
            beside(charts),
            twins.map(|t| Block::Table(t.called(format!("twins-{name}")))),
        ]
    });
    super::section("growth", "Did growth pay?", blocks)
}

/// Differences of growing methods from their twins, or from the control, seed by seed.
fn gains(findings: &Findings<'_>, i: usize) -> Option<Figure> {
    let (suite, c) = (findings.suite, &findings.streams[i]);
    let metric = c.metric();
    let (axis, factor, _) = measure(c);
    if !detailed(findings) {
        return None;
    }
    let control = c.rows.iter().position(|r| r.role == Role::Control);
    let mut rows: Vec<Row> = Vec::new();
    for (k, row) in c.rows.iter().enumerate() {
        if !suite.manifest.methods[row.method].grows || row.role != Role::Contender {
            continue;
        }
        let twins = twins(suite, c, k);
        let others: Vec<usize> = if twins.is_empty() {
            control.into_iter().collect()
        } else {
            twins
        };
        for other in others {
            let (Some(own), Some(theirs)) = (row.values.get(&metric), c.rows[other].values.get(&metric))
            else {
                continue;
            };
            let shared = own
                .iter()
                .filter_map(|(seed, v)| Some((*seed, (v - theirs.get(seed)?) * factor)));
            let values: BTreeMap<u64, f64> = shared.collect();
            let all: Vec<f64> = values.values().copied().collect();
            let step = row.step(metric).max(c.rows[other].step(metric)) * factor;
            let Some(estimate) = Estimate::stepped(&all, step) else {
                continue;
            };
            let against = match c.rows[other].role {
                Role::Control => String::new(),
                _ => {
                    let budget = crate::prose::budget(suite, &c.rows[other]).replace('-', " ");
                    format!(" less its twin ({budget})")
                }
            };
            rows.push(Row {
                title: format!("{}{against}", findings.title(i, k)),
                look: findings.look(i, k),
                estimate: times(&estimate, 1.0),
                values,
                apart: false,
            });
        }
    }
    if rows.is_empty() {
        return None;
    }
    let unit = if axis.unit == "%" {
        "points".into()
    } else {
        axis.unit
    };
    let sheet = Sheet {
        id: &format!("gains-{}", findings.names[i]),
        title: format!("{}: what growth brought", findings.stream(i)),
        caption: format!(
            "Difference in {} to the static twin of the budget named, or to the control where a method has no twin: mean with its 95% interval, and a dot \
             for each seed. Dashed: no difference.",
            metric.title()
        ),
        description: described(&rows),
        x: Axis::new("Difference", unit),
        y: Axis::new("Method", ""),
    };
    let content = Intervals {
        rows,
        at: Some((0.0, "no difference".into())),
        possible: (f64::NEG_INFINITY, f64::INFINITY),
        joined: false,
        titled: true,
    };
    chart::intervals(sheet, &content)
}

/// Parameters along the stream.
fn sizes(findings: &Findings<'_>, i: usize) -> Option<Figure> {
    let (c, traced) = (&findings.streams[i], &findings.traced[i]);
    let moved = |points: &[crate::trajectory::Point]| points.iter().any(|p| p.mean != points[0].mean);
    if !detailed(findings) || !traced.iter().any(|trace| moved(&trace.parameters)) {
        return None;
    }
    let curves = (0..c.rows.len())
        .filter(|k| traced[*k].parameters.len() > 1)
        .map(|k| Curve {
            title: findings.title(i, k).to_owned(),
            look: findings.look(i, k),
            points: stairs(&traced[k].parameters),
        });
    let sheet = Sheet {
        id: &format!("parameters-{}", findings.names[i]),
        title: format!("{}: parameters along the stream", findings.stream(i)),
        caption: "Mean over seeds; the band is their range.".into(),
        description: String::new(),
        x: stream_axis(),
        y: Axis::new("Parameters", ""),
    };
    let content = Lines {
        curves: curves.collect(),
        levels: Vec::new(),
        experiences: Some(findings.experiences(i)),
        factor: 1.0,
        y: None,
        resolution: 2 * resolution(findings),
    };
    chart::lines(sheet, &content)
}

/// The corners of a step curve: a value holds until the next point.
fn stairs(points: &[crate::trajectory::Point]) -> Vec<crate::trajectory::Point> {
    let mut corners: Vec<crate::trajectory::Point> = Vec::with_capacity(points.len() * 2);
    for p in points {
        if let Some(before) = corners.last().copied().filter(|before| before.mean != p.mean) {
            corners.push(crate::trajectory::Point { x: p.x, ..before });
        }
        corners.push(*p);
    }
    corners
}
