use super::*;

fn of(seed: u64, learner: Value) -> String {
    let setup = Setup {
        seed,
        learner: Some(learner),
        ..Setup::default()
    };
    identity(&setup, Protocol::Sequential)
}

#[test]
fn the_first_setting_that_differs_is_named() {
    let plain = json!({ "learner": "gradient", "batch": 4, "strategy": { "name": "fixed" } });
    let other = json!({ "learner": "gradient", "batch": 4, "strategy": { "name": "redo", "every": 7 } });
    let said = |saved: &str, here: &str| compare(saved, here).err().map(|e| e.to_string());
    let of_plain = of(3, plain.clone());
    assert_eq!(said(&of_plain, &of_plain), None);
    let seed = "the saved session is of an experiment in which `seed` is 3, and here it is 4";
    assert_eq!(said(&of_plain, &of(4, plain.clone())).as_deref(), Some(seed));
    let strategy = "the saved session is of an experiment in which `learner.strategy.name` is \"fixed\", and here it is \"redo\"";
    assert_eq!(said(&of_plain, &of(3, other)).as_deref(), Some(strategy));
    // A learner that was built directly has no recipe.
    let setup = Setup {
        seed: 3,
        ..Setup::default()
    };
    assert_eq!(said(&of_plain, &identity(&setup, Protocol::Sequential)), None);
    assert!(
        said(&of_plain, &identity(&setup, Protocol::Joint)).is_some_and(|said| said.contains("`protocol`"))
    );
}
