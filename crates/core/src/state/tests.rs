use super::{StateError, from_bytes, to_bytes};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct State {
    seen: u64,
    numbers: Vec<f32>,
    by_name: BTreeMap<String, f64>,
    last: Option<Kind>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Kind {
    Plain,
    With { id: u32, parts: (i64, bool) },
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Plain),
        any::<(u32, (i64, bool))>().prop_map(|(id, parts)| Kind::With { id, parts }),
    ]
}

proptest! {
    /// Every bit of every number is preserved, also of NaN.
    #[test]
    fn what_is_written_is_read(
        seen: u64,
        bits in prop::collection::vec(any::<u32>(), 0..9),
        by_name: BTreeMap<String, u64>,
        last in prop::option::of(kind()),
    ) {
        let state = State {
            seen,
            numbers: bits.iter().copied().map(f32::from_bits).collect(),
            by_name: by_name.iter().map(|(k, v)| (k.clone(), f64::from_bits(*v))).collect(),
            last,
        };
        let again: State = from_bytes(&to_bytes(&state).unwrap()).unwrap();
        prop_assert_eq!(again.seen, state.seen);
        prop_assert_eq!(again.numbers.iter().map(|v| v.to_bits()).collect::<Vec<_>>(), bits);
        prop_assert!(again.by_name.iter().map(|(k, v)| (k, v.to_bits())).eq(by_name.iter().map(|(k, v)| (k, *v))));
        prop_assert_eq!(format!("{:?}", again.last), format!("{:?}", state.last));
    }

    /// Any bytes give a state or an error, and never need more memory than their number.
    #[test]
    fn any_bytes_are_answered(bytes: Vec<u8>) {
        let _ = from_bytes::<State>(&bytes);
    }
}

#[test]
fn bytes_too_few_or_too_many_are_refused() {
    let bytes = to_bytes(&(7_u32, String::from("seven"))).unwrap();
    assert!(matches!(
        from_bytes::<(u32, String)>(&bytes[..bytes.len() - 1]),
        Err(StateError::Read(_))
    ));
    let longer = [bytes.as_slice(), &[0, 0]].concat();
    assert_eq!(from_bytes::<(u32, String)>(&longer), Err(StateError::Longer(2)));
}

#[test]
fn what_needs_names_is_refused_and_told_why() {
    #[derive(Serialize)]
    struct Outer {
        #[serde(flatten)]
        inner: BTreeMap<String, u8>,
    }
    let inner = BTreeMap::from([("a".to_string(), 1)]);
    let error = to_bytes(&Outer { inner }).unwrap_err();
    assert!(error.to_string().contains("flattened"), "{error}");
}

#[test]
fn a_setting_is_stored_with_its_names() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Phase {
        #[serde(with = "crate::state::as_json")]
        optimizer: crate::Optimizer,
        left: u64,
    }
    let phase = Phase {
        optimizer: crate::Optimizer::adam(0.1 + f32::EPSILON),
        left: 3,
    };
    assert_eq!(from_bytes::<Phase>(&to_bytes(&phase).unwrap()).unwrap(), phase);
}
