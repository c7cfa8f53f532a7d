//! The report as one self-contained HTML page: no network and no font. A small script sorts, filters and highlights; everything can be read
//! without it.

use crate::document::{Block, Document, Part, Section};
use crate::figure::{self, compact};
use crate::findings::Findings;
use crate::prose;
use crate::questions::moment;
use crate::suite::Outcome;
use dentate_core::record::printable_lines;
use maud::{DOCTYPE, Markup, PreEscaped, html};

mod blocks;
mod heat;
mod methods;
mod table;
mod words;

const STYLE: &str = concat!(include_str!("html/style.css"), include_str!("html/heat.css"));
const SCRIPT: &str = include_str!("html/page.js");

/// More parts than this in a section are folded.
const UNFOLDED: usize = 8;

/// The whole page.
pub(crate) fn page(findings: &Findings<'_>, document: &Document) -> String {
    let manifest = &findings.suite.manifest;
    let streams: Vec<String> = (0..findings.streams.len())
        .map(|i| findings.stream(i).to_owned())
        .collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (manifest.title) " · comparison" }
                style { (PreEscaped(compact(figure::STYLE))) (PreEscaped(compact(STYLE))) }
            }
            body {
                a.skip href="#answers" { "Skip to the answers" }
                (contents(findings, document))
                div.page {
                    header {
                        p.kicker { "Comparison report · " (manifest.suite) }
                        h1 { (manifest.title) }
                        p.lede { (words::plain(&manifest.description)) }
                    }
                    main {
                        section #answers aria-labelledby="answers-h" {
                            h2 #answers-h { "In short" }
                            (blocks::all(&document.answers, match streams.as_slice() { [one] => one, _ => "" }))
                            (facts(findings))
                        }
                        @for section in &document.sections { (question(section, &streams)) }
                    }
                    footer { p { "Made by dentate-report " (env!("CARGO_PKG_VERSION")) " from " code { "manifest.json" } " and the records of the runs." } }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    // Markup characters are escaped where they enter; characters that a browser would not show are handled here.
    printable_lines(&page.into_string())
}

/// The table of contents with the methods' looks.
fn contents(findings: &Findings<'_>, document: &Document) -> Markup {
    html! {
        nav.contents aria-label="Contents" {
            details open {
                summary { "Contents" }
                ol {
                    li { a href="#answers" { "In short" } }
                    @for section in &document.sections {
                        @let parts = parts(section);
                        li {
                            a href=(format!("#{}", section.id)) { (section.question) }
                            @if !parts.is_empty() && parts.len() <= UNFOLDED {
                                ul { @for part in parts { li { a href=(format!("#{}", part.id)) { (part.title) } } } }
                            }
                        }
                    }
                }
            }
            (methods::panel(findings))
        }
    }
}

fn parts(section: &Section) -> Vec<&Part> {
    let of = |block: &'_ Block| matches!(block, Block::Part(_));
    let parts = section.blocks.iter().filter(|block| of(block));
    parts
        .filter_map(|block| match block {
            Block::Part(part) => Some(part),
            _ => None,
        })
        .collect()
}

fn question(section: &Section, streams: &[String]) -> Markup {
    let heading = format!("{}-h", section.id);
    let folded = parts(section).len() > UNFOLDED;
    html! {
        section id=(section.id) aria-labelledby=(heading) {
            h2 id=(heading) { (section.question) }
            // A single stream is not named by every figure.
            @let only = match streams { [one] => one.as_str(), _ => "" };
            @for block in &section.blocks {
                @match block {
                    Block::Part(part) if folded => {
                        details.part id=(part.id) {
                            summary { (part.title) }
                            (blocks::all(&part.blocks, &part.title))
                        }
                    },
                    block => (blocks::block(block, only)),
                }
            }
        }
    }
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
            div { dt { "When" } dd { (moment(&manifest.provenance.when)) } }
        }
    }
}
