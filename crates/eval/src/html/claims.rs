//! The section on published claims.

use super::table::table;
use crate::findings::Findings;
use crate::{prose, tables};
use maud::{Markup, html};

/// The table with its notes; empty if the suite makes no claim.
pub(super) fn section(findings: &Findings<'_>) -> Markup {
    let tested = &findings.claims;
    html! {
        @if let Some(claims) = tables::claims(tested) {
            section #claims {
                h2 { "Published claims" }
                p { (prose::claims(tested)) }
                (table(&claims, None))
                p.note { "A claim is held if the mean over seeds is within the tolerance of the published figure, or in the asserted order; \
                    a claim about each run, if every run is. The interval decides nothing: a verdict that the whole 95% interval agrees with is \
                    certain, and another is open." }
                @let notes = prose::notes(tested);
                @if !notes.is_empty() {
                    details {
                        summary { "Departures and causes" }
                        ul { @for (what, said) in notes {
                            li { strong { (what) } " " (said) }
                        } }
                    }
                }
            }
        }
    }
}
