//! The section of one stream.

use super::colour::colour;
use super::table::{Drawn, table};
use super::{anchor, confusion, maps, matrix, pairs, plasticity, reconstruction, strong, survival, tally};
use crate::chart::{self, Curve, Lines, Range};
use crate::comparison::{MethodRow, Role, Scoring, StreamComparison};
use crate::findings::Findings;
use crate::format;
use crate::metrics::Metric;
use crate::plots::Figure;
use crate::prose;
use crate::tables;
use maud::{Markup, html};

/// The section of the `i`-th comparison.
pub(super) fn section(findings: &Findings<'_>, i: usize) -> Markup {
    let (suite, c) = (findings.suite, &findings.streams[i]);
    let entry = &suite.manifest.streams[c.stream];
    let drawn = whiskers(c);
    let outcome = tables::outcome(suite, c);
    html! {
        section id=(anchor(c)) {
            h2 { (entry.title) " " (tally(entry.tasks.len(), "task")) }
            p.scenario {
                (entry.scenario)
                @if let Some(chance) = entry.chance { " · chance level " (format!("{:.1}%", chance * 100.0)) }
                @if entry.on_training_rows { " · evaluated on training rows" }
                @if entry.tasks_by_seed { " · each seed has tasks of its own" }
                @else if !entry.tasks.is_empty() { " · tasks: " (names(&entry.tasks)) }
            }
            p { @for sentence in prose::findings(suite, c) { (strong(&sentence)) " " } }
            (table(&outcome, drawn.as_ref()))
            (pairs::pairs(suite, c, &findings.pairs[i]))
            @if let Some(transfer) = tables::transfer(suite, c) { (table(&transfer, None)) }
            (table(&tables::cost(suite, c, &findings.measured), None))
            @if let Some(classes) = tables::classes(suite, c, &findings.measured) { (table(&classes, None)) }
            @if let Some(errors) = tables::reconstruction(suite, c, &findings.measured) { (table(&errors, None)) }
            @if let Some(maps) = tables::maps(suite, c) { (table(&maps, None)) }
            @if let Some(plasticity) = tables::plasticity(suite, c) { (table(&plasticity, None)) }
            @if let Some(survival) = tables::survival(suite, c, &findings.figures[i]) { (table(&survival, None)) }
            @if let Some(newborns) = tables::newborns(suite, c, &findings.measured) { (table(&newborns, None)) }
            @if let Some(times) = tables::times(suite, c) { (table(&times, None)) }
            @if let Some(others) = tables::others(suite, c) { (table(&others, None)) }
            @for effects in tables::effects(suite, c) { (table(&effects, None)) }
            @if c.scoring == Scoring::Accuracy { (along(findings, i)) (matrix::matrices(findings, c)) (confusion::matrices(findings, c)) }
            (reconstruction::reconstruction(findings, i))
            (survival::survival(findings, i))
            (plasticity::plasticity(findings, i))
            (maps::maps(findings, i))
        }
    }
}

/// Names in a row; of many only the first ones and the last.
fn names(tasks: &[String]) -> String {
    match tasks {
        [first @ .., last] if first.len() >= 12 => format!("{}, …, {last}", first[..3].join(", ")),
        all => all.join(", "),
    }
}

fn whiskers(c: &StreamComparison) -> Option<Drawn> {
    let metric = c.metric();
    let competing = c.rows.iter().filter(|r| r.role != Role::Reference);
    let estimates: Vec<_> = competing.filter_map(|r| r.estimates.get(&metric)).collect();
    let control = c.control().and_then(|r| r.estimates.get(&metric)).map(|e| e.mean);
    let range = Range::around(&estimates, control)?;
    let cells = c.rows.iter().map(|r| {
        let estimate = r.estimates.get(&metric);
        // A reference is often far off: it must not compress the scale of the others.
        let estimate = estimate.filter(|e| r.role != Role::Reference || range.holds(e.mean));
        html! { @if let Some(e) = estimate { (chart::whisker(&range, e, &colour(c, r))) } }
    });
    Some(Drawn {
        behind: 2,
        title: "Interval",
        cells: cells.collect(),
    })
}

