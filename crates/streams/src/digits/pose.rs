//! The placement of strokes on the paper: bent, scaled, sheared, rotated and shifted.

use super::chance::Chance;
use super::{Point, SIDE};

/// Height of an upright digit before scaling, in pixels.
const HEIGHT: f32 = 18.5;
/// Width of the box of an upright digit, in pixels.
const WIDTH: f32 = 14.0;

/// One wave of the distortion: it moves points along `(dx, dy)`, by a phase that increases along `(fx, fy)`.
struct Wave {
    fx: f32,
    fy: f32,
    phase: f32,
    dx: f32,
    dy: f32,
}

impl Wave {
    fn new(chance: &mut Chance) -> Self {
        Self {
            fx: chance.around(0.6),
            fy: chance.around(0.6),
            phase: chance.unit(),
            dx: chance.around(0.04),
            dy: chance.around(0.04),
        }
    }

    fn at(&self, p: Point) -> f32 {
        wave(self.phase + self.fx * p.x + self.fy * p.y)
    }
}

/// A smooth wave of period 1 between −1 and 1, composed of parabolas: a sine without a mathematics library.
fn wave(turns: f32) -> f32 {
    let t = 2.0 * (turns - turns.floor()) - 1.0;
    4.0 * t * (1.0 - t.abs())
}

/// Transforms lines from the unit box to pixels.
pub(super) fn place(mut lines: Vec<Vec<Point>>, chance: &mut Chance) -> Vec<Vec<Point>> {
    let waves: [Wave; 4] = std::array::from_fn(|_| Wave::new(chance));
    let size = 1.0 + chance.around(0.08);
    let (wide, high) = (
        size * (1.0 + chance.around(0.1)),
        size * (1.0 + chance.around(0.06)),
    );
    let shear = 0.1 + chance.around(0.15);
    // Rotation by 2·atan(turn) needs no sine: (1 − t²)/(1 + t²) is its cosine, 2t/(1 + t²) its sine.
    let turn = chance.around(0.06);
    let (cosine, sine) = (
        (1.0 - turn * turn) / (1.0 + turn * turn),
        2.0 * turn / (1.0 + turn * turn),
    );
    let (right, down) = (chance.around(1.15), chance.around(1.15));
    let middle = (SIDE as f32 - 1.0) / 2.0;
    for point in lines.iter_mut().flatten() {
        let (mut x, mut y) = (point.x - 0.5, point.y - 0.5);
        for w in &waves {
            let amount = w.at(*point);
            x += w.dx * amount;
            y += w.dy * amount;
        }
        let (x, y) = ((x * WIDTH - shear * y * HEIGHT) * wide, y * HEIGHT * high);
        *point = Point {
            x: middle + right + cosine * x - sine * y,
            y: middle + down + sine * x + cosine * y,
        };
    }
    keep_on_paper(&mut lines);
    lines
}

/// Shifts lines into the image, and shrinks them if they do not fit.
fn keep_on_paper(lines: &mut [Vec<Point>]) {
    const EDGE: f32 = 2.0;
    const ROOM: f32 = SIDE as f32 - 1.0 - 2.0 * EDGE;
    // Scale and shift of one axis, for the range from `low` to `high`.
    let fit = |low: f32, high: f32| {
        let scale = (ROOM / (high - low).max(1.0)).min(1.0);
        let (low, high) = (low * scale, high * scale);
        (scale, (EDGE - low).max(0.0) + (EDGE + ROOM - high).min(0.0))
    };
    let bounds = |of: fn(&Point) -> f32| {
        let values = lines.iter().flatten().map(of);
        values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| {
            (low.min(v), high.max(v))
        })
    };
    let ((left, right), (top, bottom)) = (bounds(|p| p.x), bounds(|p| p.y));
    let ((wide, across), (high, down)) = (fit(left, right), fit(top, bottom));
    for point in lines.iter_mut().flatten() {
        *point = Point {
            x: point.x * wide + across,
            y: point.y * high + down,
        };
    }
}
