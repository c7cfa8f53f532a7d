//! The question "Who is best, and is it real?".

use super::axes::{described, measure, times};
use super::{across, beside, by_stream, problems, resolution};
use crate::chart::{self, Curve, Intervals, Level, Lines, Row, Scale, Sheet, stream_axis};
use crate::comparison::{MethodRow, Role, Scoring};
use crate::document::{Block, Reference, References, Section};
use crate::figure::{Axis, Figure};
use crate::findings::Findings;
use crate::format::{self, ABSENT};
use crate::metrics::{Metric, Unit};
use crate::statistics::{Estimate, FEWEST};
use crate::trajectory::Point;
use crate::{prose, tables};

fn blocks(findings: &Findings<'_>) -> Vec<Block> {
    let mut blocks = across::blocks(findings);
    blocks.extend(by_stream(findings, "best", |i| {
        let (suite, c) = (findings.suite, &findings.streams[i]);
        if c.scoring == Scoring::Solving {
            return Vec::new();
        }
        let name = &findings.names[i];
        let pairs = tables::pairs_table(suite, c, &findings.pairs[i]).filter(|_| super::detailed(findings));
        vec![
            Some(Block::Note(prose::name(&scenario(findings, i)))),
            Some(Block::Say(findings.said[i].best.clone())),
            beside([intervals(findings, i), along(findings, i)]),
            Some(Block::Outcome(
                tables::outcome(suite, c).called(format!("outcome-{name}")),
                references(findings, i),
            )),
            tables::others(suite, c).map(|t| Block::Table(t.called(format!("others-{name}")))),
            pairs.map(|t| {
                let table = Block::Table(t.called(format!("pairs-{name}")));
                Block::Folded("Any method against any other".into(), vec![table])
            }),
        ]
    }));
    blocks.extend(problems::blocks(findings));
    if findings.streams.iter().any(|c| c.scoring != Scoring::Solving) {
        blocks.push(Block::Note(testing()));
    }
    if let Some(table) = tables::unfinished(findings.suite) {
        blocks.push(Block::Part(crate::document::Part {
            id: "unfinished".into(),
            title: "Runs without a result".into(),
            blocks: vec![Block::Table(table.called("unfinished-runs".into()))],
        }));
    }
    blocks
}

pub(super) fn section(findings: &Findings<'_>) -> Option<Section> {
    let solving =
        !findings.streams.is_empty() && findings.streams.iter().all(|c| c.scoring == Scoring::Solving);
    let question = if solving {
        "Which problems were solved?"
    } else {
        "Who is best, and is it real?"
    };
    super::section("best", question, blocks(findings))
}

/// The tests of differences, in words.
fn testing() -> String {
    format!(
        "In bold: the best of the methods that compete. Intervals are 95% Student-t intervals over seeds, none of fewer than 3; in brackets, one that is cut at what is possible. Differences are \
         paired by seed. A method is better or worse than the control where the paired t-test, Holm-corrected over the methods of the stream, gives \
         p < 0.05; the leader and the runner-up are a pair that was chosen after seeing the results, so their test is Bonferroni-corrected for all \
         pairs. Fewer than {FEWEST} shared seeds are too few to tell, and where they differ by less than a single row that is right or wrong, there is no \
         spread to tell by; nothing is tested then. The differences that so many seeds can detect, and the seeds that would settle what is open, are \
         those of the noncentral t-distribution at a power of 80%."
    )
}

/// The setting of a stream in a line.
fn scenario(findings: &Findings<'_>, i: usize) -> String {
    let entry = &findings.suite.manifest.streams[findings.streams[i].stream];
    let mut tasks = format::plural(entry.tasks.len(), "task");
    if !entry.tasks_by_seed && !entry.tasks.is_empty() {
        tasks = format!("{tasks}: {}", names(&entry.tasks));
    }
    let mut parts = vec![entry.scenario.clone(), tasks];
    parts.extend(
        entry
            .chance
            .map(|chance| format!("chance level {:.1}%", chance * 100.0)),
    );
    if entry.on_training_rows {
        parts.push("evaluated on training rows".into());
    }
    if entry.tasks_by_seed {
        parts.push("each seed has tasks of its own".into());
    }
    parts.join(" · ")
}

/// Names in a row; of many only the first ones and the last.
fn names(tasks: &[String]) -> String {
    match tasks {
        [first @ .., last] if first.len() >= 12 => format!("{}, …, {last}", first[..3].join(", ")),
        all => all.join(", "),
    }
}

