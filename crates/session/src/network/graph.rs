//! `graph.json`: layers, connections, heads and units, and the form of the inputs. Every key is documented on the page "Networks
//! out and in".

use super::FORMAT;
use super::entries::{ConnectionEntry, LayerEntry};
use super::error::NetworkFileError;
use dentate_core::record::sentence;
use dentate_core::{
    Connection, ConnectionId, Graph, Inputs, Layer, LayerId, Network, NextIds, Scaling, UnitId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;

/// The maximum size of a graph in bytes: a unit takes about 30, and a layer may have a million.
pub(super) const LONGEST: u64 = 1 << 30;
/// The maximum number of characters in a layer's name.
const NAME: usize = 200;

/// The content of a file.
pub(super) struct Described {
    pub(super) graph: Graph,
    pub(super) inputs: Inputs,
    /// Names of tensors that contain non-finite numbers.
    pub(super) non_finite: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    input: InputEntry,
    layers: Vec<LayerEntry>,
    connections: Vec<ConnectionEntry>,
    next: NextEntry,
    non_finite: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InputEntry {
    shape: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scaling: Option<ScalingEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScalingEntry {
    scale: f32,
    offset: f32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NextEntry {
    layer: u32,
    connection: u32,
    unit: u64,
}

/// Encodes a file: one line for each layer and connection.
pub(super) fn encode(network: &Network) -> Result<Vec<u8>, NetworkFileError> {
    let graph = network.graph();
    let next = NextEntry {
        layer: graph.next_layer().0,
        connection: graph.next_connection().0,
        unit: graph.next_unit().0,
    };
    let inputs = network.inputs();
    let scaling = inputs.scaling.map(|s| ScalingEntry {
        scale: s.scale,
        offset: s.offset,
    });
    let input = InputEntry {
        shape: inputs.shape.clone(),
        scaling,
    };
    let non_finite: Vec<String> = network.non_finite().iter().map(ToString::to_string).collect();
    let layers = lines(graph.layers().map(LayerEntry::from))?;
    let connections = lines(graph.connections().map(ConnectionEntry::from))?;
    let text = format!(
        "{{\n\"format\": {FORMAT},\n\"input\": {},\n\"layers\": [{layers}],\n\"connections\": [{connections}],\n\"next\": {},\n\
         \"non_finite\": {}\n}}\n",
        json(&input)?,
        json(&next)?,
        json(&non_finite)?
    );
    Ok(text.into_bytes())
}

fn json(value: &impl Serialize) -> Result<String, NetworkFileError> {
    serde_json::to_string(value).map_err(|e| NetworkFileError::Unwritable(e.to_string()))
}

fn lines<T: Serialize>(entries: impl Iterator<Item = T>) -> Result<String, NetworkFileError> {
    let lines: Vec<String> = entries.map(|entry| json(&entry)).collect::<Result<_, _>>()?;
    Ok(format!("\n{}\n", lines.join(",\n")))
}

/// Decodes a file; `file` is the name used in error messages.
pub(super) fn decode(bytes: &[u8], file: &Path) -> Result<Described, NetworkFileError> {
    /// The part common to every version.
    #[derive(Deserialize)]
    struct Version {
        format: u64,
    }
    let refused = |error: serde_json::Error| NetworkFileError::Json {
        file: file.into(),
        message: sentence(&error.to_string()),
    };
    let Version { format: found } = serde_json::from_slice(bytes).map_err(refused)?;
    if found != u64::from(FORMAT) {
        return Err(NetworkFileError::Format {
            file: file.into(),
            found,
            needed: FORMAT,
        });
    }
    let read: File = serde_json::from_slice(bytes).map_err(refused)?;
    if let Some(layer) = read.layers.iter().find(|layer| !is_name(&layer.name)) {
        return Err(NetworkFileError::Key {
            file: file.into(),
            key: "name",
            found: sentence(&format!("{:?}", layer.name.chars().take(40).collect::<String>())),
            needed: "a name of 1 to 200 characters in one line",
        });
    }
    let next = NextIds {
        layer: LayerId(read.next.layer),
        connection: ConnectionId(read.next.connection),
        unit: UnitId(read.next.unit),
    };
    let layers = read.layers.into_iter().map(Layer::from).collect();
    let connections = read.connections.into_iter().map(Connection::from).collect();
    let graph = Graph::assemble(layers, connections, next).map_err(|error| NetworkFileError::Graph {
        file: file.into(),
        error,
    })?;
    let known: BTreeSet<String> = graph.parameters().keys().map(ToString::to_string).collect();
    let non_finite: BTreeSet<String> = read.non_finite.into_iter().collect();
    if let Some(strange) = non_finite.difference(&known).next() {
        return Err(NetworkFileError::Key {
            file: file.into(),
            key: "non_finite",
            found: sentence(&format!("{:?}", strange.chars().take(40).collect::<String>())),
            needed: "the name of a tensor of this graph",
        });
    }
    let scaling = read.input.scaling.map(|s| Scaling {
        scale: s.scale,
        offset: s.offset,
    });
    let inputs = Inputs {
        shape: read.input.shape,
        scaling,
    };
    Ok(Described {
        graph,
        inputs,
        non_finite,
    })
}

fn is_name(name: &str) -> bool {
    let length = name.chars().take(NAME + 1).count();
    (1..=NAME).contains(&length) && name.chars().all(dentate_core::record::is_printable)
}
