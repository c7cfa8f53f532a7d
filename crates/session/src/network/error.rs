//! Errors of the files of a network.

use dentate_core::{AssemblyError, NetworkError};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// The reasons for which the files of a network cannot be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NetworkFileError {
    /// The operating system reported an error.
    #[error("failed to {doing} {}: {source}", .file.display())]
    Io {
        /// The operation, as a verb.
        doing: &'static str,
        /// The file or folder.
        file: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// A file is longer than any valid one.
    #[error("{} has {bytes} bytes, and at most {most} are read", .file.display())]
    Long {
        /// The file.
        file: PathBuf,
        /// Its size in bytes.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// Text is not the expected JSON: invalid syntax, an unknown or missing key, a value of another type.
    #[error("{} is no graph: {message}", .file.display())]
    Json {
        /// The file.
        file: PathBuf,
        /// The parser's message, with line and column.
        message: String,
    },
    /// A file has another version.
    #[error("{} is of format {found}, and this program reads format {needed}", .file.display())]
    Format {
        /// The file.
        file: PathBuf,
        /// Its version.
        found: u64,
        /// The supported version.
        needed: u32,
    },
    /// The value of a key is invalid.
    #[error("{}: `{key}` is {found}, and {needed} is needed", .file.display())]
    Key {
        /// The file.
        file: PathBuf,
        /// The key.
        key: &'static str,
        /// Its value.
        found: String,
        /// The requirement.
        needed: &'static str,
    },
    /// Layers and connections do not form a graph.
    #[error("{} is no graph: {error}", .file.display())]
    Graph {
        /// The file.
        file: PathBuf,
        /// The broken invariant.
        error: AssemblyError,
    },
    /// Rows do not match the input layer of the graph.
    #[error("{}: {error}", .file.display())]
    Unfit {
        /// The file.
        file: PathBuf,
        /// The mismatch.
        error: NetworkError,
    },
    /// Not safetensors.
    #[error("{} is not a safetensors file ({message})", .file.display())]
    Container {
        /// The file.
        file: PathBuf,
        /// The parser's message.
        message: String,
    },
    /// A tensor of the graph is missing.
    #[error("{} holds no tensor `{tensor}`, and the graph needs one of {needed:?}", .file.display())]
    Missing {
        /// The file.
        file: PathBuf,
        /// The tensor.
        tensor: String,
        /// Its rows and columns.
        needed: (usize, usize),
    },
    /// A tensor does not belong to the graph.
    #[error("{} holds a tensor `{tensor}`, which the graph has no place for", .file.display())]
    Unknown {
        /// The file.
        file: PathBuf,
        /// The tensor.
        tensor: String,
    },
    /// A tensor has the wrong type or shape.
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
    /// A number is not finite, in a tensor that the graph does not list as such.
    #[error("{}: the tensor `{tensor}` holds {found}, and `non_finite` of the graph does not list it", .file.display())]
    NotFinite {
        /// The file.
        file: PathBuf,
        /// The tensor.
        tensor: String,
        /// The number.
        found: f32,
    },
    /// A path is relative to a data folder, but none is set.
    #[error("the network is to be read from {}, within the data folder, and none is named: set DENTATE_DATA or give a whole path", .path.display())]
    NoFolder {
        /// The path.
        path: PathBuf,
    },
    /// A network cannot be written in these files.
    #[error("the network cannot be written: {0}")]
    Unwritable(String),
}
