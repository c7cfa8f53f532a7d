//! Ink on paper: lines become grey pixels by their distance from the pen's path, then blur and noise.

use super::chance::Chance;
use super::{PIXELS, Point, SIDE};

/// Draws the lines into `out`, one byte for each pixel, 0 for paper and 255 for full ink.
pub(super) fn ink(lines: &[Vec<Point>], chance: &mut Chance, out: &mut [u8]) {
    let mut canvas = [0.0_f32; PIXELS];
    // Half the width of the line, in pixels.
    let radius = 1.05 + chance.between(-0.45, 0.75);
    let edge = chance.between(0.5, 0.9);
    for line in lines {
        // The pressure of the pen differs at the two ends.
        let (start, end) = (radius + chance.around(0.14), radius + chance.around(0.18));
        // The pen touches down late or lifts early.
        let skip = |chance: &mut Chance| (chance.unit() * 0.1 * line.len() as f32) as usize;
        let (head, tail) = (skip(chance), skip(chance));
        let drawn = &line[head.min(line.len())..line.len().saturating_sub(tail).max(head.min(line.len()))];
        let count = drawn.len().max(2) - 1;
        for (i, pair) in drawn.windows(2).enumerate() {
            let along = i as f32 / count as f32;
            segment(
                &mut canvas,
                pair[0],
                pair[1],
                (start + (end - start) * along).max(0.45),
                edge,
            );
        }
    }
    if chance.happens(0.6) {
        let strength = chance.between(0.05, 0.3);
        blur(&mut canvas, strength);
    }
    finish(&canvas, chance, out);
}

/// Covers the pixels near the segment from `a` to `b`; overlaps of a line are not added.
fn segment(canvas: &mut [f32; PIXELS], a: Point, b: Point, radius: f32, edge: f32) {
    let reach = radius + edge;
    let last = SIDE as f32 - 1.0;
    let span = |p: f32, q: f32| {
        let low = (p.min(q) - reach).max(0.0).min(last) as usize;
        let high = (p.max(q) + reach + 1.0).max(0.0).min(last) as usize;
        low..=high
    };
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = (dx * dx + dy * dy).max(1e-6);
    for row in span(a.y, b.y) {
        for column in span(a.x, b.x) {
            let (px, py) = (column as f32 - a.x, row as f32 - a.y);
            let t = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
            let (qx, qy) = (px - t * dx, py - t * dy);
            let distance = (qx * qx + qy * qy).sqrt();
            let cover = ((radius + edge - distance) / (2.0 * edge)).clamp(0.0, 1.0);
            let pixel = &mut canvas[row * SIDE + column];
            *pixel = pixel.max(cover);
        }
    }
}

/// Mixes each pixel with its two neighbours by `strength`, along rows and then along columns.
fn blur(canvas: &mut [f32; PIXELS], strength: f32) {
    let (side, middle) = (strength / 2.0, 1.0 - strength);
    for step in [1, SIDE] {
        let before = *canvas;
        for (i, pixel) in canvas.iter_mut().enumerate() {
            // Digits do not touch the edge, so pixels that wrap around from the next row are paper.
            let low = i.checked_sub(step).map_or(0.0, |j| before[j]);
            let high = before.get(i + step).copied().unwrap_or(0.0);
            *pixel = middle * before[i] + side * (low + high);
        }
    }
}

/// Applies ink strength and the grain of ink and paper, and rounds to bytes.
fn finish(canvas: &[f32; PIXELS], chance: &mut Chance, out: &mut [u8]) {
    let full = chance.between(0.72, 1.08);
    let ink = chance.between(0.0, 0.16);
    let paper = if chance.happens(0.5) {
        chance.between(0.0, 0.05)
    } else {
        0.0
    };
    for (pixels, covers) in out.chunks_mut(4).zip(canvas.chunks(4)) {
        for ((pixel, &cover), grain) in pixels.iter_mut().zip(covers).zip(chance.grain()) {
            let value = cover * (full + ink * grain) + paper * grain;
            *pixel = (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        }
    }
}
