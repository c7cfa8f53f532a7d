//! The forms of each digit: strokes through control points in a unit box, with the origin at the top left.

use super::Point;
use super::chance::Chance;

/// A stroke as defined: `(x, y)` points, joined by straight lines or by a smooth curve.
enum Stroke {
    Straight(&'static [(f32, f32)]),
    Smooth(&'static [(f32, f32)]),
}

/// One form of a digit, with its frequency.
struct Variant {
    weight: f32,
    strokes: &'static [Stroke],
}

use Stroke::{Smooth, Straight};

const fn variant(weight: f32, strokes: &'static [Stroke]) -> Variant {
    Variant { weight, strokes }
}

const ZERO: &[Variant] = &[
    variant(
        3.0,
        &[Smooth(&[
            (0.52, 0.0),
            (0.18, 0.16),
            (0.05, 0.5),
            (0.18, 0.86),
            (0.5, 1.0),
            (0.84, 0.84),
            (0.95, 0.5),
            (0.82, 0.14),
            (0.48, 0.0),
        ])],
    ),
    // Begun at the right, closed with a hook over the start.
    variant(
        2.0,
        &[Smooth(&[
            (0.72, 0.08),
            (0.4, 0.02),
            (0.1, 0.35),
            (0.12, 0.78),
            (0.42, 1.0),
            (0.78, 0.8),
            (0.88, 0.4),
            (0.66, 0.08),
            (0.38, 0.12),
        ])],
    ),
    // Narrow.
    variant(
        1.0,
        &[Smooth(&[
            (0.55, 0.0),
            (0.32, 0.2),
            (0.24, 0.55),
            (0.34, 0.92),
            (0.52, 1.0),
            (0.7, 0.82),
            (0.76, 0.42),
            (0.66, 0.06),
            (0.5, 0.02),
        ])],
    ),
];

const ONE: &[Variant] = &[
    variant(
        3.0,
        &[Smooth(&[(0.52, 0.0), (0.5, 0.35), (0.5, 0.7), (0.48, 1.0)])],
    ),
    variant(2.0, &[Straight(&[(0.24, 0.24), (0.52, 0.0), (0.52, 1.0)])]),
    variant(
        1.0,
        &[
            Straight(&[(0.24, 0.24), (0.5, 0.0), (0.5, 1.0)]),
            Straight(&[(0.2, 1.0), (0.8, 1.0)]),
        ],
    ),
];

const TWO: &[Variant] = &[
    variant(
        3.0,
        &[
            Smooth(&[
                (0.08, 0.24),
                (0.28, 0.03),
                (0.62, 0.01),
                (0.84, 0.22),
                (0.7, 0.52),
                (0.4, 0.78),
                (0.06, 1.0),
            ]),
            Straight(&[(0.06, 1.0), (0.96, 0.98)]),
        ],
    ),
    // A loop at the foot.
    variant(
        2.5,
        &[Smooth(&[
            (0.1, 0.18),
            (0.42, 0.0),
            (0.8, 0.16),
            (0.74, 0.46),
            (0.46, 0.78),
            (0.16, 0.98),
            (0.04, 0.86),
            (0.2, 0.74),
            (0.5, 0.88),
            (0.74, 1.0),
            (1.0, 0.88),
        ])],
    ),
    // Angular.
    variant(
        1.0,
        &[
            Smooth(&[(0.1, 0.1), (0.5, 0.0), (0.88, 0.1), (0.82, 0.3)]),
            Straight(&[(0.82, 0.3), (0.06, 0.96), (0.98, 1.0)]),
        ],
    ),
];

const THREE: &[Variant] = &[
    variant(
        3.0,
        &[
            Smooth(&[(0.1, 0.12), (0.42, 0.0), (0.78, 0.1), (0.76, 0.34), (0.36, 0.47)]),
            Smooth(&[(0.36, 0.47), (0.78, 0.54), (0.92, 0.76), (0.6, 0.99), (0.06, 0.9)]),
        ],
    ),
    // A flat top.
    variant(
        1.0,
        &[
            Straight(&[(0.1, 0.02), (0.86, 0.0), (0.42, 0.4)]),
            Smooth(&[(0.42, 0.4), (0.8, 0.48), (0.92, 0.74), (0.58, 1.0), (0.06, 0.9)]),
        ],
    ),
    // A small loop at the waist.
    variant(
        1.5,
        &[Smooth(&[
            (0.12, 0.1),
            (0.48, 0.0),
            (0.8, 0.16),
            (0.62, 0.42),
            (0.36, 0.52),
            (0.38, 0.42),
            (0.72, 0.5),
            (0.9, 0.74),
            (0.58, 1.0),
            (0.08, 0.92),
        ])],
    ),
];

const FOUR: &[Variant] = &[
    // Open, in two strokes.
    variant(
        3.0,
        &[
            Smooth(&[(0.16, 0.02), (0.1, 0.26), (0.08, 0.5), (0.3, 0.6), (0.86, 0.52)]),
            Smooth(&[(0.86, 0.0), (0.82, 0.4), (0.78, 0.7), (0.74, 1.0)]),
        ],
    ),
    // Closed.
    variant(
        1.2,
        &[Straight(&[(0.66, 1.0), (0.7, 0.0), (0.04, 0.62), (0.98, 0.64)])],
    ),
    // A cup before a long stem.
    variant(
        1.5,
        &[
            Smooth(&[(0.1, 0.0), (0.08, 0.3), (0.24, 0.48), (0.54, 0.44), (0.84, 0.28)]),
            Smooth(&[(0.92, 0.04), (0.84, 0.34), (0.76, 0.68), (0.7, 1.0)]),
        ],
    ),
];

const FIVE: &[Variant] = &[
    variant(
        3.0,
        &[
            Straight(&[(0.9, 0.0), (0.28, 0.02), (0.18, 0.44)]),
            Smooth(&[
                (0.18, 0.44),
                (0.52, 0.36),
                (0.86, 0.54),
                (0.82, 0.84),
                (0.48, 1.0),
                (0.04, 0.9),
            ]),
        ],
    ),
    // Like an S.
    variant(
        1.5,
        &[Smooth(&[
            (0.9, 0.04),
            (0.5, 0.02),
            (0.24, 0.16),
            (0.3, 0.4),
            (0.66, 0.52),
            (0.82, 0.74),
            (0.52, 0.98),
            (0.06, 0.9),
        ])],
    ),
    // The bar put on last.
    variant(
        1.5,
        &[
            Smooth(&[
                (0.24, 0.08),
                (0.2, 0.28),
                (0.2, 0.46),
                (0.52, 0.42),
                (0.82, 0.6),
                (0.74, 0.9),
                (0.36, 1.0),
                (0.04, 0.86),
            ]),
            Straight(&[(0.24, 0.06), (0.98, 0.0)]),
        ],
    ),
];

const SIX: &[Variant] = &[
    variant(
        3.0,
        &[Smooth(&[
            (0.74, 0.0),
            (0.38, 0.2),
            (0.12, 0.54),
            (0.16, 0.88),
            (0.5, 1.0),
            (0.84, 0.82),
            (0.76, 0.58),
            (0.46, 0.54),
            (0.16, 0.76),
        ])],
    ),
    // A straight back and a small bowl.
    variant(
        2.0,
        &[Smooth(&[
            (0.42, 0.0),
            (0.26, 0.3),
            (0.16, 0.62),
            (0.2, 0.92),
            (0.46, 1.0),
            (0.76, 0.88),
            (0.68, 0.66),
            (0.4, 0.66),
            (0.2, 0.84),
        ])],
    ),
];

const SEVEN: &[Variant] = &[
    variant(3.0, &[Straight(&[(0.06, 0.04), (0.9, 0.0), (0.42, 1.0)])]),
    // With a bar.
    variant(
        1.5,
        &[
            Straight(&[(0.06, 0.02), (0.92, 0.0), (0.38, 1.0)]),
            Straight(&[(0.26, 0.52), (0.86, 0.48)]),
        ],
    ),
    // A serif and a curved leg.
    variant(
        2.0,
        &[
            Smooth(&[(0.08, 0.22), (0.1, 0.04), (0.5, 0.05), (0.92, 0.0)]),
            Smooth(&[(0.92, 0.0), (0.66, 0.34), (0.52, 0.66), (0.46, 1.0)]),
        ],
    ),
];

const EIGHT: &[Variant] = &[
    // In one line from the top right.
    variant(
        3.0,
        &[Smooth(&[
            (0.78, 0.12),
            (0.46, 0.0),
            (0.16, 0.16),
            (0.34, 0.42),
            (0.7, 0.62),
            (0.8, 0.86),
            (0.46, 1.0),
            (0.14, 0.84),
            (0.32, 0.58),
            (0.66, 0.36),
            (0.8, 0.12),
        ])],
    ),
    // Two rings.
    variant(
        1.2,
        &[
            Smooth(&[
                (0.5, 0.46),
                (0.22, 0.32),
                (0.26, 0.06),
                (0.54, 0.0),
                (0.8, 0.14),
                (0.74, 0.38),
                (0.48, 0.46),
            ]),
            Smooth(&[
                (0.5, 0.46),
                (0.14, 0.62),
                (0.14, 0.9),
                (0.5, 1.0),
                (0.86, 0.88),
                (0.84, 0.6),
                (0.48, 0.46),
            ]),
        ],
    ),
    // Left open at the top.
    variant(
        1.0,
        &[Smooth(&[
            (0.86, 0.0),
            (0.5, 0.04),
            (0.2, 0.2),
            (0.44, 0.46),
            (0.72, 0.72),
            (0.6, 0.98),
            (0.26, 0.96),
            (0.24, 0.7),
            (0.56, 0.4),
            (0.92, 0.12),
        ])],
    ),
];

const NINE: &[Variant] = &[
    variant(
        3.0,
        &[
            Smooth(&[
                (0.82, 0.14),
                (0.5, 0.0),
                (0.16, 0.16),
                (0.18, 0.42),
                (0.5, 0.5),
                (0.8, 0.3),
                (0.84, 0.1),
            ]),
            Smooth(&[(0.84, 0.1), (0.82, 0.4), (0.78, 0.7), (0.72, 1.0)]),
        ],
    ),
    // A curved tail.
    variant(
        1.5,
        &[Smooth(&[
            (0.84, 0.16),
            (0.52, 0.0),
            (0.18, 0.14),
            (0.18, 0.4),
            (0.5, 0.5),
            (0.82, 0.28),
            (0.86, 0.48),
            (0.74, 0.84),
            (0.42, 1.0),
            (0.1, 0.92),
        ])],
    ),
    // A small head on a leaning stem.
    variant(
        1.0,
        &[Smooth(&[
            (0.74, 0.08),
            (0.4, 0.02),
            (0.24, 0.22),
            (0.44, 0.38),
            (0.74, 0.22),
            (0.8, 0.06),
            (0.66, 0.46),
            (0.54, 1.0),
        ])],
    ),
];

const DIGITS: [&[Variant]; 10] = [ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE];

/// The deviation of control points, in box units.
const STRAY: f32 = 0.022;
/// The number of points of a smooth stroke between two control points.
const FINENESS: usize = 6;

/// Writes `digit` in one of its forms: lines of points in the box, with slightly moved control points.
pub(super) fn write(digit: u8, chance: &mut Chance) -> Vec<Vec<Point>> {
    let variants = DIGITS[usize::from(digit) % DIGITS.len()];
    let chosen = &variants[chance.pick(variants.iter().map(|v| v.weight))];
    // Less careful writing has larger deviations.
    let stray = STRAY * chance.between(0.4, 1.6);
    let mut last: Option<((f32, f32), Point)> = None;
    let mut lines = Vec::with_capacity(chosen.strokes.len());
    for stroke in chosen.strokes {
        let (points, smooth) = match stroke {
            Straight(points) => (points, false),
            Smooth(points) => (points, true),
        };
        let mut moved: Vec<Point> = Vec::with_capacity(points.len());
        for &(x, y) in *points {
            // A stroke that begins at the end of the last one stays joined to it.
            let point = match last {
                Some((at, joint)) if at == (x, y) && moved.is_empty() => joint,
                _ => Point {
                    x: x + chance.around(stray),
                    y: y + chance.around(stray),
                },
            };
            moved.push(point);
            last = Some(((x, y), point));
        }
        lines.push(if smooth {
            curve(&moved)
        } else {
            bow(&moved, chance)
        });
    }
    lines
}

/// A Catmull-Rom spline through the points.
fn curve(points: &[Point]) -> Vec<Point> {
    let mut line = Vec::with_capacity(points.len() * FINENESS);
    for i in 0..points.len().saturating_sub(1) {
        let (b, c) = (points[i], points[i + 1]);
        let a = if i == 0 { b } else { points[i - 1] };
        let d = points.get(i + 2).copied().unwrap_or(c);
        for step in 0..FINENESS {
            let t = step as f32 / FINENESS as f32;
            let spline = |a: f32, b: f32, c: f32, d: f32| {
                b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
            };
            line.push(Point {
                x: spline(a.x, b.x, c.x, d.x),
                y: spline(a.y, b.y, c.y, d.y),
            });
        }
    }
    line.extend(points.last());
    line
}

/// Straight segments, each slightly bent to one side, as in handwriting.
fn bow(points: &[Point], chance: &mut Chance) -> Vec<Point> {
    let mut line = Vec::with_capacity(points.len() * FINENESS);
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let bend = chance.around(0.06);
        for step in 0..FINENESS {
            let t = step as f32 / FINENESS as f32;
            let off = 4.0 * t * (1.0 - t) * bend;
            line.push(Point {
                x: a.x + (b.x - a.x) * t - (b.y - a.y) * off,
                y: a.y + (b.y - a.y) * t + (b.x - a.x) * off,
            });
        }
    }
    line.extend(points.last());
    line
}
