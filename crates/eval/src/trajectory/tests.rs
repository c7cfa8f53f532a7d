use super::*;

fn at(run: usize, experience: usize, step: u64, value: f64) -> Observation {
    Observation {
        run,
        experience,
        step,
        task: None,
        item: None,
        value,
    }
}

fn clocks() -> BTreeMap<usize, TimeAxis> {
    let clock = |a: u64, b: u64| {
        let rows = [at(0, 0, a, a as f64), at(0, 1, b, b as f64)];
        TimeAxis::of(&rows.iter().collect::<Vec<_>>())
    };
    BTreeMap::from([(0, clock(10, 20)), (1, clock(20, 40))])
}

#[test]
fn a_clock_places_steps_on_the_stream() {
    let clock = &clocks()[&1];
    assert_eq!(clock.position(0, 0), 0.0);
    assert_eq!(clock.position(0, 10), 0.5);
    assert_eq!(clock.position(1, 20), 1.0);
    assert_eq!(clock.position(1, 99), 2.0);
    assert_eq!(TimeAxis::default().position(3, 5), 4.0);
}

#[test]
fn a_clock_stands_gaps_and_repeats() {
    let rows = [at(0, 2, 5, 5.0), at(0, 2, 9, 9.0), at(0, 1, 3, 3.0)];
    let clock = TimeAxis::of(&rows.iter().collect::<Vec<_>>());
    assert!(clock.position(2, 4).is_finite());
}

#[test]
fn runs_of_different_lengths_are_aligned() {
    let rows = [
        at(0, 0, 5, 0.2),
        at(0, 0, 10, 0.4),
        at(1, 0, 10, 0.4),
        at(1, 0, 20, 0.8),
    ];
    let points = curve(&rows, &clocks());
    assert_eq!(points.iter().map(|p| p.x).collect::<Vec<_>>(), [0.5, 1.0]);
    assert!((points[0].mean - 0.3).abs() < 1e-12 && (points[1].mean - 0.6).abs() < 1e-12);
    // Two runs have no interval.
    assert_eq!((points[0].low, points[0].high), (points[0].mean, points[0].mean));
}

#[test]
fn a_step_curve_holds_until_it_changes() {
    let rows = [at(0, 0, 0, 10.0), at(0, 1, 15, 30.0), at(1, 0, 0, 20.0)];
    let points = steps(&rows, &clocks(), 2.0, None);
    let shown: Vec<_> = points.iter().map(|p| (p.x, p.mean, p.low, p.high)).collect();
    assert_eq!(
        shown,
        [
            (0.0, 15.0, 10.0, 20.0),
            (1.5, 25.0, 20.0, 30.0),
            (2.0, 25.0, 20.0, 30.0)
        ]
    );
}

#[test]
fn many_positions_become_a_grid() {
    let rows: Vec<_> = (0..1000).map(|i| at(0, 0, i, i as f64)).collect();
    let clock = TimeAxis::of(&[&at(0, 0, 1000, 1000.0)]);
    assert_eq!(curve(&rows, &BTreeMap::from([(0, clock)])).len(), RESOLUTION + 1);
}
