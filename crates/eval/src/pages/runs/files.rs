//! The files of a run beside its records. None of them is needed: what cannot be read is left out.

use crate::log::{self, Entry};
use crate::suite::Suite;
use dentate_core::record::{LINEAGE, RECORDS, UnitLife};
use serde::Deserialize;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The bytes of the end of a log that are read, and its lines that are shown.
const TAIL: u64 = 16_384;
const LINES: usize = 60;

/// The largest file that is read whole.
const LONGEST: u64 = 1 << 25;

/// The files that a page links to, with what they are.
const LINKED: [(&str, &str); 9] = [
    (RECORDS, "its measurements"),
    ("records.csv.part", "its measurements so far"),
    ("log.txt", "the output of its processes"),
    ("job.json", "its settings as they were run"),
    ("settings.json", "the settings that followed from other runs"),
    ("status.json", "how it ended"),
    ("timing.json", "its costs"),
    ("graph.json", "its network"),
    (LINEAGE, "the lives of its units"),
];

pub(super) struct Folder(PathBuf);

/// Costs of a run, as far as a page shows them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Costs {
    pub(super) first_update: Option<f64>,
    pub(super) peak_bytes: Option<u64>,
    pub(super) resumed: u64,
}

/// The process that executed a run last.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Holder {
    pub(super) host: String,
    pub(super) since: String,
    pub(super) job: Option<String>,
}

impl Folder {
    pub(super) fn of(suite: &Suite, id: &str) -> Self {
        Self(suite.folder.join("runs").join(id))
    }

    /// The files that are there, with what they are.
    pub(super) fn linked(&self) -> Vec<(&'static str, &'static str)> {
        let there = |(name, _): &(&str, &str)| self.0.join(name).is_file();
        LINKED.into_iter().filter(there).collect()
    }

    /// The last lines of the log, and whether there are more before them.
    pub(super) fn log(&self) -> Option<(String, bool)> {
        let mut file = File::open(self.0.join("log.txt")).ok()?;
        let length = file.metadata().ok()?.len();
        let start = length.saturating_sub(TAIL);
        file.seek(SeekFrom::Start(start)).ok()?;
        let mut bytes = Vec::new();
        file.take(TAIL).read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        // The first line may have been cut.
        let lines = if start > 0 && lines.len() > 1 {
            &lines[1..]
        } else {
            &lines
        };
        let first = lines.len().saturating_sub(LINES);
        let text = lines[first..].join("\n");
        (!text.trim().is_empty()).then_some((text, first > 0 || start > 0))
    }

    /// The records of a run that has not finished, as far as they are whole.
    pub(super) fn unfinished(&self) -> Vec<Entry> {
        let text = whole(&self.0.join("records.csv.part"));
        let text = text.or_else(|| whole(&self.0.join(RECORDS))).unwrap_or_default();
        // The last line may have been cut.
        let end = text.rfind('\n').map_or(0, |end| end + 1);
        log::parse(&text[..end]).unwrap_or_default()
    }

    pub(super) fn costs(&self) -> Costs {
        json(&self.0.join("timing.json")).unwrap_or_default()
    }

    pub(super) fn holder(&self) -> Option<Holder> {
        json(&self.0.join("lock"))
    }

    /// The lives of its units; an error says what is wrong with the file.
    pub(super) fn lives(&self) -> Option<Result<Vec<UnitLife>, String>> {
        let text = whole(&self.0.join(LINEAGE))?;
        Some(UnitLife::from_csv(&text))
    }
}

fn whole(path: &Path) -> Option<String> {
    if path.metadata().ok()?.len() > LONGEST {
        return None;
    }
    String::from_utf8(std::fs::read(path).ok()?).ok()
}

fn json<T: for<'a> Deserialize<'a>>(path: &Path) -> Option<T> {
    serde_json::from_str(&whole(path)?).ok()
}
