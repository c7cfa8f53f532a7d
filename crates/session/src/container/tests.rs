use super::{ContainerError, decode, encode};
use dentate_core::SavedState;
use ndarray::Array2;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn bits(saved: &SavedState) -> Vec<(&String, (usize, usize), Vec<u32>)> {
    let bits = |a: &Array2<f32>| a.iter().map(|v| v.to_bits()).collect();
    saved
        .arrays
        .iter()
        .map(|(name, a)| (name, a.dim(), bits(a)))
        .collect()
}

fn saved(arrays: BTreeMap<String, Array2<f32>>, state: Vec<u8>) -> SavedState {
    SavedState { state, arrays }
}

proptest! {
    /// Every bit is preserved: of NaN, of negative zero, of empty arrays and empty state.
    #[test]
    fn what_is_written_is_read(
        arrays in prop::collection::btree_map(
            "[a-z]{1,8}/[a-zé ]{0,8}",
            (0usize..5, 0usize..5, prop::collection::vec(any::<u32>(), 16)),
            0..6,
        ),
        state in prop::collection::vec(any::<u8>(), 0..200),
        run in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let arrays = arrays
            .into_iter()
            .map(|(name, (rows, columns, bits))| {
                let value = |(i, j): (usize, usize)| f32::from_bits(bits[(i * 5 + j) % 16]);
                (name, Array2::from_shape_fn((rows, columns), value))
            })
            .collect();
        let written = saved(arrays, state);
        let (of_run, read) = decode(&encode(&run, &written).unwrap()).unwrap();
        prop_assert_eq!(bits(&read), bits(&written));
        prop_assert_eq!(&read.state, &written.state);
        prop_assert_eq!(of_run, run);
    }

    /// One changed bit anywhere is detected.
    #[test]
    fn a_changed_bit_is_noticed(place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let arrays = [("layer-1/bias".to_string(), Array2::ones((3, 4)))].into();
        let whole = saved(arrays, vec![1, 2, 3]);
        let mut bytes = encode(b"here", &whole).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        if let Ok(read) = decode(&bytes) {
            // A space of the header's padding, or the case of a letter that JSON ignores.
            prop_assert_eq!(read, (b"here".to_vec(), whole));
        }
    }
}

#[test]
fn what_cannot_be_used_is_said() {
    let bytes = encode(&[9; 40], &saved(BTreeMap::new(), vec![9, 9])).unwrap();
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
    let reserved = saved(
        [("dentate/run".to_string(), Array2::ones((1, 1)))].into(),
        Vec::new(),
    );
    let said = [
        decode(&[]).unwrap_err(),
        decode(&bytes[..bytes.len() - 1]).unwrap_err(),
        decode(&huge).unwrap_err(),
        decode(&replaced("\"dentate\":\"4\"", "\"dentate\":\"7\"")).unwrap_err(),
        decode(&replaced("\u{9}\u{9}\u{9}", "abc")).unwrap_err(),
        decode(&replaced("dentate/state", "dentate/stale")).unwrap_err(),
        ContainerError::Missing("dentate/state"),
        ContainerError::Tensor {
            name: "layer-1/bias".into(),
            found: "F16 [3]".into(),
            expected: "a matrix of F32",
        },
        encode(&[], &reserved).unwrap_err(),
    ];
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(said.join("\n"));
}
