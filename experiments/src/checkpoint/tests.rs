use super::{Checkpoint, CheckpointError, Standing};
use crate::run::{Mark, Position, Timing};
use dentate_core::{Ledger, Saved};
use ndarray::Array2;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn checkpoint(arrays: BTreeMap<String, Array2<f32>>, state: Vec<u8>) -> Checkpoint {
    Checkpoint {
        standing: Standing {
            run: "0123456789abcdef".into(),
            data: "89ab".into(),
            fingerprint: "this machine".into(),
            position: Position::default(),
            ledger: Ledger::default(),
            log: Mark { bytes: 77, crc: 5 },
            timing: Timing::default(),
        },
        saved: Saved { state, arrays },
    }
}

fn bits(saved: &Saved) -> Vec<(&String, (usize, usize), Vec<u32>)> {
    let bits = |a: &Array2<f32>| a.iter().map(|v| v.to_bits()).collect();
    saved
        .arrays
        .iter()
        .map(|(name, a)| (name, a.dim(), bits(a)))
        .collect()
}

proptest! {
    /// Every bit comes back: of NaN, of negative zero, of empty arrays and empty state.
    #[test]
    fn what_is_written_is_read(
        arrays in prop::collection::btree_map(
            "[a-z]{1,8}/[a-zé ]{0,8}",
            (0usize..5, 0usize..5, prop::collection::vec(any::<u32>(), 16)),
            0..6,
        ),
        state in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let arrays = arrays
            .into_iter()
            .map(|(name, (rows, columns, bits))| {
                let value = |(i, j): (usize, usize)| f32::from_bits(bits[(i * 5 + j) % 16]);
                (name, Array2::from_shape_fn((rows, columns), value))
            })
            .collect();
        let written = checkpoint(arrays, state);
        let read = Checkpoint::decode(&written.encode().unwrap()).unwrap();
        prop_assert_eq!(bits(&read.saved), bits(&written.saved));
        prop_assert_eq!(&read.saved.state, &written.saved.state);
        prop_assert_eq!(read.standing, written.standing);
    }

    /// One changed bit anywhere is noticed.
    #[test]
    fn a_changed_bit_is_noticed(place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let arrays = [("layer-1/bias".to_string(), Array2::ones((3, 4)))].into();
        let whole = checkpoint(arrays, vec![1, 2, 3]);
        let mut bytes = whole.encode().unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        if let Ok(read) = Checkpoint::decode(&bytes) {
            // A space of the header's padding, or the case of a letter that JSON does not care about.
            prop_assert_eq!(read, whole);
        }
    }
}

#[test]
fn what_cannot_be_used_is_said() {
    let whole = checkpoint(BTreeMap::new(), vec![9; 40]);
    let bytes = whole.encode().unwrap();
    let replaced = |from: &str, to: &str| {
        let at = bytes
            .windows(from.len())
            .position(|w| w == from.as_bytes())
            .unwrap();
        let mut bytes = bytes.clone();
        bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    let mut huge = bytes.clone();
    huge[..8].copy_from_slice(&(1u64 << 60).to_le_bytes());
    let reserved = checkpoint(
        [("dentate/run".to_string(), Array2::ones((1, 1)))].into(),
        Vec::new(),
    );
    let said = [
        Checkpoint::decode(&[]).unwrap_err(),
        Checkpoint::decode(&bytes[..bytes.len() - 1]).unwrap_err(),
        Checkpoint::decode(&huge).unwrap_err(),
        Checkpoint::decode(&replaced("\"dentate\":\"2\"", "\"dentate\":\"7\"")).unwrap_err(),
        Checkpoint::decode(&replaced("\u{9}\u{9}\u{9}", "abc")).unwrap_err(),
        Checkpoint::decode(&replaced("dentate/state", "dentate/stale")).unwrap_err(),
        CheckpointError::Missing("dentate/state"),
        CheckpointError::Tensor {
            name: "layer-1/bias".into(),
            found: "F16 [3]".into(),
            expected: "a matrix of F32",
        },
        CheckpointError::Standing("a byte is missing".into()),
        reserved.encode().unwrap_err(),
    ];
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(said.join("\n"));
}
