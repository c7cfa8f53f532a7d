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
//! Both files are read as what anyone may have written: unknown keys and tensors are refused, versions checked, shapes held against
//! the graph, and nothing in them is believed to be large before its bytes are there. Reading takes at most 3 times the size of the
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
/// The version of both.
pub const FORMAT: u32 = 1;

/// The bytes of a network's two files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkBytes {
    /// Those of `graph.json`.
    pub graph: Vec<u8>,
    /// Those of `network.safetensors`.
    pub tensors: Vec<u8>,
}

impl NetworkBytes {
    /// The files of a network.
    ///
    /// # Errors
    /// [`NetworkFileError::Unwritable`].
    pub fn of(network: &Network) -> Result<Self, NetworkFileError> {
        Ok(Self {
            graph: graph::encode(network)?,
            tensors: tensors::encode(network)?,
        })
    }

    /// The files of a folder.
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

    /// The network that they are of. `folder` is where errors say that they lie.
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

    /// Write them into a folder: beside their places first, and only then both into them.
    ///
    /// # Errors
    /// [`NetworkFileError::Io`].
    pub fn write(&self, folder: &Path) -> Result<(), NetworkFileError> {
        file::write(folder, [(TENSORS, &self.tensors), (GRAPH, &self.graph)])
    }

    /// SHA-256 of both, in hex.
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

/// The folder that a path says: within the data folder, or whole.
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

/// A network that is written to a folder and read from one.
pub trait NetworkFiles: Sized {
    /// Write its two files into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`NetworkFileError`].
    fn save(&self, folder: impl AsRef<Path>) -> Result<(), NetworkFileError>;

    /// Read the two files of a folder.
    ///
    /// # Errors
    /// [`NetworkFileError`], naming the file, what is wrong in it, and what is needed.
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
