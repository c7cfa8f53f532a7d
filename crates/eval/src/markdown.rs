//! The report as Markdown: the same sentences and tables as the page.

use crate::comparison::Role;
use crate::document::{Block, Document, Heat};
use crate::findings::Findings;
use crate::format;
use crate::prose;
use crate::tables::Table;
use dentate_core::record::printable_lines;
pub(crate) use escaping::{block, escape, sentence};
use escaping::{fenced, paragraph, tag};
use std::fmt::Write as _;

mod escaping;

/// The whole page.
pub(crate) fn page(findings: &Findings<'_>, document: &Document) -> String {
    let (suite, manifest) = (findings.suite, &findings.suite.manifest);
    let (title, description) = (escape(&manifest.title), block(&manifest.description));
    let mut text = format!("# {title}\n\n{description}\n");
    let all: Vec<usize> = (0..suite.runs.len()).collect();
    let mut standing = format::plural(all.len(), "run");
    if let Some(counts) = prose::counts(suite, &all) {
        let _ = write!(standing, ", of which {counts}");
    }
    let _ = write!(text, "\n{standing}. Best of the competing methods in **bold**.\n");
    text.push_str("\n## In short\n");
    write_all(&mut text, &document.answers, 3);
    for section in &document.sections {
        let _ = write!(text, "\n## {}\n", section.question);
        write_all(&mut text, &section.blocks, 3);
    }
    printable_lines(&text)
}

/// Appends blocks; headings among them have this level.
fn write_all(text: &mut String, blocks: &[Block], level: usize) {
    for block in blocks {
        write_block(text, block, level);
    }
}

fn write_block(text: &mut String, block: &Block, level: usize) {
    match block {
        Block::Say(sentences) => {
            let _ = write!(text, "\n{}\n", paragraph(&sentences.join(" ")));
        }
        Block::Head(title) => {
            let _ = write!(text, "\n{} {}\n", "#".repeat(level), escape(title));
        }
        Block::Note(note) => {
            let _ = write!(text, "\n{}\n", paragraph(note));
        }
        Block::List(entries) => {
            text.push('\n');
            for (name, said) in entries {
                let _ = writeln!(text, "- **{}** {}", escape(name), sentence(said));
            }
        }
        Block::Facts(facts) => {
            text.push('\n');
            for (name, value) in facts {
                let _ = writeln!(text, "- {}: {}", escape(name), escape(value));
            }
        }
        Block::Table(table) | Block::Outcome(table, _) => draw(text, table),
        // A page of text has the numbers of drawings in tables, or in the files beside it.
        Block::Figure(_) => {}
        Block::Heat(map) => heat(text, map),
        Block::Beside(blocks) => write_all(text, blocks, level),
        Block::Folded(title, blocks) => {
            let _ = write!(text, "\n<details><summary>{}</summary>\n", tag(title));
            write_all(text, blocks, level);
            text.push_str("\n</details>\n");
        }
        Block::Part(part) => {
            let _ = write!(text, "\n{} {}\n", "#".repeat(level), escape(&part.title));
            write_all(text, &part.blocks, level + 1);
        }
        Block::Code(language, code) => {
            let _ = write!(text, "\n{}\n", fenced(language, code));
        }
        Block::Files(files) => {
            text.push('\n');
            for (name, what) in files {
                let _ = writeln!(text, "- [{name}]({name}): {what}");
            }
        }
    }
}

/// A heat map as a table of numbers.
fn heat(text: &mut String, map: &Heat) {
    let _ = write!(text, "\n{}\n\n| {} |", escape(&map.caption), map.corner);
    map.columns
        .iter()
        .for_each(|name| text.push_str(&format!(" {} |", escape(name))));
    text.push_str(&format!("\n| --- |{}", " ---: |".repeat(map.columns.len())));
    for (name, cells) in &map.rows {
        let _ = write!(text, "\n| {} |", escape(name));
        cells
            .iter()
            .for_each(|cell| text.push_str(&format!(" {} |", escape(&cell.text))));
    }
    text.push('\n');
}

/// Appends a table with its caption.
pub(crate) fn draw(text: &mut String, table: &Table) {
    let _ = write!(text, "\n{}\n\n|", block(&table.caption));
    for head in &table.head {
        let unit = if head.unit.is_empty() {
            String::new()
        } else {
            format!(", {}", head.unit)
        };
        let _ = write!(text, " {}{unit} |", escape(&head.title));
    }
    text.push_str("\n|");
    table
        .head
        .iter()
        .for_each(|head| text.push_str(if head.text { " --- |" } else { " ---: |" }));
    for line in &table.rows {
        text.push_str("\n|");
        for (i, cell) in line.cells.iter().enumerate() {
            let shown = escape(&cell.text);
            let _ = match (i, line.role, cell.best) {
                (0, Role::Control, _) => write!(text, " {shown} (control) |"),
                (0, Role::Reference, _) => write!(text, " {shown} (reference) |"),
                (_, _, true) => write!(text, " **{shown}** |"),
                _ => write!(text, " {shown} |"),
            };
        }
    }
    text.push('\n');
}
