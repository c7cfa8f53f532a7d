//! Errors of the files of a network.

use dentate_core::{AssemblyError, NetworkError};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why the files of a network cannot be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NetworkFileError {
    /// The operating system refused.
    #[error("failed to {doing} {}: {source}", .file.display())]
    Io {
        /// The operation, as a verb.
        doing: &'static str,
        /// The file or folder.
        file: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// A file that is longer than any that it could be.
    #[error("{} has {bytes} bytes, and at most {most} are read", .file.display())]
    Long {
        /// The file.
        file: PathBuf,
        /// Its bytes.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// Text that is not the JSON it should be: a syntax, a key that is unknown or not there, a value of another type.
    #[error("{} is no graph: {message}", .file.display())]
    Json {
        /// The file.
        file: PathBuf,
        /// The reader's words, with line and column.
        message: String,
    },
    /// Another version.
    #[error("{} is of format {found}, and this program reads format {needed}", .file.display())]
    Format {
        /// The file.
        file: PathBuf,
        /// Its version.
        found: u64,
        /// The version that is read.
        needed: u32,
    },
    /// A key whose value cannot be.
    #[error("{}: `{key}` is {found}, and {needed} is needed", .file.display())]
    Key {
        /// The file.
        file: PathBuf,
        /// The key.
        key: &'static str,
        /// Its value.
        found: String,
        /// What would do.
        needed: &'static str,
    },
    /// Layers and connections that are no graph.
    #[error("{} is no graph: {error}", .file.display())]
    Graph {
        /// The file.
        file: PathBuf,
        /// The invariant that does not hold.
        error: AssemblyError,
    },
    /// Rows that do not enter the graph.
    #[error("{}: {error}", .file.display())]
    Unfit {
        /// The file.
        file: PathBuf,
        /// What does not fit.
        error: NetworkError,
    },
    /// Not safetensors.
    #[error("{} is not a safetensors file ({message})", .file.display())]
    Container {
        /// The file.
        file: PathBuf,
        /// The reader's words.
        message: String,
    },
    /// A tensor that the graph needs.
    #[error("{} holds no tensor `{tensor}`, and the graph needs one of {needed:?}", .file.display())]
    Missing {
        /// The file.
        file: PathBuf,
        /// The tensor.
        tensor: String,
        /// Its rows and columns.
        needed: (usize, usize),
    },
    /// A tensor that the graph has no place for.
    #[error("{} holds a tensor `{tensor}`, which the graph has no place for", .file.display())]
    Unknown {
        /// The file.
        file: PathBuf,
        /// The tensor.
        tensor: String,
    },
    /// A tensor of another type or shape.
    #[error("{}: the tensor `{tensor}` is {found}, and the graph needs F32 {needed:?}", .file.display())]
    Tensor {
        /// The file.
        file: PathBuf,
        /// The tensor.
        tensor: String,
        /// Its type and shape.
        found: String,
        /// Its rows and columns.
        needed: [usize; 2],
    },
    /// A number that is not finite, in a tensor of which the graph does not say so.
    #[error("{}: the tensor `{tensor}` holds {found}, and `non_finite` of the graph does not list it", .file.display())]
    NotFinite {
        /// The file.
        file: PathBuf,
        /// The tensor.
        tensor: String,
        /// The number.
        found: f32,
    },
    /// A path within a data folder that nobody has named.
    #[error("the network is to be read from {}, within the data folder, and none is named: set DENTATE_DATA or give a whole path", .path.display())]
    NoFolder {
        /// The path.
        path: PathBuf,
    },
    /// A network that cannot be put into these files.
    #[error("the network cannot be written: {0}")]
    Unwritable(String),
}
