//! Provenance of the results: enough to reproduce them.

use crate::findings::Findings;
use crate::prose;
use maud::{Markup, html};

/// Provenance, seeds and each method's configuration.
pub(super) fn section(findings: &Findings<'_>) -> Markup {
    let (suite, manifest) = (findings.suite, &findings.suite.manifest);
    let from = &manifest.provenance;
    let mut seeds: Vec<u64> = suite.runs.iter().map(|r| r.entry.seed).collect();
    seeds.sort_unstable();
    seeds.dedup();
    let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
    let seconds: f64 = suite.runs.iter().filter_map(|r| r.entry.seconds).sum();
    html! {
        section #made {
            h2 { "How this was made" }
            p { "The command that makes it again:" }
            pre.command { code { (from.command) } }
            dl.facts {
                div { dt { "Suite" } dd { (manifest.suite) } }
                div { dt { "Seeds" } dd { (seeds.join(", ")) } }
                div { dt { "Commit" } dd { (from.commit.as_deref().unwrap_or("not known")) } }
                div { dt { "Version" } dd { (from.version) } }
                div { dt { "Backend" } dd { (from.backend) } }
                div { dt { "Machine" } dd { (from.machine) } }
                div { dt { "When" } dd { (super::moment(&from.when)) } }
                @if seconds > 0.0 { div { dt { "Run time" } dd { (duration(seconds)) ", all runs added" } } }
            }
            @if let Some(inexact) = prose::inexact(suite) { p.note { (inexact) } }
            h3 { "Methods" }
            @for method in &manifest.methods {
                details {
                    summary { (method.title) span.about { (method.summary) } }
                    @if !method.citation.is_empty() { p.note { (method.citation) } }
                    pre { code { (method.configuration.trim_end()) } }
                }
            }
        }
    }
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s >= 5400.0 => format!("{:.1} hours", s / 3600.0),
        s if s >= 90.0 => format!("{:.1} minutes", s / 60.0),
        s => format!("{s:.1} seconds"),
    }
}
