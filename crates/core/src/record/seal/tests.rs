use super::*;
use crate::record::{RunEnd, Status};
use proptest::prelude::*;
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Body {
    name: String,
    numbers: Vec<f64>,
}

fn failed(message: &str) -> RunEnd {
    let (kind, message) = ("panic".into(), message.into());
    RunEnd {
        run: "ab12".into(),
        status: Status::Failed { kind, message },
        log: None,
        timing: None,
        settings: None,
        after: Vec::new(),
    }
}

#[test]
fn an_ending_is_sealed_and_read_back() {
    let mut ending = failed("it panicked");
    assert_eq!(unsealed(&sealed(&ending).unwrap()), Ok(ending.clone()));
    ending.status = Status::Finished;
    ending.log = Some(Sum::of(b"a log"));
    let text = sealed(&ending).unwrap();
    assert_eq!(unsealed(&text), Ok(ending));
    insta::assert_snapshot!(String::from_utf8(text).unwrap(), @r#"
    {
      "run": "ab12",
      "status": "finished",
      "log": {
        "bytes": 5,
        "sha256": "5775e775a009a883570f8738b2efba72ebd889bebd792398088abf4b78a55133"
      },
      "seal": "2c62c205c114765649fd44257cac52089e706646ad84e4ab39a90dba598bdbb6"
    }
    "#);
}

#[test]
fn every_edit_of_a_value_breaks_the_seal() {
    let text = sealed(&failed("it panicked")).unwrap();
    let whole: Value = serde_json::from_slice(&text).unwrap();
    for (key, value) in [
        ("run", json!("ab13")),
        ("status", json!("pending")),
        ("message", json!("it stopped")),
        ("log", json!({ "bytes": 1, "sha256": "" })),
        ("seal", json!("")),
    ] {
        let mut edited = whole.clone();
        edited[key] = value;
        let said = unsealed::<RunEnd>(edited.to_string().as_bytes()).unwrap_err();
        assert!(said.contains("changed after it was written"), "{key}: {said}");
    }
    // The layout of the text does not matter.
    assert_eq!(unsealed(whole.to_string().as_bytes()), Ok(failed("it panicked")));
    let unsealed = unsealed::<RunEnd>(br#"{"run":"ab12","status":"finished"}"#);
    assert!(unsealed.unwrap_err().contains("missing field `seal`"));
}

#[test]
fn a_sum_says_how_another_differs() {
    let sum = Sum::of(b"metric");
    assert_eq!(sum.mismatch(&Sum::of(b"metric")), None);
    assert_eq!(
        sum.mismatch(&Sum::of(b"met")).unwrap(),
        "it has 3 bytes where 6 were written"
    );
    assert_eq!(
        sum.mismatch(&Sum::of(b"metrik")).unwrap(),
        "its checksum is not that of what was written"
    );
}

proptest! {
    #[test]
    fn what_is_sealed_reads_whatever_the_numbers(name in any::<String>(), numbers in prop::collection::vec(prop::num::f64::NORMAL, 0..6)) {
        let text = sealed(&Body { name, numbers }).unwrap();
        prop_assert!(unsealed::<Body>(&text).is_ok());
    }
}
