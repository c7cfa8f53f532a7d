//! The outlines of figures: the approximate signed distance of a point, above 0 outside and below 0 inside. Figures approximately
//! fill the circle of radius 1.

/// Directions to the tips of a star: multiples of a fifth of a turn.
const TIPS: [(f32, f32); 5] = [
    (0.0, -1.0),
    (0.951_056_5, -0.309_017),
    (0.587_785_25, 0.809_017),
    (-0.587_785_25, 0.809_017),
    (-0.951_056_5, -0.309_017),
];

fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

fn bar(x: f32, y: f32, half_width: f32, half_height: f32) -> f32 {
    (x.abs() - half_width).max(y.abs() - half_height)
}

/// The outline of the figure of `class`.
pub(super) fn distance(class: u8, x: f32, y: f32) -> f32 {
    match class {
        0 => length(x, y) - 0.82,
        2 => (y - 0.48).max(0.866_025_4 * x.abs() - 0.5 * y - 0.48),
        3 => bar(x, y, 0.3, 0.95).min(bar(x, y, 0.95, 0.3)),
        4 => star(x, y),
        5 => (length(x, y) - 0.68).abs() - 0.2,
        6 => (length(x, y) - 0.95).max(0.72 - length(x - 0.45, y)),
        7 => {
            let ends = length(x.abs() - 0.6, y) - 0.38;
            ends.min(bar(x, y, 0.6, 0.13))
        }
        // The plain square, the striped and the chequered one.
        _ => bar(x, y, 0.72, 0.72),
    }
}

/// Inside a five-pointed star a point is beyond at most one of the five lines through its tips.
fn star(x: f32, y: f32) -> f32 {
    let (mut most, mut second) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
    for (tip_x, tip_y) in TIPS {
        let beyond = tip_x * x + tip_y * y;
        second = second.max(beyond.min(most));
        most = most.max(beyond);
    }
    second - 0.34
}

/// Returns whether a point of the figure has its second colour: squares of class 8 are striped, those of class 9 are chequered.
pub(super) fn second_colour(class: u8, x: f32, y: f32) -> bool {
    // Three cells lie along a side.
    let odd = |v: f32| ((v + 0.72) / 0.48).floor() == 1.0;
    match class {
        8 => odd(x),
        9 => odd(x) != odd(y),
        _ => false,
    }
}
