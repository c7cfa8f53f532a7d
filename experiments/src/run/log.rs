//! The record log of a run: appended as records come, renamed when the run is whole.

use crate::error::RunnerError;
use dentate_core::Ledger;
use dentate_core::record::{HEADER, Record};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

pub(super) struct RecordLog {
    path: PathBuf,
    file: BufWriter<File>,
}

impl RecordLog {
    pub(super) fn create(path: &Path) -> Result<Self, RunnerError> {
        let file = File::create(path).map_err(RunnerError::io("create", path))?;
        let mut log = Self {
            path: path.into(),
            file: BufWriter::new(file),
        };
        log.line(HEADER)?;
        Ok(log)
    }

    fn line(&mut self, line: &str) -> Result<(), RunnerError> {
        writeln!(self.file, "{line}").map_err(RunnerError::io("write", &self.path))
    }

    /// Write down what the ledger holds.
    pub(super) fn take(&mut self, ledger: &mut Ledger) -> Result<(), RunnerError> {
        for record in ledger.records.drain(..) {
            self.line(&record.to_csv())?;
        }
        Ok(())
    }

    /// Write down a value about a task.
    pub(super) fn write_about(
        &mut self,
        ledger: &Ledger,
        metric: &str,
        task: u32,
        value: f64,
    ) -> Result<(), RunnerError> {
        let record = Record {
            metric: metric.into(),
            experience: ledger.experience,
            step: ledger.updates,
            task: Some(task),
            item: None,
            value,
        };
        self.line(&record.to_csv())
    }

    /// The run is whole: put the log in its place.
    pub(super) fn finish(self, place: &Path) -> Result<(), RunnerError> {
        let Self { path, file } = self;
        let file = file
            .into_inner()
            .map_err(|e| RunnerError::io("write", &path)(e.into_error()))?;
        file.sync_all().map_err(RunnerError::io("write", &path))?;
        std::fs::rename(&path, place).map_err(RunnerError::io("rename to", place))
    }
}
