use super::*;

#[test]
fn a_missing_file_says_which_where_and_how_to_get_it() {
    let error = StreamError::Missing {
        set: "mnist",
        file: "train-labels-idx1-ubyte",
        root: PathBuf::from("data"),
    };
    let text = error.to_string();
    for part in [
        "train-labels-idx1-ubyte",
        "data/mnist",
        "cargo xtask data fetch mnist",
        "DENTATE_DATA",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn a_range_error_names_key_value_and_range() {
    let text = StreamError::range("validation", 0.7, "from 0 to 0.5").to_string();
    assert_eq!(text, "`validation` is 0.7, but has to be from 0 to 0.5");
}