/// The charts along the stream: all methods at once, then one card per method.
fn along(findings: &Findings<'_>, i: usize) -> Markup {
    let (c, figures) = (&findings.streams[i], &findings.figures[i]);
    let manifest = &findings.suite.manifest;
    let entry = &manifest.streams[c.stream];
    let title = |row: &MethodRow| manifest.methods[row.method].title.as_str();
    let joint = |row: &MethodRow| {
        let estimate = row.estimates.get(&Metric::AVERAGE_ACCURACY)?;
        (row.role == Role::Reference).then_some(estimate.mean)
    };
    let rows = || {
        c.rows
            .iter()
            .zip(figures)
            .filter(|(r, f)| !f.accuracy.is_empty() || joint(r).is_some())
    };
    let curves: Vec<Curve<'_>> = rows()
        .map(|(r, f)| Curve {
            title: title(r),
            class: colour(c, r),
            points: &f.accuracy,
            level: joint(r),
        })
        .collect();
    let experiences = figures.iter().map(|f| f.experiences).max().unwrap_or(1);
    let y = axis(c, figures, entry.chance);
    let most = figures
        .iter()
        .flat_map(|f| &f.parameters)
        .map(|p| p.high)
        .fold(1.0, f64::max);
    let control = c
        .rows
        .iter()
        .zip(figures)
        .find(|(r, _)| r.role == Role::Control)
        .map(|(_, f)| f);
    let reference = c.rows.iter().find_map(joint);
    html! {
        @if !curves.is_empty() {
            h3 { "Along the stream" }
            figure {
                div.scroll tabindex="0" role="region" aria-label="Accuracy along the stream" {
                    div.wide { (chart::overview(&format!("overview-{i}"), &format!("{}: accuracy along the stream", entry.title), y, experiences, &curves)) }
                }
                figcaption { "Mean accuracy on the tasks seen so far, in percent, over the stream; numbers below count the tasks. "
                    "Every task is given the same width, whatever number of updates a method spent on it." }
            }
            div.cards {
                @for (n, (row, figure)) in c.rows.iter().zip(figures).enumerate().filter(|(_, (r, f))| r.role != Role::Reference && !f.accuracy.is_empty()) {
                    @let lines = Lines {
                        id: format!("c{i}-{n}"), title: title(row), class: colour(c, row), accuracy: y, most,
                        control: control.filter(|_| row.role != Role::Control).map(|f| f.accuracy.as_slice()),
                        reference, chance: entry.chance,
                    };
                    (card(findings, row, figure, &lines))
                }
            }
            p.note { "Accuracy: mean line and 95% interval over seeds; grey, the control; dashed, the joint reference. "
                "Parameters: mean and range over seeds. Units: mean by layer, stacked. "
                span.mark { "▾" } " growth; marks of all seeds are shown." }
        }
    }
}

/// The accuracy axis: from a round number below everything shown up to 1.
fn axis(c: &StreamComparison, figures: &[Figure], chance: Option<f64>) -> (f64, f64) {
    let shown = figures.iter().flat_map(|f| &f.accuracy).map(|p| p.mean);
    let ends = c
        .rows
        .iter()
        .filter_map(|r| r.estimates.get(&Metric::AVERAGE_ACCURACY))
        .map(|e| e.mean);
    let low = shown.chain(ends).chain(chance).fold(1.0, f64::min);
    (((low * 20.0 - 0.5).floor() / 20.0).clamp(0.0, 0.9), 1.0)
}

fn card(findings: &Findings<'_>, row: &MethodRow, figure: &Figure, lines: &Lines<'_>) -> Markup {
    let mut stops: Vec<&str> = row
        .runs
        .iter()
        .flat_map(|r| &findings.measured[*r].stops)
        .map(String::as_str)
        .collect();
    stops.sort_unstable();
    let all = stops.clone();
    stops.dedup();
    let stops: Vec<String> = stops
        .iter()
        .map(|s| format!("{s} ({})", all.iter().filter(|a| a == &s).count()))
        .collect();
    let grew = !figure.events.is_empty();
    let moved = figure
        .layers
        .iter()
        .any(|(_, p)| p.iter().any(|q| q.mean != p[0].mean));
    let born = row.estimates.get(&Metric::UNITS_BORN).filter(|_| grew);
    html! {
        article.card {
            h4 class=(lines.class) {
                span.swatch aria-hidden="true" {} (lines.title)
                @if row.role == Role::Control { " " span.tag { "control" } }
            }
            h5 { "Accuracy, %" }
            (chart::accuracy(lines, figure))
            @if !figure.parameters.is_empty() { h5 { "Parameters" } (chart::parameters(lines, figure)) }
            @if grew || moved {
                h5 { "Units by layer" }
                (chart::layers(lines, figure))
                p.note.units { (chart::layer_list(figure)) "." }
            }
            @if let Some(born) = born {
                p.note { (format::count(born.mean)) " units born in a run, on average."
                    @if !stops.is_empty() { " Growth stopped: " (stops.join(", ")) "." } }
            }
        }
    }
}
