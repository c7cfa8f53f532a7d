//! The files of a network: `network.safetensors`, its numbers, and `graph.json`, everything else.
//!
//! ```no_run
//! use dentate_core::Network;
//! use dentate_session::NetworkFiles;
//! # fn keep(mut outcome: dentate_session::Outcome) -> Result<(), Box<dyn std::error::Error>> {
//!
//! outcome.network()?.save("net")?;
//! let network = Network::load("net")?;
//! # Ok(())
//! # }
//! ```
//!
//! Both files are treated as untrusted: unknown keys and tensors are refused, versions checked, shapes compared with
//! the graph, and no memory is reserved on the word of a header. Reading takes at most 3 times the size of the
//! tensors, 80 times the size of the graph, and 1 MiB.

mod entries;
mod error;
mod file;
mod graph;
mod tensors;

pub use error::NetworkFileError;

use dentate_core::Network;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The file with the numbers.
pub const TENSORS: &str = "network.safetensors";
/// The file with the graph.
pub const GRAPH: &str = "graph.json";
/// The version of both files.
pub const FORMAT: u32 = 1;

/// The bytes of a network's two files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkBytes {
    /// The content of `graph.json`.
    pub graph: Vec<u8>,
    /// The content of `network.safetensors`.
    pub tensors: Vec<u8>,
}

impl NetworkBytes {
    /// Encodes a network.
    ///
    /// # Errors
    /// [`NetworkFileError::Unwritable`].
    pub fn of(network: &Network) -> Result<Self, NetworkFileError> {
        Ok(Self {
            graph: graph::encode(network)?,
            tensors: tensors::encode(network)?,
        })
    }

    /// Reads the files of a folder.
    ///
    /// # Errors
    /// [`NetworkFileError::Io`] and [`NetworkFileError::Long`].
    pub fn read(folder: &Path) -> Result<Self, NetworkFileError> {
        let (graph, tensors) = (folder.join(GRAPH), folder.join(TENSORS));
        let bytes = file::read(&graph, graph::LONGEST)?;
        let most = tensors::longest(&graph::decode(&bytes, &graph)?.graph);
        Ok(Self {
            graph: bytes,
            tensors: file::read(&tensors, most)?,
        })
    }

    /// Decodes the network. `folder` is the path used in error messages.
    ///
    /// # Errors
    /// [`NetworkFileError`].
    pub fn network(&self, folder: &Path) -> Result<Network, NetworkFileError> {
        let (graph, tensors) = (folder.join(GRAPH), folder.join(TENSORS));
        let described = graph::decode(&self.graph, &graph)?;
        let parameters = tensors::decode(&self.tensors, &described, &tensors)?;
        Network::new(described.graph, parameters, described.inputs)
            .map_err(|error| NetworkFileError::Unfit { file: graph, error })
    }

    /// Writes them into a folder: first under temporary names, and only then both to their final ones.
    ///
    /// # Errors
    /// [`NetworkFileError::Io`].
    pub fn write(&self, folder: &Path) -> Result<(), NetworkFileError> {
        file::write(folder, [(TENSORS, &self.tensors), (GRAPH, &self.graph)])
    }

    /// SHA-256 of both files, in hex.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for bytes in [&self.graph, &self.tensors] {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// The folder of a path: relative to the data folder, or absolute.
///
/// # Errors
/// [`NetworkFileError::NoFolder`].
pub fn place(root: Option<&Path>, path: &str) -> Result<PathBuf, NetworkFileError> {
    match root {
        Some(root) => Ok(root.join(path)),
        None if Path::new(path).is_absolute() => Ok(path.into()),
        None => Err(NetworkFileError::NoFolder { path: path.into() }),
    }
}

/// Writing a network to a folder and reading it back.
pub trait NetworkFiles: Sized {
    /// Writes its two files into a folder, which is created if needed.
    ///
    /// # Errors
    /// [`NetworkFileError`].
    fn save(&self, folder: impl AsRef<Path>) -> Result<(), NetworkFileError>;

    /// Reads the two files of a folder.
    ///
    /// # Errors
    /// [`NetworkFileError`], naming the file, the problem in it, and the requirement.
    fn load(folder: impl AsRef<Path>) -> Result<Self, NetworkFileError>;
}

impl NetworkFiles for Network {
    fn save(&self, folder: impl AsRef<Path>) -> Result<(), NetworkFileError> {
        NetworkBytes::of(self)?.write(folder.as_ref())
    }

    fn load(folder: impl AsRef<Path>) -> Result<Self, NetworkFileError> {
        NetworkBytes::read(folder.as_ref())?.network(folder.as_ref())
    }
}
