//! The looks of methods: a colour, a dash and a mark for each, by its place in the manifest, so that it looks the same on every stream and
//! with any selection of methods. Each of the first twenty has a mark of its own, and a colour and dash that no other shares.

use crate::comparison::Role;
use crate::suite::Suite;

/// The number of colours beside the control's, of which the style sheet has as many.
pub(crate) const COLOURS: usize = 7;
/// The number of dashes.
const DASHES: usize = 3;
/// The number of shapes, each filled and open.
const SHAPES: usize = 10;

/// The look of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// CSS classes: `m` and `m3` for the fourth method of the manifest, its colour and its dash.
    pub(crate) class: String,
    pub(crate) mark: Mark,
}

/// A mark's shape; an open one is not filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    shape: usize,
    pub(crate) open: bool,
}

impl Look {
    /// The look of a method of the manifest in a role.
    pub(crate) fn of(suite: &Suite, method: usize, role: Role) -> Self {
        // The control has a colour of its own, and the others keep theirs whichever it is.
        let place = match suite.control() {
            Some(control) if method > control => method - 1,
            _ => method,
        };
        match role {
            Role::Control => Self::with(
                method,
                "control",
                Mark {
                    shape: 0,
                    open: false,
                },
            ),
            Role::Reference => Self::with(method, "reference", Mark { shape: 0, open: true }),
            Role::Contender => {
                let mut own = Self::nth(place);
                own.class = format!("m m{method} {}", own.class);
                own
            }
        }
    }

    /// The look of the n-th of things that are no methods.
    pub(crate) fn nth(place: usize) -> Self {
        // The first shape is the control's.
        let shape = place + 1;
        Self {
            class: format!("c{} d{}", place % COLOURS, place / COLOURS % DASHES),
            mark: Mark {
                shape: shape % SHAPES,
                open: shape / SHAPES % 2 == 1,
            },
        }
    }

    fn with(method: usize, class: &str, mark: Mark) -> Self {
        Self {
            class: format!("m m{method} {class}"),
            mark,
        }
    }
}

impl Mark {
    /// The outline around a point, for a radius near that of a dot.
    pub(crate) fn path(self, x: f64, y: f64, r: f64) -> String {
        let polygon = |corners: usize, turn: f64, size: f64| {
            let point = |k: usize| {
                let angle = (k as f64 / corners as f64 + turn) * std::f64::consts::TAU;
                (x + size * r * angle.sin(), y - size * r * angle.cos())
            };
            closed((0..corners).map(point))
        };
        let star = |points: usize, inner: f64, turn: f64| {
            let point = |k: usize| {
                let angle = (k as f64 / (2 * points) as f64 + turn) * std::f64::consts::TAU;
                let size = if k.is_multiple_of(2) { 1.4 } else { inner };
                (x + size * r * angle.sin(), y - size * r * angle.cos())
            };
            closed((0..2 * points).map(point))
        };
        match self.shape {
            0 => format!(
                "M{:.1} {y:.1}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z",
                x - r,
                d = 2.0 * r
            ),
            1 => polygon(4, 0.125, 1.3),
            2 => polygon(3, 0.0, 1.35),
            3 => polygon(4, 0.0, 1.35),
            4 => polygon(3, 0.5, 1.35),
            5 => star(5, 0.55, 0.0),
            6 => star(4, 0.4, 0.0),
            7 => polygon(6, 0.0, 1.2),
            8 => star(4, 0.4, 0.125),
            _ => polygon(5, 0.0, 1.25),
        }
    }
}

fn closed(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (i, (x, y)) in points.enumerate() {
        path.push_str(&format!("{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" }));
    }
    path.push('z');
    path
}

#[cfg(test)]
mod tests;
