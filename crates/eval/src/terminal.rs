//! The report for a terminal: one table for each stream and what did not finish.

use crate::comparison::{Judged, Role, StreamComparison};
use crate::report::Findings;
use crate::sentences;
use crate::tables::{self, Head, Table};
use comfy_table::{Cell, CellAlignment, ContentArrangement, presets};
use std::fmt::Write as _;

/// Columns a terminal is assumed to have.
const WIDTH: u16 = 118;

/// All tables.
pub(crate) fn tables(findings: &Findings<'_>) -> String {
    let suite = findings.suite;
    let mut text = format!("{}\n", suite.manifest.title);
    for c in findings.streams.iter().filter(|c| c.judged != Judged::Solving) {
        let title = &suite.manifest.streams[c.stream].title;
        let _ = write!(text, "\n{title}\n{}\n", draw(&tables::brief(suite, c)));
        let mut said = sentences::findings(suite, c);
        said.truncate(2);
        said.iter().for_each(|s| text.push_str(&format!("{}\n", s.replace("**", ""))));
    }
    let problems: Vec<&StreamComparison> = findings.streams.iter().filter(|c| c.judged == Judged::Solving).collect();
    if !problems.is_empty() {
        let _ = write!(text, "\nFunction-learning problems\n{}\n", draw(&tables::solving(suite, &problems)));
    }
    if let Some(table) = tables::unfinished(suite) {
        let _ = write!(text, "\n{}\n{}\n", table.caption, draw(&table));
    }
    text
}

fn draw(table: &Table) -> String {
    let mut drawn = comfy_table::Table::new();
    drawn.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    drawn.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    drawn.set_header(table.head.iter().map(|h| cell(h, title(h))));
    for line in &table.rows {
        drawn.add_row(table.head.iter().zip(&line.cells).enumerate().map(|(i, (head, entry))| {
            let mark = match (i, line.role) {
                (0, Role::Control) => " (control)",
                (0, Role::Reference) => " (reference)",
                _ if entry.best => " *",
                _ => "",
            };
            cell(head, format!("{}{mark}", entry.text))
        }));
    }
    drawn.trim_fmt()
}

fn title(head: &Head) -> String {
    if head.unit.is_empty() { head.title.clone() } else { format!("{}, {}", head.title, head.unit) }
}

fn cell(head: &Head, text: String) -> Cell {
    Cell::new(text).set_alignment(if head.text { CellAlignment::Left } else { CellAlignment::Right })
}
