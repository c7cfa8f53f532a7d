use super::*;

fn kinds(of: &[(&str, usize)]) -> Vec<String> {
    of.iter()
        .flat_map(|(kind, n)| vec![kind.to_string(); *n])
        .collect()
}

/// Ten short runs first, then ten that take thirty times as long: a mean over all would be off by a factor of fifteen.
#[test]
fn runs_of_another_kind_are_not_judged_by_those_that_finished() {
    let all = kinds(&[("short", 10), ("long", 10)]);
    let mut unknown = Remaining::new(&all, 1, BTreeMap::new());
    let past = BTreeMap::from([("long".to_owned(), 30.0)]);
    let mut known = Remaining::new(&all, 1, past);
    for run in 0..10 {
        for remaining in [&mut unknown, &mut known] {
            remaining.begin(0, "short", f64::from(run));
            remaining.end(0, true, f64::from(run + 1));
        }
    }
    assert_eq!(unknown.left(10.0), None, "nothing is known of the long ones");
    assert_eq!(known.left(10.0), Some(300.0));
    // The first of them tells of the others while it is under way.
    unknown.begin(0, "long", 10.0);
    unknown.at(0, 0.0, 10.0);
    unknown.at(0, 0.1, 13.0);
    let left = unknown.left(13.0).unwrap();
    assert!((left - (27.0 + 9.0 * 30.0)).abs() < 1e-9, "{left}");
}

#[test]
fn slots_share_the_work_and_the_longest_run_is_a_bound() {
    let past = BTreeMap::from([("a".to_owned(), 10.0), ("b".to_owned(), 100.0)]);
    let mut remaining = Remaining::new(&kinds(&[("a", 4), ("b", 1)]), 4, past);
    assert_eq!(remaining.left(0.0), Some(100.0));
    remaining.begin(0, "b", 0.0);
    assert_eq!(
        remaining.left(90.0),
        Some(12.5),
        "10 of the long run, 40 of the others"
    );
    // What takes longer than before is not over for that.
    assert_eq!(remaining.left(200.0), Some(10.0));
}

#[test]
fn a_resumed_run_is_judged_by_what_it_did_since() {
    let mut remaining = Remaining::new(&kinds(&[("a", 1)]), 1, BTreeMap::new());
    remaining.begin(0, "a", 0.0);
    remaining.at(0, 0.5, 1.0);
    remaining.at(0, 0.6, 11.0);
    assert_eq!(remaining.left(11.0).map(f64::round), Some(40.0));
    remaining.end(0, true, 51.0);
    assert!(remaining.seen.is_empty(), "its time is not that of a whole run");
    assert_eq!(remaining.left(51.0), None);
}

#[test]
fn what_failed_or_was_left_to_another_process_tells_no_time() {
    let mut remaining = Remaining::new(&kinds(&[("a", 2)]), 1, BTreeMap::new());
    remaining.begin(0, "a", 0.0);
    remaining.end(0, false, 5.0);
    assert!(remaining.seen.is_empty());
    remaining.begin(0, "a", 5.0);
    assert_eq!(remaining.waiting["a"], 0);
    remaining.put_back(0);
    assert_eq!(remaining.waiting["a"], 1);
}
