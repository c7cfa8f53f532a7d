//! The figures of the last report of a suite, in a small file in its folder: what a later report has changed is told from them.

use crate::changes::{self, Differences};
use crate::failure::ReportError;
use crate::files::write;
use crate::findings::Findings;
use crate::prose;
use crate::suite::Outcome;
use crate::values::SuiteValues;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file's name, inside the folder of a suite.
pub(crate) const LAST: &str = "last-report.json";

/// The layout of the file. One with another is as good as none.
const LAYOUT: u32 = 1;

/// The largest size that is read, in bytes.
const LONGEST: u64 = 1 << 26;

/// The content of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Last {
    layout: u32,
    /// The first finding, with names between `**`.
    pub(super) finding: String,
    pub(super) failed: usize,
    /// The figures of this report.
    pub(super) now: SuiteValues,
    /// Those of the last one with others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<SuiteValues>,
}

impl Last {
    /// The content of the file in a folder; `None` if there is none that can be used.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let path = folder.join(LAST);
        if path.metadata().ok()?.len() > LONGEST {
            return None;
        }
        let last: Self = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
        (last.layout == LAYOUT).then_some(last)
    }

    /// The changes since the report before.
    pub(super) fn changes(&self) -> Option<Differences> {
        Some(changes::between(self.before.as_ref()?, &self.now))
    }
}

/// Write down the figures of a report.
pub(crate) fn remember(findings: &Findings<'_>, folder: &Path) -> Result<(), ReportError> {
    let now = SuiteValues::of(findings);
    let before = Last::read(folder).filter(|last| last.now.suite == now.suite);
    let before = before.and_then(|last| {
        // The same figures again are no new report: what the one before changed is still what has changed.
        if last.now.streams == now.streams {
            last.before
        } else {
            Some(last.now)
        }
    });
    let failed = findings
        .suite
        .runs
        .iter()
        .filter(|run| matches!(run.outcome, Outcome::Failed { .. } | Outcome::Damaged { .. }));
    let last = Last {
        layout: LAYOUT,
        finding: finding(findings),
        failed: failed.count(),
        now,
        before,
    };
    let text = serde_json::to_string(&last).map_err(|error| ReportError::Write {
        path: folder.join(LAST),
        source: error.into(),
    })?;
    write(folder, LAST, text)?;
    Ok(())
}

/// The first sentence of the summary.
fn finding(findings: &Findings<'_>) -> String {
    let lead = findings
        .streams
        .iter()
        .position(|c| c.lead.is_some())
        .unwrap_or(0);
    let Some(said) = findings.said.get(lead).and_then(|said| said.headline.first()) else {
        return "The suite asks for no run.".into();
    };
    match findings.streams.len() {
        1 => said.clone(),
        _ => format!("{}: {said}", prose::name(findings.stream(lead))),
    }
}
