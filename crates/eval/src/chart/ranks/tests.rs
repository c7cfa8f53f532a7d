use super::*;

#[test]
fn every_method_is_named_and_joined_with_what_it_cannot_be_told_from() {
    let test = Friedman {
        streams: 9,
        ranks: vec![3.0, 1.0, 2.0, 4.0],
        statistic: 20.0,
        p: 0.001,
        critical_difference: 1.5,
    };
    let titles = [
        "Third",
        "First of all the methods with long names",
        "Second",
        "Last",
    ];
    let methods = titles.map(|title| Ranked {
        title,
        look: Look::nth(0),
    });
    let sheet = Sheet {
        id: "d",
        title: "T".into(),
        caption: String::new(),
        description: String::new(),
        x: crate::figure::Axis::new("Mean rank", ""),
        y: crate::figure::Axis::default(),
    };
    let figure = ranks(sheet, &test, &methods);
    assert_eq!(figure.data.rows.len(), 4);
    let drawn = figure.svg;
    for piece in [
        "methods with long … 1.00",
        "Second 2.00",
        "Last 4.00",
        "critical difference 1.50",
    ] {
        assert!(drawn.contains(piece), "{piece}: {drawn}");
    }
    assert_eq!(drawn.matches("class=\"apart\"").count(), 3);
    assert!(drawn.contains(
        "best first: First of all the methods with long names 1.00, Second 2.00, Third 3.00, Last 4.00."
    ));
}
