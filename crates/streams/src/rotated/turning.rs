//! Rotation of pictures: each pixel is interpolated from the four around its source position.

use crate::error::StreamError;
use dentate_core::{Dataset, Samples};

/// A pixel of a rotated picture: its four source pixels, `None` for one outside the picture, and the share of each.
type Mix = [(Option<usize>, f32); 4];

/// The interpolation of a rotated picture of this size, for each pixel.
fn mixes(height: usize, width: usize, degrees: f64) -> Vec<Mix> {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (middle_y, middle_x) = ((height as f64 - 1.0) / 2.0, (width as f64 - 1.0) / 2.0);
    let mut mixes = Vec::with_capacity(height * width);
    for row in 0..height {
        for column in 0..width {
            let (y, x) = (row as f64 - middle_y, column as f64 - middle_x);
            // The position of this pixel before rotation; y points down.
            let (from_x, from_y) = (cosine * x - sine * y + middle_x, sine * x + cosine * y + middle_y);
            let (left, top) = (from_x.floor(), from_y.floor());
            let (right_share, low_share) = (from_x - left, from_y - top);
            let corner = |dx: f64, dy: f64| {
                let (x, y) = (left + dx, top + dy);
                let inside = x >= 0.0 && y >= 0.0 && x < width as f64 && y < height as f64;
                let share = (1.0 - (dx - right_share).abs()) * (1.0 - (dy - low_share).abs());
                (inside.then_some(y as usize * width + x as usize), share as f32)
            };
            mixes.push([
                corner(0.0, 0.0),
                corner(1.0, 0.0),
                corner(0.0, 1.0),
                corner(1.0, 1.0),
            ]);
        }
    }
    mixes
}

/// The value of a pixel. It never leaves the range of its source pixels, and a pixel with a single source is unchanged.
fn mixed(mix: &Mix, value: impl Fn(usize) -> f32, black: f32) -> f32 {
    let (mut sum, mut least, mut most) = (0.0, f32::INFINITY, f32::NEG_INFINITY);
    for &(from, share) in mix.iter().filter(|(_, share)| *share > 0.0) {
        let value = from.map_or(black, &value);
        sum += share * value;
        least = least.min(value);
        most = most.max(value);
    }
    // Also where rounding takes a sum out of the range, or changes -0 into 0.
    if least == most {
        least
    } else {
        sum.max(least).min(most)
    }
}

/// The positions of the features of a row in the storage, channel by channel.
struct Planes {
    /// Number of features of a row.
    features: usize,
    /// Number of pixels of a channel.
    pixels: usize,
    places: Vec<usize>,
}

impl Planes {
    fn of(data: &Dataset) -> Self {
        let features = data.features();
        let places = match data.columns() {
            Some(columns) => columns.iter().map(|&c| c as usize).collect(),
            None => (0..features).collect(),
        };
        let pixels = match data.shape() {
            [.., height, width] => height * width,
            _ => features,
        };
        Self {
            features,
            pixels,
            places,
        }
    }

    /// The rows of the storage with the positions of each channel: every channel of a row, then those of the next.
    fn channels<'a, T>(&'a self, values: &'a [T]) -> impl Iterator<Item = (&'a [T], &'a [usize])> {
        let rows = values.chunks(self.features);
        rows.flat_map(|row| self.places.chunks(self.pixels).map(move |places| (row, places)))
    }
}

/// The value outside a picture for each channel; for bytes it is 0.
pub(super) struct Black(Vec<f32>);

impl Black {
    /// The black of pictures of height × width, or channels × height × width.
    pub(super) fn of(training: &Dataset) -> Self {
        let planes = Planes::of(training);
        let mut black = vec![0.0_f32; planes.features.div_ceil(planes.pixels)];
        if let Samples::Floats(values) = &**training.storage() {
            let count = black.len();
            for (at, (row, places)) in planes.channels(values).enumerate() {
                let black = &mut black[at % count];
                *black = places.iter().map(|&place| row[place]).fold(*black, f32::min);
            }
        }
        Self(black)
    }
}

/// The images of `data`, rotated counter-clockwise.
pub(super) fn turn(data: &Dataset, degrees: f64, black: &Black) -> Result<Dataset, StreamError> {
    let ([height, width] | [_, height, width]) = *data.shape() else {
        return Ok(data.clone());
    };
    let (mixes, planes) = (mixes(height, width, degrees), Planes::of(data));
    let samples = match &**data.storage() {
        Samples::Bytes {
            values,
            scale,
            offset,
        } => {
            let turned = planes.channels(values).flat_map(|(row, places)| {
                let value = |from: usize| f32::from(row[places[from]]);
                mixes.iter().map(move |mix| (mixed(mix, value, 0.0) + 0.5) as u8)
            });
            Samples::Bytes {
                values: turned.collect(),
                scale: *scale,
                offset: *offset,
            }
        }
        Samples::Floats(values) => {
            let channels = planes.channels(values).zip(black.0.iter().cycle());
            let turned = channels.flat_map(|((row, places), &black)| {
                let value = |from: usize| row[places[from]];
                mixes.iter().map(move |mix| mixed(mix, value, black))
            });
            Samples::Floats(turned.collect())
        }
    };
    Ok(Dataset::new(
        data.id(),
        samples,
        data.shape().to_vec(),
        data.targets().into_owned(),
    )?)
}
