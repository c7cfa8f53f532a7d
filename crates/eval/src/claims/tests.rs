use super::*;
use crate::suite::tests_support::{compared, suite_of_values};
use dentate_core::record::Order;

fn claim(assertion: Assertion) -> ClaimEntry {
    ClaimEntry {
        what: "a claim".into(),
        stream: "s0".into(),
        method: "m0".into(),
        other: None,
        metric: "average-accuracy".into(),
        assertion,
        each: false,
        source: "a paper".into(),
        departures: String::new(),
        cause: String::new(),
    }
}

fn tested_of(suite: &Suite) -> Vec<Tested<'_>> {
    let frames = crate::frames::Frames::of(suite).unwrap();
    let measured = crate::metrics::measure(suite, &frames).unwrap();
    test(suite, &compared(suite), &measured)
}

fn near(figure: f64, tolerance: f64) -> Assertion {
    Assertion::Near { figure, tolerance }
}

fn ordered(order: Order, figure: f64) -> Assertion {
    Assertion::Ordered { order, figure }
}

/// The outcome of a claim on two methods: means of 90 and 80 %, ± 2.48 and ± 4.97 points.
fn told(claim: ClaimEntry) -> (ClaimOutcome, Option<bool>, Option<Estimate>) {
    let mut suite = suite_of_values(&[vec![vec![0.89, 0.90, 0.91], vec![0.78, 0.80, 0.82]]], 1000);
    suite.manifest.claims.push(claim);
    let tested = tested_of(&suite);
    assert_eq!(tested.len(), 1);
    (tested[0].outcome.clone(), tested[0].sure, tested[0].found)
}

#[test]
fn a_figure_is_held_within_its_tolerance() {
    for (figure, tolerance, outcome, sure) in [
        (91.0, 1.0, ClaimOutcome::Held, false),
        (90.0, 2.5, ClaimOutcome::Held, true),
        (91.1, 1.0, ClaimOutcome::Missed, false),
        (95.0, 2.0, ClaimOutcome::Missed, true),
        // The interval reaches over the whole band, whose ends are both outside.
        (91.0, 0.5, ClaimOutcome::Missed, false),
    ] {
        let (stands, surely, found) = told(claim(near(figure, tolerance)));
        assert_eq!((stands, surely), (outcome, Some(sure)), "{figure} ± {tolerance}");
        let found = found.unwrap();
        assert!((found.mean - 90.0).abs() < 1e-9 && (found.half_width.unwrap() - 2.484).abs() < 1e-3);
    }
}

#[test]
fn an_order_of_two_methods_is_that_of_their_difference() {
    let between = |assertion| {
        let mut claim = claim(assertion);
        claim.other = Some("m1".into());
        told(claim)
    };
    let (stands, sure, found) = between(ordered(Order::Above, 0.0));
    assert_eq!((stands, sure), (ClaimOutcome::Held, Some(true)));
    assert!((found.unwrap().mean - 10.0).abs() < 1e-9);
    assert_eq!(between(ordered(Order::Below, 0.0)).0, ClaimOutcome::Missed);
    assert_eq!(between(near(12.0, 2.0)).0, ClaimOutcome::Held);
    assert_eq!(
        between(ordered(Order::AtMost, 10.0)).1,
        Some(false),
        "10 ± 2.48 reaches over 10"
    );
}

#[test]
fn a_claim_about_each_run_is_about_each_run() {
    let each = |figure| {
        let mut claim = claim(ordered(Order::AtLeast, figure));
        claim.each = true;
        told(claim)
    };
    assert_eq!((each(89.0).0, each(89.0).1), (ClaimOutcome::Held, None));
    assert_eq!(
        each(89.5).0,
        ClaimOutcome::Missed,
        "the mean is above it, and one run is not"
    );
}

#[test]
fn what_cannot_be_tested_says_why() {
    let because = |change: fn(&mut ClaimEntry)| {
        let mut claim = claim(near(90.0, 1.0));
        change(&mut claim);
        match told(claim) {
            (ClaimOutcome::Untestable(reason), None, None) => reason,
            other => panic!("{other:?}"),
        }
    };
    let said = [
        because(|c| c.stream = "elsewhere".into()),
        because(|c| c.method = "m7".into()),
        because(|c| c.other = Some("m9".into())),
        because(|c| c.metric = "solved".into()),
        because(|c| c.metric = "beauty".into()),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_metric_that_the_report_does_not_know_goes_by_its_recorded_name() {
    let log = |v: f64| format!("accuracy,0,1,0,,0.5\nbeauty,0,5,,,{v}\n");
    let logs = [0.25, 0.5, 0.75].map(log);
    let mut suite = crate::suite::tests_support::suite_of(&logs.each_ref().map(String::as_str));
    let mut own = claim(near(0.5, 0.01));
    (own.stream, own.method, own.metric) = ("s".into(), "m".into(), "beauty".into());
    suite.manifest.claims.push(own);
    let tested = tested_of(&suite);
    assert_eq!((&tested[0].outcome, tested[0].unit), (&ClaimOutcome::Held, None));
    assert_eq!(tested[0].found.unwrap().mean, 0.5);
}

#[test]
fn claims_are_counted() {
    let mut suite = suite_of_values(&[vec![vec![0.9, 0.9]]], 100);
    suite.manifest.claims = vec![
        claim(near(90.0, 0.1)),
        claim(near(50.0, 0.1)),
        claim(near(90.0, 0.0)),
    ];
    suite.manifest.claims[2].method = "m4".into();
    let count = count(&tested_of(&suite));
    assert_eq!((count.held, count.missed, count.untestable), (1, 1, 1));
    assert!(!count.all_held());
    assert!(
        Count {
            held: 3,
            ..Count::default()
        }
        .all_held()
    );
}
