//! The sections of a run's page.

use super::super::{family, page};
use super::files::Folder;
use super::{curves, settings};
use crate::figure;
use crate::findings::Findings;
use crate::format::{self, plural};
use crate::log::Entry;
use crate::suite::{Outcome, Run};
use dentate_core::record::metric;
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeMap;

/// The most tasks whose accuracy matrix is shown.
const MOST_TASKS: usize = 20;

/// The page of a run.
pub(super) fn page_of(findings: &Findings<'_>, run: usize) -> String {
    let suite = findings.suite;
    let own = &suite.runs[run];
    let method = &suite.manifest.methods[own.method].title;
    let stream = &suite.manifest.streams[own.stream];
    let folder = Folder::of(suite, &own.entry.id);
    let unfinished: Vec<Entry>;
    let log: &[Entry] = if own.log.is_empty() {
        unfinished = folder.unfinished();
        &unfinished
    } else {
        &own.log
    };
    let title = format!("{method} · {} · seed {}", stream.title, own.entry.seed);
    let figures = curves::figures(log);
    let lives = folder.lives();
    let body = html! {
        header {
            p.kicker { a href="../report.html" { (suite.manifest.title) } " · run " (own.entry.id) }
            h1 { (title) }
            (facts(findings, own, &folder))
        }
        main {
            (outcome(own, log))
            @if !figures.is_empty() {
                section {
                    h2 { "Curves" }
                    div.figures { @for figure in &figures {
                        figure { (PreEscaped(&figure.svg)) figcaption { (figure.caption) } }
                    } }
                }
            }
            (growth(log))
            @match &lives {
                Some(Ok(lives)) => (family::section(lives, log)),
                Some(Err(wrong)) => section { h2 { "Units" } p.warn { "lineage.csv cannot be used: " (wrong) "." } },
                None => (family::architecture(log)),
            }
            (matrix(findings, run))
            (settings::section(findings, run))
            (tail(&folder))
            (files(own, &folder))
        }
        footer { p { "Made by dentate-report " (env!("CARGO_PKG_VERSION")) "." } }
    };
    page(&title, &figure::compact(figure::STYLE), &body)
}

fn facts(findings: &Findings<'_>, run: &Run, folder: &Folder) -> Markup {
    let from = &findings.suite.manifest.provenance;
    let costs = folder.costs();
    let holder = folder.holder();
    let seconds = run.entry.seconds;
    html! {
        dl.facts {
            div { dt { "State" } dd { @if run.outcome == Outcome::Finished { (run.outcome.word()) } @else { span.warn { (run.outcome.word()) } } } }
            div { dt { "Seed" } dd { (run.entry.seed) } }
            @if let Some(seconds) = seconds { div { dt { "Run time" } dd { (format::significant(seconds)) " s" } } }
            @if let Some(bytes) = costs.peak_bytes { div { dt { "Peak memory" } dd { (format::operations(bytes as f64)) "B" } } }
            @if let Some(first) = costs.first_update { div { dt { "To the first update" } dd { (format::significant(first)) " s" } } }
            @if costs.resumed > 0 { div { dt { "Resumed" } dd { (plural(costs.resumed as usize, "time")) @if run.entry.inexact { ", last bits may differ" } } } }
            @if let Some(holder) = &holder {
                @if !holder.host.is_empty() { div { dt { "Machine" } dd { (holder.host) @if let Some(job) = &holder.job { ", job " (job) } } } }
                @if !holder.since.is_empty() { div { dt { "Started" } dd { (holder.since) } } }
            }
            div { dt { "Suite ran on" } dd { (from.machine) } }
            div { dt { "Backend" } dd { (from.backend) } }
            div { dt { "Commit" } dd { (from.commit.as_deref().unwrap_or("not known")) } }
        }
        @if !run.entry.times.is_empty() {
            p.note { "Of this, in seconds: "
                (run.entry.times.iter().map(|(kind, s)| format!("{} {}", kind.name(), format::significant(*s))).collect::<Vec<_>>().join(", ")) "." }
        }
    }
}

