//! The network that a run starts from.

use crate::error::RunnerError;
use dentate_core::Network;
use dentate_session::network::{self, NetworkBytes, NetworkFileError};
use std::path::Path;

fn failed(error: &NetworkFileError) -> RunnerError {
    RunnerError::Run {
        kind: "start",
        message: format!("the network to start from cannot be used: {error}"),
    }
}

/// The files of a network, from the data folder or an absolute path, checked.
pub(crate) fn read(root: Option<&Path>, path: &str) -> Result<NetworkBytes, RunnerError> {
    let folder = network::place(root, path).map_err(|error| failed(&error))?;
    let bytes = NetworkBytes::read(&folder).map_err(|error| {
        let hint = if Path::new(path).is_relative() {
            format!(
                " (`start = \"{path}\"` is relative, and resolved against the data folder, which {} names)",
                crate::paths::DATA
            )
        } else {
            String::new()
        };
        RunnerError::Run {
            kind: "start",
            message: format!("the network to start from cannot be used: {error}{hint}"),
        }
    })?;
    bytes.network(&folder).map_err(|error| failed(&error))?;
    Ok(bytes)
}

/// The network in the folder that a run's settings name, checked against the digest in the run's id.
pub(crate) fn expected(
    root: Option<&Path>,
    path: &str,
    digest: Option<&str>,
) -> Result<Network, RunnerError> {
    let bytes = read(root, path)?;
    if digest != Some(bytes.digest().as_str()) {
        return Err(RunnerError::Run {
            kind: "start",
            message: format!("the network in {path} is another than the one that this run was to start from"),
        });
    }
    bytes.network(Path::new(path)).map_err(|error| failed(&error))
}
