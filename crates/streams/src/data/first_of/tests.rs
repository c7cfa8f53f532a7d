use super::*;

fn data(of: &str) -> Box<dyn DataSpec> {
    serde_json::from_str(&format!(r#"{{ "kind": "first-of", "of": [{of}] }}"#)).unwrap()
}

const MNIST: &str = r#"{ "kind": "mnist" }"#;
const DRAWN: &str = r#"{ "kind": "digits", "train": 20, "test": 10 }"#;

#[test]
fn what_is_there_is_taken_and_identified() {
    let both = data(&format!("{MNIST}, {DRAWN}"));
    both.validate().unwrap();
    let env = DataEnv::default();
    let drawn = data(DRAWN);
    assert_eq!(both.fingerprint(&env).unwrap(), drawn.fingerprint(&env).unwrap());
    assert_eq!(both.load(&env).unwrap().train.len(), 20);
    assert_eq!(both.facts().title, "MNIST");
}

#[test]
fn where_nothing_is_found_the_first_says_what_it_lacks() {
    let none = data(&format!(r#"{MNIST}, {{ "kind": "cifar-10" }}"#));
    let error = none.prepare(&DataEnv::default()).unwrap_err().to_string();
    assert!(error.contains("mnist"), "{error}");
}

#[test]
fn what_is_damaged_is_not_passed_over() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("mnist")).unwrap();
    std::fs::write(root.path().join("mnist/train-images-idx3-ubyte"), b"no images").unwrap();
    let both = data(&format!("{MNIST}, {DRAWN}"));
    let env = DataEnv {
        root: Some(root.path().to_owned()),
        cache: None,
        ..DataEnv::default()
    };
    assert!(matches!(
        both.load(&env),
        Err(StreamError::Size { .. } | StreamError::Missing { .. })
    ));
}

#[test]
fn data_sets_that_differ_are_refused() {
    assert!(data("").validate().is_err());
    let mixed = data(&format!(r#"{{ "kind": "coloured-shapes" }}, {DRAWN}"#));
    let error = mixed.validate().unwrap_err().to_string();
    assert!(error.contains("as the first has"), "{error}");
}