/// The failure, if there was one.
fn outcome(run: &Run, log: &[Entry]) -> Markup {
    let detail = run.outcome.detail();
    html! {
        @if !detail.is_empty() {
            section {
                h2 { "Why it has no result" }
                p.warn { (detail) }
                @if let Some(last) = log.last() {
                    p.note { "Its last record is of update " (format::count(last.record.step as f64)) ", in experience "
                        (last.record.experience + 1) "." }
                }
            }
        }
    }
}

/// The edits by kind.
fn growth(log: &[Entry]) -> Markup {
    let mut kinds: BTreeMap<&str, (usize, f64, u64, u64)> = BTreeMap::new();
    for entry in log.iter().filter(|e| e.record.metric == metric::GROWTH) {
        let record = &entry.record;
        let kind = kinds.entry(record.item.as_deref().unwrap_or("grow")).or_insert((
            0,
            0.0,
            record.step,
            record.step,
        ));
        (kind.0, kind.1, kind.3) = (kind.0 + 1, kind.1 + record.value, record.step);
    }
    let stops = log.iter().filter(|e| e.record.metric == metric::STOP);
    let stops: Vec<&str> = stops.filter_map(|e| e.record.item.as_deref()).collect();
    html! {
        @if !kinds.is_empty() {
            section {
                h2 { "Growth" }
                div.scroll tabindex="0" role="region" aria-label="Growth" { table {
                    caption { "Edits of the network by kind." }
                    thead { tr { th scope="col" { "Edit" } th.number scope="col" { "Times" } th.number scope="col" { "Units born" }
                        th.number scope="col" { "First at update" } th.number scope="col" { "Last at update" } } }
                    tbody { @for (kind, (times, units, first, last)) in &kinds { tr {
                        th scope="row" { (kind) } td.number { (times) } td.number { (format::count(*units)) }
                        td.number { (format::count(*first as f64)) } td.number { (format::count(*last as f64)) }
                    } } }
                } }
                @if !stops.is_empty() { p.note { "Growth stopped: " (stops.join(", ")) "." } }
            }
        }
    }
}

/// The accuracy on each task after each.
fn matrix(findings: &Findings<'_>, run: usize) -> Markup {
    let matrix = &findings.measured[run].matrix;
    let stream = &findings.suite.manifest.streams[findings.suite.runs[run].stream];
    let name = |j: usize| {
        stream
            .tasks
            .get(j)
            .cloned()
            .unwrap_or_else(|| format!("task {}", j + 1))
    };
    html! {
        @if matrix.rows().len() > 1 && matrix.looks_back() && matrix.tasks() <= MOST_TASKS {
            section {
                h2 { "Accuracy after each task, %" }
                div.scroll tabindex="0" role="region" aria-label="Accuracy after each task" { table.matrix {
                    thead { tr { th scope="col" { "After" } @for j in 0..matrix.tasks() { th.number scope="col" { (name(j)) } } } }
                    tbody { @for (i, row) in matrix.rows().iter().enumerate() { tr {
                        th scope="row" { (name(i)) }
                        @for entry in row { td.number { (entry.map_or_else(|| format::ABSENT.into(), |v| format!("{:.1}", v * 100.0))) } }
                    } } }
                } }
            }
        }
    }
}

fn tail(folder: &Folder) -> Markup {
    let Some((text, more)) = folder.log() else {
        return html! {};
    };
    html! {
        section {
            h2 { "The end of its log" }
            @if more { p.note { "Earlier lines are in log.txt." } }
            pre tabindex="0" aria-label="The end of its log" { code { (text) } }
        }
    }
}

fn files(run: &Run, folder: &Folder) -> Markup {
    let linked = folder.linked();
    html! {
        @if !linked.is_empty() {
            section {
                h2 { "Files" }
                ul { @for (name, what) in &linked { li { a href=(format!("{}/{name}", run.entry.id)) { (name) } ": " (what) } } }
            }
        }
    }
}
