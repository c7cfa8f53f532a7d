use super::*;

#[test]
fn only_what_is_measured_once_can_contradict_itself() {
    let once = |name: &str| known(name).is_some_and(|known| known.once);
    assert!(once(metric::ACCURACY) && once(metric::UPDATES));
    assert!(!once(metric::GROWTH) && !once(metric::PARAMETERS) && !once("mine"));
}

#[test]
fn names_are_unique() {
    let mut all: Vec<&str> = names().collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), names().count());
}
