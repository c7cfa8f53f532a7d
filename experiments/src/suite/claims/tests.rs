use crate::suite::{Suite, SuiteError};
use std::path::Path;

const SUITE: &str = r#"
[[stream]]
name = "drawn"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits" }
[[stream]]
name = "again"
kind = "split"
scenario = "task-incremental"
data = { kind = "digits" }
[[method]]
name = "fixed"
[[method]]
name = "columns"
streams = ["again"]
strategy = { name = "progressive-columns" }
"#;

fn parse(claim: &str) -> Result<Suite, SuiteError> {
    Suite::parse(Path::new("s.toml"), &format!("{SUITE}[[claim]]\n{claim}"))
}

fn with(change: &str) -> String {
    let mut keys: Vec<(&str, &str)> = vec![
        ("what", "\"it learns\""),
        ("stream", "\"again\""),
        ("method", "\"fixed\""),
        ("metric", "\"average-accuracy\""),
        ("figure", "91.5"),
        ("tolerance", "2"),
        ("source", "\"a table\""),
    ];
    for line in change.lines() {
        let (key, value) = line.split_once('=').unwrap();
        keys.retain(|(own, _)| *own != key);
        if !value.is_empty() {
            keys.push((key, value));
        }
    }
    keys.iter()
        .map(|(key, value)| format!("{key} = {value}\n"))
        .collect()
}

#[test]
fn claims_of_both_forms_are_read() {
    use dentate_core::record::{Assertion, Order};
    let claim = |change: &str| parse(&with(change)).unwrap().claims.remove(0);
    let near = claim("departures=\"smaller\"\ncause=\"tried\"");
    assert_eq!(
        near.assertion,
        Assertion::Near {
            figure: 91.5,
            tolerance: 2.0
        }
    );
    assert_eq!(
        (near.departures.as_str(), near.cause.as_str(), near.each),
        ("smaller", "tried", false)
    );
    let ordered = claim("figure=\ntolerance=\norder=\">\"\nother=\"columns\"");
    let order = Order::Above;
    assert_eq!(ordered.assertion, Assertion::Ordered { order, figure: 0.0 });
    assert_eq!(ordered.other.as_deref(), Some("columns"));
    let each = claim("tolerance=\norder=\"<=\"\nfigure=5\neach=true");
    let order = Order::AtMost;
    assert_eq!(
        (each.assertion, each.each),
        (Assertion::Ordered { order, figure: 5.0 }, true)
    );
    assert!(
        Suite::parse(Path::new("s.toml"), SUITE)
            .unwrap()
            .claims
            .is_empty()
    );
}

#[test]
fn mistakes_in_claims_are_answered_with_their_place() {
    let said = |change: &str| parse(&with(change)).unwrap_err().to_string();
    let all = [
        "stream=\"agian\"",
        "method=\"fixd\"",
        "other=\"fixed\"",
        "method=\"columns\"\nstream=\"drawn\"",
        "metric=\"average-acuracy\"",
        "figure=",
        "tolerance=",
        "tolerance=-1",
        "figure=inf",
        "order=\">\"",
        "order=\"=\"",
        "source=",
        "beauty=1",
    ]
    .map(said);
    insta::assert_snapshot!(all.join("\n"));
}
