use super::*;

#[test]
fn ticks_are_round() {
    let shown = |low, high, n| {
        ticks(low, high, n)
            .iter()
            .map(|t| format!("{t:.2}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(shown(0.0, 1.0, 5), "0.00 0.20 0.40 0.60 0.80 1.00");
    assert_eq!(shown(0.37, 1.0, 3), "0.50 1.00");
    assert_eq!(shown(0.0, 89_610.0, 2), "0.00 50000.00");
    assert_eq!(shown(3.0, 3.0, 4), "3.00");
}

#[test]
fn an_area_turns_y_over_and_keeps_to_its_frame() {
    let area = Area {
        left: 10.0,
        right: 110.0,
        top: 5.0,
        bottom: 55.0,
        x: (0.0, 2.0),
        y: (0.0, 1.0),
    };
    assert_eq!(
        area.path([(0.0, 0.0), (1.0, 1.0), (2.0, 9.0)].into_iter()),
        "M10.0 55.0L60.0 5.0L110.0 5.0"
    );
    let flat = Area {
        x: (1.0, 1.0),
        ..area
    };
    assert_eq!(flat.px(1.0), 60.0);
}
