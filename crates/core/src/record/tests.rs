use super::*;

#[test]
fn a_line_quotes_what_needs_it_and_keeps_every_bit() {
    let record = Record {
        metric: "units".into(),
        experience: 1,
        step: 20,
        task: None,
        item: Some("a \"b\", c".into()),
        value: 0.1 + 0.2,
    };
    assert_eq!(
        record.to_csv(),
        "units,1,20,,\"a \"\"b\"\", c\",0.30000000000000004"
    );
}
