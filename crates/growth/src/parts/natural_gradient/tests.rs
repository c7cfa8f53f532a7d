use super::*;
use dentate_core::Seed;
use rand::Rng;

/// A network of 2 inputs, 2 hidden units and 2 outputs, 12 parameters in all, on rows: inputs, outputs of the hidden layer, and gradients at both sums.
struct Twelve {
    inputs: Array2<f64>,
    hidden: Array2<f64>,
    below: Array2<f64>,
    above: Array2<f64>,
}

const ROWS: usize = 9;

impl Twelve {
    fn new(seed: u64) -> Self {
        let mut random = Seed(seed).random();
        let mut draw = || Array2::from_shape_simple_fn((ROWS, 2), || random.random_range(-1.0..1.0));
        Self {
            inputs: draw(),
            hidden: draw(),
            below: draw(),
            above: draw(),
        }
    }

    /// The gradient of a row, parameter by parameter.
    fn gradient(&self, row: usize) -> Vec<f64> {
        let mut all = Vec::new();
        for (inputs, deltas) in [(&self.inputs, &self.below), (&self.hidden, &self.above)] {
            for delta in deltas.row(row) {
                all.extend(inputs.row(row).iter().chain([&1.0]).map(|a| a * delta));
            }
        }
        all
    }

    fn kernel(&self) -> Array2<f64> {
        let one = Array2::ones((ROWS, 1));
        let with = |a: &Array2<f64>| concatenate(Axis(1), &[a.view(), one.view()]).unwrap();
        kernel(&with(&self.inputs), &self.below) + kernel(&with(&self.hidden), &self.above)
    }
}

/// gᵀ (F + λ I)⁻¹ g with the Fisher matrix written out and inverted by elimination.
fn explicit(gradients: &[Vec<f64>], lambda: f64) -> f64 {
    let (n, size) = (gradients.len() as f64, gradients[0].len());
    let mean: Vec<f64> = (0..size)
        .map(|i| gradients.iter().map(|g| g[i]).sum::<f64>() / n)
        .collect();
    // The matrix beside the right side.
    let mut system: Vec<Vec<f64>> = (0..size)
        .map(|i| {
            let mut row: Vec<f64> = (0..size)
                .map(|j| gradients.iter().map(|g| g[i] * g[j]).sum::<f64>() / n)
                .collect();
            row[i] += lambda;
            row.push(mean[i]);
            row
        })
        .collect();
    for pivot in 0..size {
        let largest =
            (pivot..size).max_by(|a, b| system[*a][pivot].abs().total_cmp(&system[*b][pivot].abs()));
        system.swap(pivot, largest.unwrap());
        for row in 0..size {
            if row != pivot {
                let by = system[row][pivot] / system[pivot][pivot];
                for column in pivot..=size {
                    system[row][column] -= by * system[pivot][column];
                }
            }
        }
    }
    (0..size).map(|i| mean[i] * system[i][size] / system[i][i]).sum()
}

/// The score of 12 parameters is that of the explicit inverse of their Fisher matrix.
#[test]
fn the_score_is_that_of_an_explicit_inverse() {
    for seed in 0..5 {
        let network = Twelve::new(seed);
        let gradients: Vec<Vec<f64>> = (0..ROWS).map(|row| network.gradient(row)).collect();
        assert_eq!(gradients[0].len(), 12);
        let score = Score::new(network.kernel(), 0.3);
        let mean = gradients.iter().flatten().map(|g| g * g).sum::<f64>() / ROWS as f64;
        let lambda = 0.3 * mean / ROWS as f64;
        let wanted = explicit(&gradients, lambda);
        assert!(
            (score.value - wanted).abs() < 1e-9,
            "{} and {wanted}",
            score.value
        );
        assert!(score.value > 0.0 && score.value < 1.0);
    }
}

/// A new unit's and an identity layer's part are those of the explicit inverse with their parameters beside the others, and the gain to first order
/// is the derivative by the size of the unit's outputs, squared.
#[test]
fn proposals_are_those_of_an_explicit_inverse() {
    let network = Twelve::new(7);
    let outputs = Array1::from_shape_fn(ROWS, |row| (row as f64 * 0.7).sin());
    let score = Score::new(network.kernel(), 0.3);
    let lambda = score.damping / ROWS as f64;
    let beside = |more: &dyn Fn(usize) -> Vec<f64>| {
        let all: Vec<Vec<f64>> = (0..ROWS)
            .map(|row| [network.gradient(row), more(row)].concat())
            .collect();
        explicit(&all, lambda)
    };
    let together = network.above.dot(&network.above.t());
    let wider = beside(&|row| network.above.row(row).iter().map(|d| d * outputs[row]).collect());
    let found = score.with(&unit_kernel(outputs.view(), &together)).value;
    assert!((found - wider).abs() < 1e-9, "{found} and {wider}");
    assert!(found > score.value);
    let one = Array2::ones((ROWS, 1));
    let hidden = concatenate(Axis(1), &[network.hidden.view(), one.view()]).unwrap();
    let deeper = beside(&|row| {
        let own = network.below.row(row);
        own.iter()
            .flat_map(|d| hidden.row(row).iter().map(move |h| h * d).collect::<Vec<_>>())
            .collect()
    });
    let found = score.with(&kernel(&hidden, &network.below)).value;
    assert!((found - deeper).abs() < 1e-9, "{found} and {deeper}");
    // A small unit.
    let small = &outputs * 1e-3;
    let exact = score.with(&unit_kernel(small.view(), &together)).value - score.value;
    let first = score.gains(&small.view().insert_axis(Axis(1)).to_owned(), &network.above)[0];
    assert!((exact - first).abs() < 1e-3 * first, "{exact} and {first}");
}
