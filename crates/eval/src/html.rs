//! The report as one self-contained HTML page: no network, no script, no font.

use crate::comparison::{Scoring, StreamComparison};
use crate::findings::Findings;
use crate::format;
use crate::prose;
use crate::statistics::FEWEST;
use crate::suite::Outcome;
use crate::tables::{self, capital};
use dentate_core::record::printable_lines;
use maud::{DOCTYPE, Markup, PreEscaped, html};

mod across;
mod claims;
mod colour;
mod confusion;
mod maps;
mod matrix;
mod pairs;
mod plasticity;
mod problems;
mod provenance;
mod reconstruction;
mod stream;
mod survival;
mod table;

const STYLE: &str = include_str!("html/style.css");

/// The whole page.
pub(crate) fn page(findings: &Findings<'_>) -> String {
    let (suite, manifest) = (findings.suite, &findings.suite.manifest);
    let streams: Vec<usize> = scored(findings, |j| j != Scoring::Solving);
    let problems: Vec<usize> = scored(findings, |j| j == Scoring::Solving);
    let unfinished = tables::unfinished(suite);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (manifest.title) " · comparison" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.kicker { "Comparison report · " (manifest.suite) }
                    h1 { (manifest.title) }
                    p.lede { (manifest.description) }
                    (facts(findings))
                }
                main {
                    section #summary {
                        h2 { "Summary" }
                        @for &i in &streams { (summary(findings, &findings.streams[i])) }
                        @for &i in &problems { (summary(findings, &findings.streams[i])) }
                        @if findings.streams.is_empty() { p { "The suite asks for no run." } }
                    }
                    (claims::section(findings))
                    (across::section(findings))
                    @if let Some(table) = &unfinished {
                        section #unfinished {
                            h2 { "Runs without a result" }
                            (table::table(table, None))
                        }
                    }
                    @for &i in &streams { (stream::section(findings, i)) }
                    @if !problems.is_empty() { (problems::section(findings, &problems)) }
                    (measures(findings))
                    (provenance::section(findings))
                }
                footer { p { "Made by dentate-report " (env!("CARGO_PKG_VERSION")) " from " code { "manifest.json" }
                    " and the run's records. The numbers behind this page: " code { "summary.csv" } ", "
                    code { "pairs.csv" } ", " code { "metrics.csv" } "." } }
            }
        }
    };
    // Markup characters are escaped where they enter; characters that a browser would not show are handled here.
    printable_lines(&page.into_string())
}

fn scored(findings: &Findings<'_>, keep: impl Fn(Scoring) -> bool) -> Vec<usize> {
    (0..findings.streams.len())
        .filter(|i| keep(findings.streams[*i].scoring))
        .collect()
}

fn facts(findings: &Findings<'_>) -> Markup {
    let (suite, manifest) = (findings.suite, &findings.suite.manifest);
    let finished = suite
        .runs
        .iter()
        .filter(|r| r.outcome == Outcome::Finished)
        .count();
    let mut seeds: Vec<u64> = suite.runs.iter().map(|r| r.entry.seed).collect();
    seeds.sort_unstable();
    seeds.dedup();
    let control = suite
        .control()
        .map_or("none", |m| manifest.methods[m].title.as_str());
    let all: Vec<usize> = (0..suite.runs.len()).collect();
    html! {
        dl.facts {
            div { dt { "Runs" } dd { (finished) " of " (suite.runs.len()) " finished"
                @if let Some(counts) = prose::counts(suite, &all) { " · " span.warn { (counts) } } } }
            div { dt { "Seeds" } dd { (seeds.len()) } }
            div { dt { "Control" } dd { (control) } }
            div { dt { "Backend" } dd { (manifest.provenance.backend) } }
            div { dt { "When" } dd { (moment(&manifest.provenance.when)) } }
        }
    }
}

fn summary(findings: &Findings<'_>, c: &StreamComparison) -> Markup {
    let entry = &findings.suite.manifest.streams[c.stream];
    html! {
        div.finding {
            h3 { a href=(format!("#{}", anchor(c))) { (entry.title) } }
            p { @for sentence in prose::headline(findings.suite, c) { (strong(&sentence)) " " } }
        }
    }
}

/// The id of a stream's section.
fn anchor(c: &StreamComparison) -> String {
    match c.scoring {
        Scoring::Solving => "problems".into(),
        _ => format!("stream-{}", c.stream),
    }
}

/// A sentence, with the text between `**` emphasised.
fn strong(sentence: &str) -> Markup {
    html! {
        @for (strong, part) in prose::parts(sentence) {
            @if strong { strong { (part) } } @else { (part) }
        }
    }
}

fn measures(findings: &Findings<'_>) -> Markup {
    html! {
        section #measures {
            h2 { "Measures" }
            p.note {
                "R[i][j] is the accuracy on task j after learning task i of T. A dash stands where a quantity does not exist: \
                 a method that learns all tasks at once has one row of R, and so no forgetting. Intervals are 95% Student-t \
                 intervals over seeds; differences are paired by seed. A difference is "
                em { "significant" } " where its paired t-test, Holm-corrected over the methods of the stream, gives p < 0.05, and "
                em { "not significant" } " otherwise. Fewer than " (FEWEST) " shared seeds are too few to tell, and where they differ by less than a \
                single row that is right or wrong, there is no spread to tell by; nothing is tested then. The differences that so many seeds can \
                 detect, and the seeds that would settle what is open, are those of the noncentral t-distribution at a power of 80%."
            }
            dl.measures {
                @for metric in findings.metrics() {
                    div id=(format!("measure-{}", metric.name())) {
                        dt { (capital(metric.title())) }
                        dd { (metric.explanation()) }
                    }
                }
            }
        }
    }
}

/// An RFC 3339 time in UTC for reading; anything else as it is.
fn moment(when: &str) -> String {
    match when.split_once('T') {
        Some((day, time)) if time.ends_with('Z') && time.is_char_boundary(5) && time.len() > 5 => {
            format!("{day} {} UTC", &time[..5])
        }
        _ => when.into(),
    }
}

/// A count in the subdued style of a heading.
fn tally(n: usize, thing: &str) -> Markup {
    html! { span.tally { (format::plural(n, thing)) } }
}
