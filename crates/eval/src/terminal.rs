//! The report for a terminal: one table for each stream, and the runs that did not finish.

use crate::comparison::{Role, Scoring, StreamComparison};
use crate::findings::Findings;
use crate::prose;
use crate::tables::{self, Head, Table};
use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, TableComponent, Width, presets,
};
use dentate_core::record::printable;
use std::fmt::Write as _;

/// The width at which long sentences are wrapped; numbers never are.
const WIDEST: u16 = 48;

/// All tables.
pub(crate) fn tables(findings: &Findings<'_>) -> String {
    let suite = findings.suite;
    let mut text = format!("{}\n", printable(&suite.manifest.title));
    let all = || findings.streams.iter().zip(&findings.said);
    for (c, said) in all().filter(|(c, _)| c.scoring != Scoring::Solving) {
        let title = printable(&suite.manifest.streams[c.stream].title);
        let _ = write!(text, "\n{title}\n{}\n", draw(&tables::brief(suite, c)));
        let said = said.headline.join(" ");
        let said: String = prose::parts(&said).map(|(_, part)| part).collect();
        let _ = writeln!(text, "{}", printable(&said));
    }
    let problems: Vec<&StreamComparison> = findings
        .streams
        .iter()
        .filter(|c| c.scoring == Scoring::Solving)
        .collect();
    if !problems.is_empty() {
        let _ = write!(
            text,
            "\nFunction-learning problems\n{}\n",
            draw(&tables::solving(suite, &problems))
        );
        for (c, said) in all().filter(|(c, _)| c.scoring == Scoring::Solving) {
            for said in &said.never_grew {
                let said: String = prose::parts(said).map(|(_, part)| part).collect();
                let title = &suite.manifest.streams[c.stream].title;
                let _ = writeln!(text, "{}", printable(&format!("{title}: {said}")));
            }
        }
    }
    if let Some(across) = &findings.across {
        let said = spoken(&prose::across(suite, across).join(" "));
        let _ = write!(text, "\nAcross streams\n{said}\n");
    }
    if let Some(table) = tables::brief_claims(&findings.claims) {
        let said = spoken(&prose::claims(&findings.claims));
        let _ = write!(text, "\nPublished claims\n{}\n{said}\n", draw(&table));
    }
    if let Some(table) = tables::unfinished(suite) {
        let _ = write!(text, "\nRuns without a result\n{}\n", draw(&table));
    }
    text
}

/// A sentence without emphasis, fit for a terminal.
fn spoken(sentence: &str) -> String {
    let parts: String = prose::parts(sentence).map(|(_, part)| part).collect();
    printable(&parts)
}

/// A table as text.
pub(crate) fn draw(table: &Table) -> String {
    let mut drawn = comfy_table::Table::new();
    drawn.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    for between_rows in [
        TableComponent::HorizontalLines,
        TableComponent::MiddleIntersections,
        TableComponent::LeftBorderIntersections,
        TableComponent::RightBorderIntersections,
    ] {
        drawn.remove_style(between_rows);
    }
    drawn.set_content_arrangement(ContentArrangement::Disabled);
    drawn.set_header(table.head.iter().map(|h| cell(h, title(h))));
    for line in &table.rows {
        drawn.add_row(
            table
                .head
                .iter()
                .zip(&line.cells)
                .enumerate()
                .map(|(i, (head, entry))| {
                    let mark = match (i, line.role) {
                        (0, Role::Control) => " (control)",
                        (0, Role::Reference) => " (reference)",
                        _ if entry.best => " *",
                        _ => "",
                    };
                    cell(head, printable(&entry.text) + mark)
                }),
        );
    }
    for column in drawn.column_iter_mut() {
        column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(WIDEST)));
    }
    let best = table
        .rows
        .iter()
        .flat_map(|line| &line.cells)
        .any(|entry| entry.best);
    let key = if best {
        "\n * the best of the methods that are compared"
    } else {
        ""
    };
    drawn.trim_fmt() + key
}

/// A column's heading, on two lines if it is long.
fn title(head: &Head) -> String {
    let title = if head.unit.is_empty() {
        printable(&head.title)
    } else {
        format!("{}, {}", printable(&head.title), head.unit)
    };
    let middle = title.len() / 2;
    let spaces = title.match_indices(' ').map(|(at, _)| at);
    match spaces
        .min_by_key(|at| at.abs_diff(middle))
        .filter(|_| title.len() > 12)
    {
        Some(at) => format!("{}\n{}", &title[..at], &title[at + 1..]),
        None => title,
    }
}

fn cell(head: &Head, text: String) -> Cell {
    Cell::new(text).set_alignment(if head.text {
        CellAlignment::Left
    } else {
        CellAlignment::Right
    })
}

#[cfg(test)]
mod tests;
