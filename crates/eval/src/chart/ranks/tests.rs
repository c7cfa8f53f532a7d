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
        class: "s0".into(),
    });
    let drawn = ranks("d", &test, &methods).into_string();
    for piece in [
        "First of all the methods …",
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
