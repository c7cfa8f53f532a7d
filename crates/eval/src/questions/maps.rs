//! The question "What do the maps look like?".

use super::forgetting::curves;
use super::{beside, by_stream, detailed, resolution};
use crate::chart::{self, Lines, Scale, Sheet, stream_axis};
use crate::document::{Block, Section};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::tables;

pub(super) fn section(findings: &Findings<'_>) -> Option<Section> {
    let blocks = by_stream(findings, "maps", |i| {
        let (suite, c, name) = (findings.suite, &findings.streams[i], &findings.names[i]);
        let drawn = if detailed(findings) {
            drawings(findings, i)
        } else {
            Vec::new()
        };
        vec![
            beside([errors(findings, i)]),
            tables::maps(suite, c).map(|t| Block::Table(t.called(format!("maps-{name}")))),
            beside(drawn),
        ]
    });
    super::section("maps", "What do the maps look like?", blocks)
}

/// The error of all maps, on a logarithmic scale: a jump raises it by orders of magnitude.
fn errors(findings: &Findings<'_>, i: usize) -> Option<Figure> {
    let mut curves = curves(findings, i, |trace| &trace.map.errors);
    for curve in &mut curves {
        curve.points.retain(|p| p.mean > 0.0);
    }
    let y = Scale::wide(curves.iter().flat_map(|c| &c.points).map(|p| p.mean), 20.0);
    let sheet = Sheet {
        id: &format!("signals-{}", findings.names[i]),
        title: format!("{}: quantization error along the stream", findings.stream(i)),
        caption: "Mean squared distance of signals to the nearest prototype, each before it was learned from; mean over seeds with the 95% interval.".into(),
        description: String::new(),
        x: stream_axis(),
        y: Axis::new("Quantization error", ""),
    };
    let content = Lines {
        curves,
        levels: Vec::new(),
        experiences: Some(findings.experiences(i)),
        factor: 1.0,
        y,
        resolution: resolution(findings),
    };
    chart::lines(sheet, &content)
}

/// The maps of the first seed at several moments, and prototypes as images.
fn drawings(findings: &Findings<'_>, i: usize) -> Vec<Option<Figure>> {
    let name = &findings.names[i];
    let mut all = Vec::new();
    for (k, trace) in findings.traced[i].iter().enumerate() {
        let title = findings.title(i, k);
        let moments = Sheet {
            id: &format!("map-{name}-{k}"),
            title: format!("{title}: the map at several moments"),
            caption: "The first seed's, after these shares of the stream. Dots in grey: the last signals before that moment."
                .into(),
            description: String::new(),
            x: Axis::new("x", ""),
            y: Axis::new("y", ""),
        };
        all.push(chart::moments(
            moments,
            &findings.look(i, k),
            &trace.map.drawings,
            findings.experiences(i),
        ));
        let images = Sheet {
            id: &format!("prototypes-{name}-{k}"),
            title: format!("{title}: prototypes that won most"),
            caption: "The first seed's at the end.".into(),
            description: String::new(),
            x: Axis::default(),
            y: Axis::default(),
        };
        all.push(chart::prototypes(images, &trace.map.prototypes));
    }
    all
}
