//! The report as Markdown: the same sentences and tables as the page.

use crate::comparison::{Role, Scoring, StreamComparison};
use crate::findings::Findings;
use crate::format::{self, ABSENT};
use crate::metrics;
use crate::prose;
use crate::tables::{self, Table, capital};
use dentate_core::metrics::AccuracyMatrix;
pub(crate) use escaping::{block, escape, sentence};
use escaping::{fenced, tag};
use std::fmt::Write as _;

mod escaping;

/// The whole page.
pub(crate) fn page(findings: &Findings<'_>) -> String {
    let (suite, manifest) = (findings.suite, &findings.suite.manifest);
    let (title, description) = (escape(&manifest.title), block(&manifest.description));
    let mut text = format!("# {title}\n\n{description}\n");
    let all: Vec<usize> = (0..suite.runs.len()).collect();
    let mut standing = format::plural(all.len(), "run");
    if let Some(counts) = prose::counts(suite, &all) {
        let _ = write!(standing, ", of which {counts}");
    }
    let _ = write!(text, "\n{standing}. Best of the competing methods in **bold**.\n");
    claims(&mut text, findings);
    if let Some(across) = &findings.across {
        let said = sentence(&prose::across(suite, across).join(" "));
        let _ = write!(text, "\n## Across streams\n\n{said}\n");
        if let Some(table) = tables::ranks(suite, across) {
            draw(&mut text, &table);
        }
    }
    let each = findings
        .streams
        .iter()
        .zip(&findings.figures)
        .zip(&findings.pairs);
    for ((c, figures), pairs) in each.filter(|((c, _), _)| c.scoring != Scoring::Solving) {
        let _ = write!(text, "\n## {}\n\n", escape(&manifest.streams[c.stream].title));
        text.push_str(&sentence(&prose::findings(suite, c).join(" ")));
        text.push('\n');
        for table in [tables::outcome(suite, c)]
            .into_iter()
            .chain(tables::transfer(suite, c))
            .chain([tables::cost(suite, c, &findings.measured)])
            .chain(tables::classes(suite, c, &findings.measured))
            .chain(tables::reconstruction(suite, c, &findings.measured))
            .chain(tables::maps(suite, c))
            .chain(tables::plasticity(suite, c))
            .chain(tables::survival(suite, c, figures))
            .chain(tables::newborns(suite, c, &findings.measured))
            .chain(tables::times(suite, c))
            .chain(tables::others(suite, c))
            .chain(tables::effects(suite, c))
        {
            draw(&mut text, &table);
        }
        if let Some(pairs) = tables::pairs_table(suite, c, pairs) {
            text.push_str("\n<details><summary>Any method against any other</summary>\n");
            draw(&mut text, &pairs);
            text.push_str("\n</details>\n");
        }
        matrices(&mut text, findings, c);
    }
    let problems: Vec<&StreamComparison> = findings
        .streams
        .iter()
        .filter(|c| c.scoring == Scoring::Solving)
        .collect();
    if !problems.is_empty() {
        text.push_str("\n## Function-learning problems\n\n");
        for c in &problems {
            let said = sentence(&prose::findings(suite, c).join(" "));
            let _ = writeln!(text, "- {}: {said}", escape(&manifest.streams[c.stream].title));
        }
        draw(&mut text, &tables::solving(suite, &problems));
    }
    if let Some(table) = tables::unfinished(suite) {
        text.push_str("\n## Runs without a result\n");
        draw(&mut text, &table);
    }
    text.push_str("\n## Measures\n\n");
    for metric in findings.metrics() {
        // The words of plugins come from outside.
        let safe = |words: &str| match metric.table() {
            metrics::Table::Other => escape(words),
            _ => words.to_owned(),
        };
        let (title, said) = (capital(metric.title()), metric.explanation());
        let _ = writeln!(text, "- **{}**: {}", safe(&title), safe(&said));
    }
    made(&mut text, findings);
    text
}

fn claims(text: &mut String, findings: &Findings<'_>) {
    let tested = &findings.claims;
    let Some(table) = tables::claims(tested) else {
        return;
    };
    let _ = write!(
        text,
        "\n## Published claims\n\n{}\n",
        sentence(&prose::claims(tested))
    );
    draw(text, &table);
    let notes = prose::notes(tested);
    if !notes.is_empty() {
        text.push('\n');
    }
    for (what, said) in notes {
        let _ = writeln!(text, "- **{}** {}", escape(&what), escape(&said));
    }
}

fn made(text: &mut String, findings: &Findings<'_>) {
    let manifest = &findings.suite.manifest;
    let from = &manifest.provenance;
    let _ = write!(text, "\n## How this was made\n\n");
    for (what, value) in [
        ("Suite", manifest.suite.as_str()),
        ("Command", &from.command),
        ("Commit", from.commit.as_deref().unwrap_or("not known")),
        ("Version", &from.version),
        ("Backend", &from.backend),
        ("Machine", &from.machine),
        ("When", &from.when),
    ] {
        let _ = writeln!(text, "- {what}: {}", escape(value));
    }
    text.push_str("\n## Methods\n");
    for method in &manifest.methods {
        let (title, about) = (
            escape(&method.title),
            format!("{} {}", method.summary, method.citation),
        );
        let _ = write!(text, "\n### {title}\n\n{}\n", block(&about));
        let _ = write!(text, "\n{}\n", fenced("toml", &method.configuration));
    }
}

/// Appends a table with its caption.
pub(crate) fn draw(text: &mut String, table: &Table) {
    let _ = write!(text, "\n{}\n\n|", table.caption);
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

fn matrices(text: &mut String, findings: &Findings<'_>, c: &StreamComparison) {
    let manifest = &findings.suite.manifest;
    let entry = &manifest.streams[c.stream];
    let own = if entry.tasks_by_seed {
        "; each seed has tasks of its own"
    } else {
        ""
    };
    for row in c
        .rows
        .iter()
        .filter(|r| r.matrix.rows().len() > 1 && r.matrix.looks_back())
    {
        let title = tag(&manifest.methods[row.method].title);
        let _ = write!(
            text,
            "\n<details><summary>{title}: accuracy after each task, %{own}</summary>\n\n| After |"
        );
        matrix(text, &row.matrix, &entry.tasks);
        text.push_str("\n</details>\n");
    }
}

fn matrix(text: &mut String, matrix: &AccuracyMatrix, tasks: &[String]) {
    let name = |j: usize| {
        tasks
            .get(j)
            .map_or_else(|| format!("task {}", j + 1), |t| escape(t))
    };
    (0..matrix.tasks()).for_each(|j| text.push_str(&format!(" {} |", name(j))));
    text.push_str(&format!("\n| --- |{}", " ---: |".repeat(matrix.tasks())));
    for (i, row) in matrix.rows().iter().enumerate() {
        let _ = write!(text, "\n| {} |", name(i));
        for entry in row {
            let _ = write!(
                text,
                " {} |",
                entry.map_or_else(|| ABSENT.into(), |v| format!("{:.1}", v * 100.0))
            );
        }
    }
    text.push('\n');
}
