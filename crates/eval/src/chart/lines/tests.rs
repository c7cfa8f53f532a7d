use super::*;

fn points(n: usize) -> Vec<Point> {
    (0..n)
        .map(|i| Point {
            x: (i + 1) as f64 / 100.0,
            mean: 0.5,
            low: 0.4,
            high: 0.6,
        })
        .collect()
}

#[test]
fn a_long_curve_keeps_the_ends_of_experiences() {
    let kept = thinned(&points(1000), 120);
    assert!(kept.len() <= 130, "{}", kept.len());
    for end in 1..=10 {
        let near = |x: f64| kept.iter().any(|p| (p.x - x).abs() < 1e-9);
        assert!(near(f64::from(end)), "{end}");
        assert!(end == 10 || near(f64::from(end) + 0.01), "after {end}");
    }
    assert_eq!(thinned(&points(50), 120).len(), 50);
}

/// A value that was measured before the end of the stream is not called its end, and a curve of one point is none.
#[test]
fn values_are_of_the_place_where_they_were_measured() {
    let content = |n: usize| Lines {
        curves: vec![Curve {
            title: "A".into(),
            look: Look::nth(0),
            points: points(n),
        }],
        levels: Vec::new(),
        experiences: Some(30),
        factor: 100.0,
        y: None,
        resolution: 100,
    };
    let sheet = || Sheet {
        id: "x",
        title: "T".into(),
        caption: String::new(),
        description: String::new(),
        x: stream_axis(),
        y: Axis::new("Accuracy", "%"),
    };
    let figure = lines(sheet(), &content(100)).unwrap();
    assert!(
        figure
            .svg
            .contains("Last values, mean over seeds: A 50.0 (at 1.0 of the stream).")
    );
    assert_eq!(figure.data.rows.len(), 100);
    assert!(lines(sheet(), &content(1)).is_none());
}
