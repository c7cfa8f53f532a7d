//! The settings of a run: whole, and what differs from the control's.

use crate::changes::settings_of_tables;
use crate::findings::Findings;
use maud::{Markup, html};

pub(super) fn section(findings: &Findings<'_>, run: usize) -> Markup {
    let suite = findings.suite;
    let run = &suite.runs[run];
    let method = &suite.manifest.methods[run.method];
    let control = suite.control().filter(|control| *control != run.method);
    html! {
        section {
            h2 { "Settings" }
            @if !method.summary.is_empty() { p { (method.summary) @if !method.citation.is_empty() { " (" (method.citation) ")" } } }
            @if let Some(control) = control {
                @let control = &suite.manifest.methods[control];
                @let differing = settings_of_tables(&control.configuration, &method.configuration);
                h3 { "Different from the control, " (control.title) }
                @if differing.is_empty() { p { "Nothing." } }
                @else { ul { @for setting in &differing { li { code { (setting) } } } } }
            }
            @if !run.entry.settings.is_empty() {
                h3 { "Chosen by other runs" }
                ul { @for (key, value) in &run.entry.settings { li { code { (key) " = " (value) } } } }
            }
            @if !method.configuration.trim().is_empty() {
                h3 { "All settings" }
                pre tabindex="0" aria-label="All settings" { code { (method.configuration.trim_end()) } }
            }
        }
    }
}
