//! Paths in few bytes: relative coordinates in tenths, which are exact sums.

use std::fmt::Write as _;

/// A path through points in the units of the drawing.
pub(crate) fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    let mut last = (0, 0);
    for (i, (x, y)) in points.enumerate() {
        let here = ((x * 10.0).round() as i64, (y * 10.0).round() as i64);
        if i == 0 {
            path.push('M');
            tenths(&mut path, here.0, false);
            tenths(&mut path, here.1, true);
            path.push('l');
        } else if here != last {
            let separated = !path.ends_with('l');
            tenths(&mut path, here.0 - last.0, separated);
            tenths(&mut path, here.1 - last.1, true);
        }
        last = here;
    }
    if path.ends_with('l') {
        // One point: a line of no length, which round ends make a dot.
        path.push_str("0 0");
    }
    path
}

/// A number of tenths; `separated` writes a space before it unless its sign separates.
fn tenths(path: &mut String, v: i64, separated: bool) {
    if separated && v >= 0 {
        path.push(' ');
    }
    if v < 0 {
        path.push('-');
    }
    let (whole, rest) = (v.abs() / 10, v.abs() % 10);
    let _ = match (whole, rest) {
        (whole, 0) => write!(path, "{whole}"),
        (whole, rest) => write!(path, "{whole}.{rest}"),
    };
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_path_is_relative_and_adds_up() {
        let points = [(10.0, 55.0), (60.04, 5.0), (60.04, 5.0), (110.0, 5.26)];
        assert_eq!(path(points.into_iter()), "M10 55l50-50 50 0.3");
        assert_eq!(path([(1.0, 2.0)].into_iter()), "M1 2l0 0");
        assert_eq!(path(std::iter::empty()), "");
    }
}
