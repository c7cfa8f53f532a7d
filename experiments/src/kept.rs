//! The trained networks in a run's folder: `network.safetensors` and `graph.json` of the last one, and a folder of the same for each
//! experience where a suite says `keep = "experiences"`.

use crate::error::RunnerError;
use crate::job::Job;
use crate::paths::RunFolder;
use crate::run::Timing;
use crate::status;
use crate::suite::Keep;
use dentate_core::record::RunEnd;
use dentate_core::{LearnError, NetworkError};
use dentate_session::network::{GRAPH, NetworkBytes, NetworkFileError, TENSORS};
use dentate_session::{Session, SessionError};
use std::path::Path;

/// Assumed bytes of a graph besides its numbers.
const GRAPH_BYTES: u64 = 50_000;

/// Write the network of a session into a folder. Returns its bytes; `None` if the learner has no network.
pub(crate) fn write(session: &mut Session, folder: &Path) -> Result<Option<u64>, RunnerError> {
    let network = match session.network() {
        Ok(network) => network,
        Err(SessionError::Learn(LearnError::NoNetwork | LearnError::Network(NetworkError::NoInput))) => {
            return Ok(None);
        }
        Err(error) => return Err(failed("network", &error)),
    };
    let bytes = NetworkBytes::of(&network).map_err(|error| failed("network", &error))?;
    bytes.write(folder).map_err(|error| match error {
        NetworkFileError::Io { .. } => failed("file", &error),
        _ => failed("network", &error),
    })?;
    Ok(Some((bytes.graph.len() + bytes.tensors.len()) as u64))
}

fn failed(kind: &'static str, error: &dyn std::error::Error) -> RunnerError {
    RunnerError::Run {
        kind,
        message: error.to_string(),
    }
}

/// Returns whether a finished run kept all networks that its job now asks for.
pub(crate) fn enough(job: &Job, run: &RunFolder, end: &RunEnd) -> bool {
    if job.keep == Keep::None {
        return true;
    }
    let timing = status::believed(&run.timing(), end.timing.as_ref());
    let timing = timing.and_then(|bytes| serde_json::from_slice::<Timing>(&bytes).ok());
    let Some(timing) = timing else {
        return job.keep == Keep::Final && there(&run.0);
    };
    let mut experiences = 1..=timing.networks;
    timing.kept.is_some_and(|kept| kept >= job.keep)
        && (timing.network_bytes == 0 || there(&run.0))
        && (job.keep < Keep::Experiences || experiences.all(|n| there(&run.experience(n))))
}

/// Returns whether a folder has the two files.
fn there(folder: &Path) -> bool {
    let whole = |name: &str| folder.join(name).metadata().is_ok_and(|file| file.len() > 0);
    whole(GRAPH) && whole(TENSORS)
}

/// Estimated bytes of the networks of a run with so many experiences, from an earlier run.
pub(crate) fn bytes(keep: Keep, experiences: u64, earlier: &Timing) -> u64 {
    let times = match keep {
        Keep::None => return 0,
        Keep::Final => 1,
        Keep::Experiences => 1 + experiences,
    };
    if earlier.kept == Some(keep) {
        return earlier.network_bytes;
    }
    times * (4 * earlier.parameters + GRAPH_BYTES)
}

#[cfg(test)]
mod tests;
