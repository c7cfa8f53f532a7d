use super::*;

fn facts(tasks: &[&str], chance: f64) -> StreamFacts {
    StreamFacts {
        scenario: "class-incremental".into(),
        tasks: tasks.iter().map(|task| (*task).to_owned()).collect(),
        tasks_by_seed: false,
        experiences: tasks.len(),
        chance: Some(chance),
        on_training_rows: false,
    }
}

#[test]
fn only_what_holds_for_every_seed_is_said_of_all() {
    let one = facts(&["0/1", "2/3"], 0.5);
    assert_eq!(one.clone().and(&one), one);
    let other = one.clone().and(&facts(&["3/0", "1/2"], 0.5));
    assert_eq!(
        (&other.tasks[..], other.tasks_by_seed),
        (&["Task 1".into(), "Task 2".into()][..], true)
    );
    assert_eq!(other.chance, Some(0.5));
    // One task alike is no name for a column beside another's number.
    let half = one.clone().and(&facts(&["0/1", "3/2"], 0.5));
    assert_eq!(half.tasks, ["Task 1", "Task 2"]);
    let longer = one.clone().and(&facts(&["0/1", "2/3", "4"], 0.4));
    assert_eq!((longer.tasks.len(), longer.chance), (3, None));
    let chances = one.clone().and(&facts(&["0/1", "2/3"], 0.4));
    assert_eq!((chances.tasks_by_seed, chances.chance), (true, None));
    assert_eq!(chances.tasks, one.tasks);
}
