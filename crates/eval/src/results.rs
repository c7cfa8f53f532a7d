//! The records of a whole suite as one frame, for whoever computes with them, and as a file.

use crate::failure::ReportError;
use crate::frames::Frames;
use crate::suite::Suite;
use polars::prelude::*;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The records of the suite whose results are in `folder`, one row each: `suite`, `stream`, `method`, `seed`, `run` (the id), `metric`,
/// `experience`, `step`, `task`, `item` and `value`. Runs that did not finish have none.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use dentate_eval::prelude::*;
///
/// let records = dentate_eval::results("results/quickstart")?;
/// let accuracy = records.filter(&records.column("metric")?.str()?.equal("accuracy"))?;
/// println!("{}", group::mean(&accuracy, &["stream", "method"], "value")?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ReportError`] if there are no results, or they cannot be tabulated.
pub fn results(folder: impl AsRef<Path>) -> Result<DataFrame, ReportError> {
    let suite = Suite::read(folder.as_ref())?;
    Ok(Frames::of(&suite)?.all(&suite.manifest.suite)?)
}

/// The same for polars' query engine.
///
/// # Errors
/// As for [`results`].
#[cfg(feature = "lazy")]
pub fn lazy(folder: impl AsRef<Path>) -> Result<LazyFrame, ReportError> {
    results(folder).map(IntoLazy::lazy)
}

/// Write a frame as CSV. A text that a spreadsheet would run as a formula begins with an apostrophe.
///
/// # Errors
/// [`ReportError::Write`].
pub fn write_csv(frame: &DataFrame, path: &Path) -> Result<(), ReportError> {
    let mut frame = crate::csv::safe(frame)?;
    whole(path, |file| CsvWriter::new(file).finish(&mut frame))
}

/// Write a frame in Arrow's format for exchange between processes (Feather).
///
/// # Errors
/// [`ReportError::Write`].
#[cfg(feature = "ipc")]
pub fn write_ipc(frame: &DataFrame, path: &Path) -> Result<(), ReportError> {
    let mut frame = frame.clone();
    whole(path, |file| IpcWriter::new(file).finish(&mut frame))
}

/// Write a frame as Parquet.
///
/// # Errors
/// [`ReportError::Write`].
#[cfg(feature = "parquet")]
pub fn write_parquet(frame: &DataFrame, path: &Path) -> Result<(), ReportError> {
    let mut frame = frame.clone();
    whole(path, |file| ParquetWriter::new(file).finish(&mut frame).map(drop))
}

/// Write a file under another name and rename it, so that a reader never sees half of one.
fn whole(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> PolarsResult<()>,
) -> Result<(), ReportError> {
    let failed = |source: io::Error| ReportError::Write {
        path: path.into(),
        source,
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside: PathBuf = path.with_file_name(name);
    let mut file = BufWriter::new(File::create(&beside).map_err(failed)?);
    write(&mut file).map_err(|error| match error {
        PolarsError::IO { error, .. } => failed(io::Error::new(error.kind(), error.to_string())),
        other => ReportError::Frames(other),
    })?;
    file.flush().map_err(failed)?;
    drop(file);
    std::fs::rename(&beside, path).map_err(failed)
}

#[cfg(test)]
mod tests;
