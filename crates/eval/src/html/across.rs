//! The section on methods across streams.

use super::colour::colour;
use super::strong;
use super::table::table;
use crate::chart::{self, Ranked};
use crate::comparison::Role;
use crate::findings::Findings;
use crate::ranks::Across;
use crate::{prose, tables};
use maud::{Markup, html};

/// Mean ranks with their diagram; empty where streams cannot be compared.
pub(super) fn section(findings: &Findings<'_>) -> Markup {
    let suite = findings.suite;
    html! {
        @if let Some(across) = &findings.across {
            section #across {
                h2 { "Across streams" }
                p { @for sentence in prose::across(suite, across) { (strong(&sentence)) " " } }
                @if let Some(test) = &across.test {
                    figure {
                        div.scroll tabindex="0" role="region" aria-label="Mean ranks" {
                            div.wide { (chart::ranks("ranks", test, &ranked(findings, across))) }
                        }
                        figcaption { "Mean rank of each method, 1 if it is best on every stream. Methods joined by a bar are less than the critical \
                            difference apart, which two alike methods exceed in 5% of cases (Nemenyi)." }
                    }
                }
                @if let Some(ranks) = tables::ranks(suite, across) { (table(&ranks, None)) }
            }
        }
    }
}

/// The methods in their order, in the colours of the first stream.
fn ranked<'a>(findings: &'a Findings<'_>, across: &Across) -> Vec<Ranked<'a>> {
    let first = &findings.streams[across.streams[0]];
    let of = |method: &usize| {
        let row = first
            .rows
            .iter()
            .find(|r| r.method == *method && r.role != Role::Reference);
        Ranked {
            title: &findings.suite.manifest.methods[*method].title,
            class: row.map_or_else(String::new, |row| colour(first, row)),
        }
    };
    across.methods.iter().map(of).collect()
}
