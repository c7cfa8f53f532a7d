//! Paths of suites, results, data and cache.

use crate::error::RunnerError;
use dentate_streams::DataEnv;
use serde::Serialize;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Environment variable that names the folder with data sets.
pub(crate) const DATA: &str = "DENTATE_DATA";
/// Environment variable that names the cache of decoded data.
pub(crate) const CACHE: &str = "DENTATE_CACHE";

fn from_env(name: &str) -> Option<PathBuf> {
    let given = std::env::var_os(name).filter(|v| !v.is_empty());
    given.map(|path| whole(PathBuf::from(path)))
}

/// An absolute path: jobs are read in other folders than they are written in.
fn whole(path: PathBuf) -> PathBuf {
    // Only a folder that is gone has none, and then nothing is found in it either way.
    std::path::absolute(&path).unwrap_or(path)
}

/// The folder of data sets: `DENTATE_DATA`, otherwise the user's data folder, if there is a home folder.
pub(crate) fn data_root() -> Option<PathBuf> {
    from_env(DATA).or_else(|| dirs::data_local_dir().map(|d| whole(d.join("dentate"))))
}

/// Data and cache for runs with results in `results`.
pub(crate) fn data_env(results: &Path) -> DataEnv {
    let cache = from_env(CACHE)
        .or_else(|| dirs::cache_dir().map(|d| whole(d.join("dentate"))))
        .unwrap_or_else(|| whole(results.join(".cache")));
    DataEnv {
        root: data_root(),
        cache: Some(cache),
        ..DataEnv::default()
    }
}

/// The folder of the suites that come with the framework, searched upwards from the current folder.
pub(crate) fn suites_folder() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors()
        .map(|d| d.join("experiments").join("suites"))
        .find(|d| d.is_dir())
}

/// The default results folder: beside the folder `experiments`, or the current one.
pub(crate) fn results() -> PathBuf {
    let root = suites_folder().and_then(|d| Some(d.parent()?.parent()?.to_path_buf()));
    root.unwrap_or_default().join("results")
}

/// Names and files of these suites, sorted.
pub(crate) fn suites() -> Vec<(String, PathBuf)> {
    let Some(files) = suites_folder().and_then(|d| d.read_dir().ok()) else {
        return Vec::new();
    };
    let mut found: Vec<_> = files
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .filter_map(|p| Some((p.file_stem()?.to_string_lossy().into_owned(), p)))
        .collect();
    found.sort();
    found
}

/// The results folder of one suite.
#[derive(Clone, Debug)]
pub(crate) struct SuiteFolder(pub(crate) PathBuf);

impl SuiteFolder {
    pub(crate) fn manifest(&self) -> PathBuf {
        self.0.join(dentate_core::record::MANIFEST)
    }
    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }
    /// The file that names the suite the folder belongs to.
    pub(crate) fn owner(&self) -> PathBuf {
        self.0.join("suite.json")
    }
    pub(crate) fn runs(&self) -> PathBuf {
        self.0.join("runs")
    }
    /// The folder of submissions to a cluster.
    pub(crate) fn submissions(&self) -> PathBuf {
        self.0.join("slurm")
    }
    pub(crate) fn run(&self, id: &str) -> RunFolder {
        RunFolder(self.runs().join(id))
    }
}

/// The folder of one run.
#[derive(Clone, Debug)]
pub(crate) struct RunFolder(pub(crate) PathBuf);

impl RunFolder {
    /// The job file.
    pub(crate) fn job(&self) -> PathBuf {
        self.0.join("job.json")
    }
    /// The settings that it was made with, where they follow from other runs.
    pub(crate) fn settings(&self) -> PathBuf {
        self.0.join("settings.json")
    }
    /// Another run of the same suite.
    pub(crate) fn beside(&self, id: &str) -> Self {
        Self(self.0.join("..").join(id))
    }
    /// The records; present only once the run is finished.
    pub(crate) fn records(&self) -> PathBuf {
        self.0.join(dentate_core::record::RECORDS)
    }
    /// The lives of the hidden units of a network that grew.
    pub(crate) fn lineage(&self) -> PathBuf {
        self.0.join(dentate_core::record::LINEAGE)
    }
    /// The records of an unfinished run.
    pub(crate) fn unfinished(&self) -> PathBuf {
        self.0.join("records.csv.part")
    }
    /// The status file.
    pub(crate) fn status(&self) -> PathBuf {
        self.0.join(dentate_core::record::STATUS)
    }
    /// Wall times, in a separate file: records repeat bit for bit, times do not.
    pub(crate) fn timing(&self) -> PathBuf {
        self.0.join("timing.json")
    }
    /// The checkpoint.
    pub(crate) fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint.safetensors")
    }
    /// The network after an experience, counted from 1.
    pub(crate) fn experience(&self, number: u64) -> PathBuf {
        self.experiences().join(number.to_string())
    }
    /// The folder of the networks after each experience.
    pub(crate) fn experiences(&self) -> PathBuf {
        self.0.join("experiences")
    }
    /// The lock file of the executing process.
    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }
    /// The printed output.
    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("log.txt")
    }
}

/// A value as the JSON of the file `path`.
pub(crate) fn json(path: &Path, value: &impl Serialize) -> Result<Vec<u8>, RunnerError> {
    serde_json::to_vec_pretty(value).map_err(|e| RunnerError::Unwritable {
        path: path.into(),
        message: e.to_string(),
    })
}

/// Write a file atomically: under a temporary name, then renamed.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RunnerError> {
    write(path, bytes, false)
}

/// The same, and synced to disk before it returns: for files that have to survive a power cut.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), RunnerError> {
    write(path, bytes, true)
}

fn write(path: &Path, bytes: &[u8], sync: bool) -> Result<(), RunnerError> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(RunnerError::io("create", parent))?;
    }
    let beside = path.with_extension(format!("part{}", std::process::id()));
    let written = File::create(&beside)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            if sync { file.sync_all() } else { Ok(()) }
        })
        .map_err(RunnerError::io("write", path))
        .and_then(|()| std::fs::rename(&beside, path).map_err(RunnerError::io("rename to", path)));
    if written.is_err() {
        // The first error is the one to report; what is left behind is only a nuisance.
        let _ = std::fs::remove_file(&beside);
    }
    written
}
