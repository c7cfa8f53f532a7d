//! Reconstruction errors along the stream.

use super::super::resolution;
use crate::chart::{self, Curve, Lines, Sheet, stream_axis};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::look::Look;
use crate::trajectory::Point;

/// Reconstruction errors along the stream, of each class and at each level of a stack.
pub(super) fn reconstructions(findings: &Findings<'_>, i: usize) -> Vec<Option<Figure>> {
    let c = &findings.streams[i];
    let by_seed = findings.suite.manifest.streams[c.stream].tasks_by_seed;
    let part = if by_seed { "task" } else { "class" };
    let by_class = format!(
        "Mean over seeds of the squared error per input feature: test rows of each {part}, learned or not, after each experience."
    );
    let by_level = "Mean over seeds of the squared error per input feature: training rows of what arrives, through the first levels of the stack, before it \
                    grows and after each round.";
    let mut all = Vec::new();
    for (k, trace) in findings.traced[i].iter().enumerate() {
        for (kind, named, caption) in [
            (part, &trace.classes, by_class.as_str()),
            ("level", &trace.levels, by_level),
        ] {
            let curve = |(n, (title, points)): (usize, &(String, Vec<Point>))| Curve {
                title: title.clone(),
                look: Look::nth(n),
                points: points.clone(),
            };
            let sheet = Sheet {
                id: &format!("reconstruction-{kind}-{}-{k}", findings.names[i]),
                title: format!("{}: reconstruction error by {kind}", findings.title(i, k)),
                caption: caption.to_owned(),
                description: String::new(),
                x: stream_axis(),
                y: Axis::new("Squared error", "thousandths"),
            };
            let content = Lines {
                curves: named.iter().enumerate().map(curve).collect(),
                levels: Vec::new(),
                experiences: Some(findings.experiences(i)),
                factor: 1000.0,
                y: None,
                resolution: resolution(findings),
            };
            all.push(chart::lines(sheet, &content));
        }
    }
    all
}
