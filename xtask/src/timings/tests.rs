use super::{Unit, parse, words};

fn unit(name: &str, duration: f64) -> Unit {
    Unit {
        name: name.into(),
        duration,
    }
}

/// The form of cargo's page, with fields that are read and some that are not.
const PAGE: &str = r#"<script>
const CONCURRENCY_DATA = [{"t": 0.1}];
const UNIT_DATA = [
  {"i": 0, "name": "dentate-core", "version": "0.1.0", "mode": "todo", "target": "", "start": 0.0, "duration": 12.5, "unblocked_units": []},
  {"i": 1, "name": "polars-core", "mode": "todo", "target": " build-script", "start": 0.5, "duration": 30.25}
];
const OTHER = [];
</script>"#;

#[test]
fn the_units_of_a_page_are_read() {
    let expected = vec![unit("dentate-core", 12.5), unit("polars-core", 30.25)];
    assert_eq!(parse(PAGE), Some(expected));
    assert_eq!(parse("<html></html>"), None);
    assert_eq!(parse("const UNIT_DATA = [{];\n"), None);
}

#[test]
fn the_dearest_crates_come_first_and_their_units_are_added_up() {
    let units = [
        unit("syn", 4.0),
        unit("dentate-growth", 20.0),
        unit("dentate-growth", 31.4),
        unit("xtask", 6.0),
    ];
    assert_eq!(
        words(&units).unwrap(),
        "seconds of compiling: 61, 57 of them for the workspace's own crates; dentate-growth 51, xtask 6, syn 4"
    );
}

#[test]
fn a_build_that_had_little_to_do_is_not_spoken_of() {
    assert_eq!(words(&[unit("dentate-growth", 19.0)]), None);
    assert_eq!(words(&[]), None);
}
