//! The report in pieces for a paper: every table as LaTeX and Markdown, every figure as SVG and CSV, and the sources as BibTeX.

use crate::failure::ReportError;
use crate::files::write;
use crate::findings::Findings;
use crate::frames::Frames;
use crate::suite::Suite;
use crate::{latex, markdown, questions, sources};
use std::path::{Path, PathBuf};

/// The numbers of what was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Tables, each as LaTeX and Markdown.
    pub tables: usize,
    /// Figures, each as SVG and CSV.
    pub figures: usize,
}

/// Write the tables and figures of the results in `folder` into `into/tables` and `into/figures`, and `into/sources.bib`. Files are named by
/// the ids of the report. What else is in these folders is left alone.
///
/// # Errors
/// [`ReportError`] in one sentence.
pub fn export(folder: &Path, into: &Path) -> Result<Exported, ReportError> {
    let suite = Suite::read(folder)?;
    let frames = Frames::of(&suite)?;
    let findings = Findings::of(&suite, &frames)?;
    let document = questions::document(&findings);
    let tables = created(into.join("tables"))?;
    let mut inputs = Vec::new();
    for table in document.tables() {
        let file = format!("{}.tex", table.id);
        write(&tables, &file, latex::table(table))?;
        inputs.push(file);
        let mut text = String::new();
        markdown::draw(&mut text, table);
        write(&tables, &format!("{}.md", table.id), text.trim_start())?;
    }
    write(
        &tables,
        "all.tex",
        latex::document(&suite.manifest.title, &inputs),
    )?;
    let figures = created(into.join("figures"))?;
    let drawn = document.figures();
    for figure in &drawn {
        write(&figures, &format!("{}.svg", figure.id), figure.to_svg())?;
        write(&figures, &format!("{}.csv", figure.id), figure.to_csv())?;
    }
    write(into, "sources.bib", sources::bibliography(&findings))?;
    Ok(Exported {
        tables: inputs.len(),
        figures: drawn.len(),
    })
}

fn created(folder: PathBuf) -> Result<PathBuf, ReportError> {
    match std::fs::create_dir_all(&folder) {
        Ok(()) => Ok(folder),
        Err(source) => Err(ReportError::Write { path: folder, source }),
    }
}
