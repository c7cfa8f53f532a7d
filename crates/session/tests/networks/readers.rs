//! Readers that share no code with what wrote the files' numbers: the naive model of the test kit, and a script for NumPy.

use dentate_core::{LayerId, Network, Route, Slot};
use dentate_session::NetworkFiles;
use dentate_testkit::naive;
use ndarray::Array2;
use std::path::Path;
use std::process::Command;

/// Outputs of some heads for these rows, computed from the files of a folder alone; `None` if the reader is unavailable.
pub(crate) type Reading = fn(&Path, &Array2<f32>, &[(LayerId, Array2<f32>)]) -> Option<Vec<Array2<f64>>>;

pub(crate) const ALL: [Reading; 2] = [by_loops, by_numpy];

fn by_loops(
    folder: &Path,
    inputs: &Array2<f32>,
    heads: &[(LayerId, Array2<f32>)],
) -> Option<Vec<Array2<f64>>> {
    let network = Network::load(folder).unwrap();
    let mut model = naive::Network::of(network.graph());
    model.set(Slot::WEIGHT, network.parameters());
    let numbers = naive::values::<f64>(&model.arrays(Slot::WEIGHT));
    let outputs: Vec<_> = inputs
        .rows()
        .into_iter()
        .map(|row| naive::run(&model, &numbers, &row.to_vec(), &Route::default()).after)
        .collect();
    let of = |(layer, wanted): &(LayerId, Array2<f32>)| {
        Array2::from_shape_fn(wanted.dim(), |(i, j)| outputs[i][layer][j])
    };
    Some(heads.iter().map(of).collect())
}

fn by_numpy(
    folder: &Path,
    inputs: &Array2<f32>,
    heads: &[(LayerId, Array2<f32>)],
) -> Option<Vec<Array2<f64>>> {
    let there = Command::new("python3").args(["-c", "import numpy"]).output();
    if !there.is_ok_and(|out| out.status.success()) {
        eprintln!("skipped: python3 with numpy is not there, so that the script cannot be run");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/read_network.py");
    let (rows, out) = (folder.join("rows.npy"), folder.join("out"));
    std::fs::write(&rows, npy(inputs)).unwrap();
    let ran = Command::new("python3")
        .arg(script)
        .args([folder, &rows, &out])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let of = |(layer, wanted): &(LayerId, Array2<f32>)| {
        let bytes = std::fs::read(out.join(format!("head-{}.npy", layer.0))).unwrap();
        let start = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        let words = bytes[start..].as_chunks::<8>().0;
        let values: Vec<f64> = words.iter().map(|w| f64::from_le_bytes(*w)).collect();
        Array2::from_shape_vec(wanted.dim(), values).unwrap()
    };
    Some(heads.iter().map(of).collect())
}

/// Numbers as NumPy saves them.
fn npy(values: &Array2<f32>) -> Vec<u8> {
    let (rows, columns) = values.dim();
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    while (header.len() + 11) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    bytes
}
