//! The content of a picture: a background with blots and bars, and the figure in front. Positions range from −1 to 1, colours from 0
//! to 1.

use super::outline;
use crate::digits::Chance;

/// Red, green and blue.
type Colour = [f32; 3];

/// The approximate colour of two figures in five of each class.
const USUAL: [Colour; 10] = [
    [0.85, 0.2, 0.2],
    [0.2, 0.65, 0.25],
    [0.2, 0.35, 0.85],
    [0.9, 0.8, 0.2],
    [0.85, 0.5, 0.15],
    [0.2, 0.75, 0.8],
    [0.85, 0.85, 0.85],
    [0.6, 0.25, 0.7],
    [0.45, 0.3, 0.15],
    [0.15, 0.15, 0.2],
];

/// A small shape on the background.
#[derive(Clone, Copy)]
struct Blot {
    x: f32,
    y: f32,
    half_width: f32,
    half_height: f32,
    round: bool,
    colour: Colour,
}

impl Blot {
    fn new(chance: &mut Chance) -> Self {
        Self {
            x: chance.between(-1.0, 1.0),
            y: chance.between(-1.0, 1.0),
            half_width: chance.between(0.06, 0.22),
            half_height: chance.between(0.06, 0.22),
            round: chance.happens(0.5),
            colour: any(chance),
        }
    }

    fn distance(&self, x: f32, y: f32) -> f32 {
        let (x, y) = ((x - self.x).abs(), (y - self.y).abs());
        if self.round {
            (x * x + y * y).sqrt() - self.half_width
        } else {
            (x - self.half_width).max(y - self.half_height)
        }
    }
}

pub(super) struct Scene {
    class: u8,
    /// The background's colours, and the direction of the gradient between them.
    ground: [Colour; 2],
    slope: (f32, f32),
    blots: [Option<Blot>; 3],
    /// The figure's centre and size.
    x: f32,
    y: f32,
    size: f32,
    cosine: f32,
    sine: f32,
    /// The figure's colours; the second one is used in stripes and chequers.
    figure: [Colour; 2],
}

impl Scene {
    pub(super) fn new(class: u8, chance: &mut Chance) -> Self {
        let first = if chance.happens(0.4) {
            let usual = USUAL[usize::from(class) % USUAL.len()];
            usual.map(|v| (v + chance.around(0.08)).clamp(0.0, 1.0))
        } else {
            any(chance)
        };
        let ground = far_from(&[first], chance);
        let second = far_from(&[first, ground], chance);
        let shade = ground.map(|v| (v + chance.around(0.12)).clamp(0.0, 1.0));
        let (cosine, sine) = direction(chance);
        let size = chance.between(0.5, 0.8);
        // It may touch the edge, but not cross it.
        let room = 1.0 - size;
        Self {
            class,
            ground: [ground, shade],
            slope: direction(chance),
            blots: [0.7, 0.5, 0.3].map(|often| chance.happens(often).then(|| Blot::new(chance))),
            x: chance.between(-room, room),
            y: chance.between(-room, room),
            size,
            cosine,
            sine,
            figure: [first, second],
        }
    }

    /// The colour at a position; `step` is the width of a pixel.
    pub(super) fn colour(&self, x: f32, y: f32, step: f32) -> Colour {
        // The share of a pixel that is covered at this distance.
        let cover = |distance: f32| (0.5 - distance / step).clamp(0.0, 1.0);
        let along = (0.5 + 0.35 * (self.slope.0 * x + self.slope.1 * y)).clamp(0.0, 1.0);
        let mut colour = mix(self.ground[0], self.ground[1], along);
        for blot in self.blots.iter().flatten() {
            colour = mix(colour, blot.colour, cover(blot.distance(x, y)));
        }
        let (dx, dy) = ((x - self.x) / self.size, (y - self.y) / self.size);
        let (u, v) = (
            self.cosine * dx + self.sine * dy,
            self.cosine * dy - self.sine * dx,
        );
        let inside = cover(outline::distance(self.class, u, v) * self.size);
        let own = self.figure[usize::from(outline::second_colour(self.class, u, v))];
        mix(colour, own, inside)
    }
}

#[cfg(test)]
impl Scene {
    /// Returns whether the figure covers a position.
    pub(super) fn inside(&self, x: f32, y: f32) -> bool {
        let (dx, dy) = ((x - self.x) / self.size, (y - self.y) / self.size);
        outline::distance(
            self.class,
            self.cosine * dx + self.sine * dy,
            self.cosine * dy - self.sine * dx,
        ) < 0.0
    }
}

/// A random direction, as cosine and sine. Rotation by 2·atan(t) needs no sine: (1 − t²)/(1 + t²) is its cosine, 2t/(1 + t²) its sine;
/// `t` up to 1 gives half of the circle, and a coin flip selects the other.
fn direction(chance: &mut Chance) -> (f32, f32) {
    let t = chance.between(-1.0, 1.0);
    let sign = if chance.happens(0.5) { 1.0 } else { -1.0 };
    let below = 1.0 + t * t;
    (sign * (1.0 - t * t) / below, sign * 2.0 * t / below)
}

fn any(chance: &mut Chance) -> Colour {
    [chance.unit(), chance.unit(), chance.unit()]
}

/// Of six random colours the one whose nearest neighbour in `others` is furthest.
fn far_from(others: &[Colour], chance: &mut Chance) -> Colour {
    let apart = |colour: &Colour| {
        let distances = others.iter().map(|other| {
            let differences = colour.iter().zip(other).map(|(a, b)| (a - b).abs());
            differences.sum::<f32>()
        });
        distances.fold(f32::INFINITY, f32::min)
    };
    let mut best = any(chance);
    for _ in 0..5 {
        let next = any(chance);
        if apart(&next) > apart(&best) {
            best = next;
        }
    }
    best
}

fn mix(under: Colour, over: Colour, share: f32) -> Colour {
    let mut mixed = under;
    for (under, over) in mixed.iter_mut().zip(over) {
        *under += share * (over - *under);
    }
    mixed
}