/// Means with intervals, and a dot for each seed.
fn intervals(findings: &Findings<'_>, i: usize) -> Option<Figure> {
    let c = &findings.streams[i];
    let metric = c.metric();
    let (axis, factor, possible) = measure(c);
    let row = |(k, row): (usize, &MethodRow)| {
        let estimate = row.estimates.get(&metric)?;
        let values = row.values.get(&metric)?;
        Some(Row {
            title: findings.title(i, k).to_owned(),
            look: findings.look(i, k),
            estimate: times(estimate, factor),
            values: values.iter().map(|(seed, v)| (*seed, v * factor)).collect(),
            apart: row.role == Role::Reference,
        })
    };
    let rows: Vec<Row> = c.rows.iter().enumerate().filter_map(row).collect();
    let control = c.control().and_then(|r| r.estimates.get(&metric));
    let content = Intervals {
        at: control.map(|e| (e.mean * factor, "mean of the control".to_owned())),
        rows,
        possible,
        joined: true,
        titled: super::detailed(findings),
    };
    let sheet = Sheet {
        id: &format!("seeds-{}", findings.names[i]),
        title: format!("{}: {} by method and seed", findings.stream(i), metric.title()),
        caption: "Mean and 95% interval over seeds; small dots are seeds, and a thin line joins the results of one seed. Dashed: the control's mean. \
                  An arrow points to a reference outside the axis."
            .into(),
        description: described(&content.rows),
        x: axis,
        y: Axis::new("Method", ""),
    };
    chart::intervals(sheet, &content)
}

/// The main measure of all methods along the stream.
fn along(findings: &Findings<'_>, i: usize) -> Option<Figure> {
    let (c, traced) = (&findings.streams[i], &findings.traced[i]);
    let entry = &findings.suite.manifest.streams[c.stream];
    if c.scoring != Scoring::Accuracy {
        return None;
    }
    let rows = || c.rows.iter().zip(traced).enumerate();
    let curves: Vec<Curve> = rows()
        .filter(|(_, (row, trace))| row.role != Role::Reference && trace.accuracy.len() > 1)
        .map(|(k, (_, trace))| Curve {
            title: findings.title(i, k).to_owned(),
            look: findings.look(i, k),
            points: if super::detailed(findings) {
                trace.accuracy.clone()
            } else {
                bare(&trace.accuracy)
            },
        })
        .collect();
    let just_learned = traced
        .iter()
        .any(|trace| trace.just_learned && trace.accuracy.len() > 1);
    let reference = rows().filter(|(_, (row, _))| row.role == Role::Reference && !just_learned);
    let mut levels: Vec<Level> = reference
        .filter_map(|(k, (row, _))| {
            Some(Level {
                title: findings.title(i, k).to_owned(),
                value: row.estimates.get(&Metric::AVERAGE_ACCURACY)?.mean,
                look: Some(findings.look(i, k)),
            })
        })
        .collect();
    levels.extend(entry.chance.map(|value| Level {
        title: "chance".into(),
        value,
        look: None,
    }));
    let lowest = curves
        .iter()
        .flat_map(|c| &c.points)
        .map(|p| p.mean.min(p.low.max(0.0)));
    let lowest = lowest.fold(1.0_f64, f64::min);
    let low = ((lowest * 20.0 - 0.5).floor() / 20.0).clamp(0.0, 0.95);
    // A level far below the curves must not flatten them.
    levels.retain(|level| level.value >= low - 0.15);
    let low = levels.iter().map(|l| l.value - 0.02).fold(low, f64::min).max(0.0);
    let (title, caption) = if just_learned {
        (
            "accuracy on the task just learned",
            "Each task right after it was learned: mean over seeds, with the 95% interval as a band. Other tasks are not judged on this stream.",
        )
    } else {
        (
            "accuracy along the stream",
            "Mean accuracy on the tasks seen so far: mean over seeds, with the 95% interval as a band. Every experience is given the same width, \
             whatever number of updates a method spent on it.",
        )
    };
    let sheet = Sheet {
        id: &format!("along-{}", findings.names[i]),
        title: format!("{}: {title}", findings.stream(i)),
        caption: caption.into(),
        description: String::new(),
        x: stream_axis(),
        y: Axis::new("Accuracy", "%"),
    };
    let content = Lines {
        curves,
        levels,
        experiences: Some(findings.experiences(i)),
        factor: 100.0,
        y: Some(Scale::linear(100.0 * low, 100.0)),
        resolution: resolution(findings),
    };
    chart::lines(sheet, &content)
}

/// Points without a band.
fn bare(points: &[Point]) -> Vec<Point> {
    let bare = |p: &Point| Point {
        low: p.mean,
        high: p.mean,
        ..*p
    };
    points.iter().map(bare).collect()
}

/// The differences between all pairs, as the page's script shows them.
fn references(findings: &Findings<'_>, i: usize) -> References {
    let c = &findings.streams[i];
    let metric = c.metric();
    let unit = match metric.unit() {
        Unit::Percent => Unit::Points,
        unit => unit,
    };
    let pair = |p: &crate::pairs::Pair| {
        let d = p.paired.difference;
        let turned = Estimate { mean: -d.mean, ..d };
        let untested = p.paired.p.err();
        let verdict = |mean: f64| match p.adjusted {
            None if untested.is_none() => ABSENT,
            _ => tables::said(mean, metric, p.significant, untested),
        };
        Reference {
            one: c.rows[p.one].method,
            other: c.rows[p.other].method,
            difference: [format::difference(unit, &d), format::difference(unit, &turned)],
            p: p.adjusted.map_or_else(|| ABSENT.into(), format::p_value),
            verdict: [verdict(d.mean), verdict(-d.mean)],
        }
    };
    References {
        control: c.control().map(|r| r.method),
        pairs: findings.pairs[i].iter().map(pair).collect(),
    }
}
