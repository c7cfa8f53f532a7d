//! The record log of a run: appended as records arrive, truncated to a checkpoint's length on resume, renamed when the run
//! is finished.

use crate::error::RunnerError;
use dentate_core::MetricLog;
use dentate_core::profile::{self, Kind};
use dentate_core::record::{HEADER, Law, Reach, Sum, Summing};
use flate2::Crc;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A position in a log, with the checksum of everything before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogOffset {
    /// Bytes.
    pub(crate) bytes: u64,
    /// CRC-32 of these bytes.
    pub(crate) crc: u32,
}

pub(super) struct RecordLog {
    path: PathBuf,
    file: BufWriter<File>,
    crc: Crc,
    bytes: u64,
    /// The checksum of the whole log, which the run's status stores.
    summing: Summing,
    law: Law,
}

impl RecordLog {
    /// An empty log for records within `reach`.
    pub(super) fn create(path: &Path, reach: Reach) -> Result<Self, RunnerError> {
        let file = File::create(path).map_err(RunnerError::io("create", path))?;
        let mut log = Self {
            path: path.into(),
            file: BufWriter::new(file),
            crc: Crc::new(),
            bytes: 0,
            summing: Summing::default(),
            law: Law::of(reach),
        };
        log.line(HEADER)?;
        Ok(log)
    }

    /// The existing log, truncated to `mark`. The error is the reason why it cannot be continued.
    pub(super) fn resume(path: &Path, mark: LogOffset, reach: Reach) -> Result<Self, String> {
        let work = || -> std::io::Result<Option<Self>> {
            let mut file = OpenOptions::new().read(true).write(true).open(path)?;
            let (mut crc, mut left, mut buffer) = (Crc::new(), mark.bytes, [0; 1 << 14]);
            let mut summing = Summing::default();
            while left > 0 {
                let part = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                match file.read(&mut buffer[..part])? {
                    0 => return Ok(None),
                    n => {
                        crc.update(&buffer[..n]);
                        summing.update(&buffer[..n]);
                        left -= n as u64;
                    }
                }
            }
            if crc.sum() != mark.crc {
                return Ok(None);
            }
            file.set_len(mark.bytes)?;
            file.seek(SeekFrom::Start(mark.bytes))?;
            Ok(Some(Self {
                path: path.into(),
                file: BufWriter::new(file),
                crc,
                bytes: mark.bytes,
                summing,
                law: Law::of(reach),
            }))
        };
        match work() {
            Ok(Some(log)) => Ok(log),
            Ok(None) => Err("the record log is not the one it was written with".into()),
            Err(error) => Err(format!("the record log cannot be gone on with ({error})")),
        }
    }

    fn line(&mut self, line: &str) -> Result<(), RunnerError> {
        let line = format!("{line}\n");
        self.crc.update(line.as_bytes());
        self.summing.update(line.as_bytes());
        self.bytes += line.len() as u64;
        self.file
            .write_all(line.as_bytes())
            .map_err(RunnerError::io("write", &self.path))
    }

    /// Write the records of a metric log.
    pub(super) fn take(&mut self, ledger: &mut MetricLog) -> Result<(), RunnerError> {
        if ledger.records.is_empty() {
            return Ok(());
        }
        let _records = profile::enter(Kind::Records);
        for record in ledger.records.drain(..) {
            self.law.check(&record).map_err(|message| RunnerError::Run {
                kind: "record",
                message: format!("a record cannot be: {message}"),
            })?;
            self.line(&record.to_csv())?;
        }
        Ok(())
    }

    /// Sync everything to disk. Returns the position for a checkpoint.
    pub(super) fn mark(&mut self) -> Result<LogOffset, RunnerError> {
        let io = RunnerError::io("write", &self.path);
        self.file
            .flush()
            .and_then(|()| self.file.get_ref().sync_data())
            .map_err(io)?;
        Ok(LogOffset {
            bytes: self.bytes,
            crc: self.crc.sum(),
        })
    }

    /// Move the log of a finished run to its final place.
    pub(super) fn finish(self, place: &Path) -> Result<Sum, RunnerError> {
        let _records = profile::enter(Kind::Records);
        let Self {
            path, file, summing, ..
        } = self;
        let file = file
            .into_inner()
            .map_err(|e| RunnerError::io("write", &path)(e.into_error()))?;
        file.sync_all().map_err(RunnerError::io("write", &path))?;
        std::fs::rename(&path, place).map_err(RunnerError::io("rename to", place))?;
        Ok(summing.sum())
    }
}
