//! Resizing by area: a new pixel is the mean of the old ones that it covers.

/// A run of old pixels covered by a new one: the first, and the share of each.
struct Cover {
    first: usize,
    shares: Vec<f32>,
}

/// The old pixels, of `from`, covered by each of `to` new ones along a line. Shares sum to 1.
fn covers(from: usize, to: usize) -> Vec<Cover> {
    let cover = |i: usize| {
        // In units of 1/to of an old pixel all bounds are integers: old pixel j is [j·to, (j+1)·to), new pixel i is
        // [i·from, (i+1)·from).
        let (low, high) = (i * from, (i + 1) * from);
        let (first, last) = (low / to, (high - 1) / to);
        let shares = (first..=last).map(|j| {
            let covered = high.min((j + 1) * to) - low.max(j * to);
            covered as f32 / from as f32
        });
        Cover {
            first,
            shares: shares.collect(),
        }
    };
    (0..to).map(cover).collect()
}

/// Resizes one channel between two sizes of height × width.
pub(super) fn plane(values: &[u8], from: [usize; 2], to: [usize; 2]) -> Vec<u8> {
    let (rows, columns) = (covers(from[0], to[0]), covers(from[1], to[1]));
    let mut line = vec![0.0_f32; from[1]];
    let mut out = Vec::with_capacity(to[0] * to[1]);
    for row in &rows {
        line.fill(0.0);
        let old = values.chunks(from[1]).skip(row.first);
        for (&share, old) in row.shares.iter().zip(old) {
            line.iter_mut()
                .zip(old)
                .for_each(|(sum, &v)| *sum += share * f32::from(v));
        }
        out.extend(columns.iter().map(|column| {
            let old = &line[column.first..];
            let mean: f32 = column.shares.iter().zip(old).map(|(share, v)| share * v).sum();
            (mean + 0.5) as u8
        }));
    }
    out
}

#[cfg(test)]
mod tests;
