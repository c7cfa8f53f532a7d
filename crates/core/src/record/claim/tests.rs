use super::*;

fn claim(assertion: Assertion) -> ClaimEntry {
    ClaimEntry {
        what: "it holds".into(),
        stream: "s".into(),
        method: "m".into(),
        other: None,
        metric: "average-accuracy".into(),
        assertion,
        each: false,
        source: "a paper".into(),
        departures: String::new(),
        cause: String::new(),
    }
}

#[test]
fn a_claim_comes_back_as_it_was_written() {
    let near = Assertion::Near {
        figure: 81.1,
        tolerance: 1.5,
    };
    let ordered = Order::ALL.map(|order| Assertion::Ordered { order, figure: -0.5 });
    for assertion in ordered.into_iter().chain([near]) {
        let text = serde_json::to_string(&claim(assertion)).unwrap();
        let back: ClaimEntry = serde_json::from_str(&text).unwrap();
        assert_eq!(back, claim(assertion), "{text}");
    }
}

#[test]
fn an_assertion_holds_up_to_its_bounds() {
    let near = Assertion::Near {
        figure: 10.0,
        tolerance: 0.5,
    };
    assert!(near.holds(9.5) && near.holds(10.5) && !near.holds(10.6) && !near.holds(f64::NAN));
    let holds = |order, value| {
        let figure = 0.0;
        Assertion::Ordered { order, figure }.holds(value)
    };
    for (order, expected) in [
        (Order::Above, [false, false, true]),
        (Order::AtLeast, [false, true, true]),
        (Order::Below, [true, false, false]),
        (Order::AtMost, [true, true, false]),
    ] {
        assert_eq!(
            [-1.0, 0.0, 1.0].map(|value| holds(order, value)),
            expected,
            "{}",
            order.sign()
        );
    }
}
