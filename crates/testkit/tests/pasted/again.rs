#[test]
fn claimed_laws_hold_again() {
    use dentate_citizen as _; // links it in
    use dentate_testkit::dentate_core::{Activation, Scenario, registry::Kind};
    use dentate_testkit::strategy::{Case, Data, again};
    again(
        Kind::Strategy,
        r#"name = "citizen""#,
        "claimed_laws_hold",
        &Case {
            scenario: Scenario::ClassIncremental,
            experiences: 2,
            rows: 6,
            features: 2,
            data: Data::Plain,
            hidden: vec![
                3,
            ],
            activation: Activation::Tanh,
            batch: 2,
            epochs: 2,
            adam: false,
            rehearsal: false,
            seed: 1,
        },
    );
}
