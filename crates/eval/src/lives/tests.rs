use super::*;
use crate::suite::tests_support::suite_of;

/// Two runs of four and two units, each halved by itself; a unit that is removed in its window belongs to neither half.
#[test]
fn units_are_halved_run_by_run_and_censored_at_the_end() {
    let one = "unit.activity,0,100,,7,0.9\n\
               unit.activity,0,100,,8,0.1\n\
               unit.death,0,120,,8,120.0\n\
               unit.death,0,130,,9,30.0\n\
               updates,0,200,,,200.0\n\
               unit.activity,1,250,,10,0.5\n\
               unit.activity,1,300,,11,0.2\n\
               unit.death,1,290,,10,140.0\n\
               updates,1,400,,,400.0\n";
    let two = "unit.activity,0,50,,7,0.01\nunit.activity,0,50,,8,0.02\nupdates,0,80,,,80.0\n";
    let suite = suite_of(&[one, two]);
    let traces = LifeTraces::of(&Frames::of(&suite).unwrap());
    let survival = traces.survival(&[0, 1]).unwrap();
    let times = |curve: &SurvivalCurve| -> Vec<(f64, usize, usize)> {
        curve
            .steps()
            .iter()
            .map(|s| (s.time, s.died, s.censored))
            .collect()
    };
    assert_eq!(
        times(&survival.active),
        [(30.0, 0, 1), (40.0, 1, 0), (300.0, 0, 1)]
    );
    assert_eq!(times(&survival.idle), [(20.0, 1, 0), (30.0, 0, 1), (100.0, 0, 1)]);
    assert_eq!((survival.early, survival.longest()), (1, 300.0));
    assert!(traces.survival(&[]).is_none());
}
