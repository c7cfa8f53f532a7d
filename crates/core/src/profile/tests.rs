use super::*;
use std::thread::sleep;

const PAUSE: Duration = Duration::from_millis(3);

#[test]
fn what_is_entered_within_takes_its_time_out_of_the_outer_one() {
    fine(true);
    let _ = take();
    {
        let _backward = enter(Kind::Backward);
        sleep(PAUSE);
        {
            let _update = enter(Kind::Update);
            sleep(4 * PAUSE);
        }
        sleep(PAUSE);
    }
    sleep(PAUSE);
    let spent = take();
    assert!(spent[&Kind::Backward] >= 2.0 * PAUSE.as_secs_f64());
    assert!(spent[&Kind::Update] >= 4.0 * PAUSE.as_secs_f64());
    assert_eq!(spent.len(), 2);
    assert!(take().is_empty());
}

#[test]
fn growth_is_one_piece_whatever_is_computed_within_it() {
    fine(true);
    let _ = take();
    {
        let _growth = enter(Kind::Growth);
        let _forward = enter(Kind::Forward);
        let _evaluation = enter(Kind::Evaluation);
        sleep(PAUSE);
    }
    assert_eq!(take().into_keys().collect::<Vec<_>>(), [Kind::Growth]);
}

#[test]
fn pieces_of_an_update_are_left_out_unless_asked_for() {
    fine(false);
    let _ = take();
    {
        let _forward = enter(Kind::Forward);
        let _records = enter(Kind::Records);
        sleep(PAUSE);
    }
    assert_eq!(take().into_keys().collect::<Vec<_>>(), [Kind::Records]);
}
