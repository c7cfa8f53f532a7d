//! The readers of external bytes, each under one name, for tests and fuzzing.

use crate::network::NetworkBytes;
use crate::saved::{SavedSession, SessionState};
use dentate_core::{
    Activation, Graph, Grid, Head, Init, Inputs, Link, Moment, Network, NewLayer, Normalisation, PlanBuilder,
    Pool, SavedState, Scaling, Seed, TaskId, Window,
};
use ndarray::Array2;
use std::path::Path;
use std::sync::OnceLock;

/// A reader: its name, the function, and the maximum memory for a number of bytes.
pub type Reader = (&'static str, fn(&[u8]) -> Result<(), String>, fn(usize) -> usize);

/// The documented memory limit of a network's two files.
const NETWORK: fn(usize) -> usize = |bytes| 80 * bytes + (1 << 20);

/// Every reader of this crate. The two files of a network are read together, each with the other one of an example.
pub const READERS: [Reader; 3] = [
    ("graph", graph, NETWORK),
    ("tensors", tensors, NETWORK),
    ("session", session, |bytes| 4 * bytes + (1 << 24)),
];

fn graph(bytes: &[u8]) -> Result<(), String> {
    read(NetworkBytes {
        graph: bytes.to_vec(),
        ..network()
    })
}

fn tensors(bytes: &[u8]) -> Result<(), String> {
    read(NetworkBytes {
        tensors: bytes.to_vec(),
        ..network()
    })
}

fn read(files: NetworkBytes) -> Result<(), String> {
    files
        .network(Path::new("net"))
        .map(drop)
        .map_err(|e| e.to_string())
}

fn session(bytes: &[u8]) -> Result<(), String> {
    SavedSession::from_bytes(bytes)
        .map(drop)
        .map_err(|e| e.to_string())
}

/// Files that the reader called `name` accepts, as seeds for tests and fuzzing.
#[must_use]
pub fn examples(name: &str) -> Vec<Vec<u8>> {
    match name {
        "graph" => vec![network().graph],
        "tensors" => vec![network().tensors],
        _ => saved().to_bytes().into_iter().collect(),
    }
}

/// The files of the example; empty ones, which every test detects, if they could not be made.
fn network() -> NetworkBytes {
    static FILES: OnceLock<NetworkBytes> = OnceLock::new();
    let make = || example().and_then(|network| NetworkBytes::of(&network).ok());
    let empty = || NetworkBytes {
        graph: Vec::new(),
        tensors: Vec::new(),
    };
    FILES.get_or_init(|| make().unwrap_or_else(empty)).clone()
}

/// A network with all features: channels, windows, pooling, running statistics, a residual sum, two heads, units of
/// different origins.
fn example() -> Option<Network> {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let grid = Grid::new(6, 6);
    let input = plan.layer(NewLayer::image(2, grid));
    let of_channels = |name: &str| NewLayer {
        normalisation: Normalisation::BatchNorm,
        width_group: Some(0),
        ..NewLayer::hidden(name, 3, Activation::Relu).on(grid)
    };
    let first = plan.layer(of_channels("first"));
    let second = plan.layer(of_channels("second"));
    let third = plan.layer(NewLayer {
        pool: Pool::Max(Window::square(2, 2, 0)),
        dropout: 0.25,
        ..of_channels("third")
    });
    let window = Link::convolution(Window::square(3, 1, 1));
    plan.link(input, first, window, Init::He);
    plan.link(first, second, window, Init::He);
    plan.link(second, third, window, Init::He);
    plan.link(first, third, Link::Direct, Init::Zero);
    let dense = plan.layer(NewLayer {
        normalisation: Normalisation::LayerNorm,
        ..NewLayer::hidden("dense", 4, Activation::Tanh)
    });
    plan.connect(third, dense, Init::He);
    for (task, name) in ["one", "two"].into_iter().enumerate() {
        let of = Head {
            task: Some(TaskId(task as u32)),
            classes: vec![0, 1],
        };
        let head = plan.layer(NewLayer::head(name, 2, Activation::Identity, of));
        plan.connect(dense, head, Init::He);
    }
    let (graph, _) = Graph::empty().apply(&plan.finish(), Moment::default()).ok()?;
    let mut grown = PlanBuilder::new(&graph, "grown", Seed(2));
    grown.widen(dense, 1, Init::He, Init::Zero);
    let (graph, _) = graph
        .apply(
            &grown.finish(),
            Moment {
                experience: 1,
                step: 9,
            },
        )
        .ok()?;
    let numbers = |(rows, columns)| Array2::from_shape_fn((rows, columns), |(i, j)| (i * 7 + j) as f32 / 8.0);
    let parameters = graph
        .parameters()
        .into_iter()
        .map(|(p, shape)| (p, numbers(shape)));
    let inputs = Inputs {
        shape: vec![2, 6, 6],
        scaling: Some(Scaling {
            scale: 1.0 / 255.0,
            offset: 0.0,
        }),
    };
    Network::new(graph, parameters.collect(), inputs).ok()
}

/// A session whose learner has a few numbers.
fn saved() -> SavedSession {
    let numbers = Array2::from_elem((3, 5), 0.5);
    SavedSession {
        state: SessionState::at_beginning("89ab"),
        learner: SavedState {
            state: vec![0x93, 1, 2, 3],
            arrays: [("connection-0/weight".to_string(), numbers)].into(),
        },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_is_a_network() {
        assert!(super::example().is_some());
    }
}
