use super::*;
use dentate_core::Source;

fn build(problem: ProblemName, bits: Option<u32>) -> Stream {
    StreamRecipe::build(&Problem { problem, bits }, &DataEnv::default(), Seed(0)).unwrap()
}

/// Inputs and targets of each row.
fn rows(stream: &Stream) -> Vec<(Vec<f32>, Vec<f32>)> {
    let data = &stream.experiences[0].train.data;
    let targets = data.values().unwrap();
    (0..data.len())
        .map(|i| {
            (
                data.gather(&[i as u32]).unwrap().into_raw_vec_and_offset().0,
                targets.row(i).to_vec(),
            )
        })
        .collect()
}

#[test]
fn exclusive_or_is_its_truth_table() {
    let expected = [
        ([0.0, 0.0], 0.0),
        ([0.0, 1.0], 1.0),
        ([1.0, 0.0], 1.0),
        ([1.0, 1.0], 0.0),
    ];
    let expected: Vec<_> = expected.iter().map(|(i, o)| (i.to_vec(), vec![*o])).collect();
    assert_eq!(rows(&build(ProblemName::Xor, None)), expected);
}

#[test]
fn tables_hold_what_they_should() {
    for n in 2..=6 {
        let parity = rows(&build(ProblemName::Parity, Some(n)));
        assert_eq!(parity.len(), 1 << n);
        assert!(parity.iter().all(|(i, o)| i.iter().sum::<f32>() % 2.0 == o[0]));

        let symmetry = rows(&build(ProblemName::Symmetry, Some(n)));
        assert!(
            symmetry
                .iter()
                .all(|(i, o)| i.iter().eq(i.iter().rev()) == (o[0] == 1.0))
        );
        assert_eq!(
            symmetry.iter().filter(|(_, o)| o[0] == 1.0).count(),
            1 << n.div_ceil(2)
        );

        let encoder = rows(&build(ProblemName::Encoder, Some(n)));
        assert!(
            encoder
                .iter()
                .all(|(i, o)| i == o && i.iter().sum::<f32>() == 1.0)
        );
        assert_eq!(encoder.len(), n as usize);
    }
    let value = |bits: &[f32]| bits.iter().fold(0.0, |v, b| 2.0 * v + b);
    for n in 1..=4_u32 {
        let addition = rows(&build(ProblemName::Addition, Some(n)));
        assert_eq!(addition.len(), 1 << (2 * n));
        assert!(addition.iter().all(|(i, o)| {
            let (a, b) = i.split_at(n as usize);
            value(a) + value(b) == value(o)
        }));
    }
}

#[test]
fn the_spirals_start_and_mirror_as_published() {
    let stream = build(ProblemName::TwoSpirals, None);
    let rows = rows(&stream);
    assert_eq!(rows.len(), 194);
    assert_eq!(rows[0], (vec![0.0, 6.5], vec![0.5]));
    for pair in rows.chunks(2) {
        assert_eq!(
            (pair[0].0[0], pair[0].0[1], pair[0].1[0]),
            (-pair[1].0[0], -pair[1].0[1], -pair[1].1[0])
        );
    }
    let radius = |p: &[f32]| (p[0] * p[0] + p[1] * p[1]).sqrt();
    assert!(
        (radius(&rows[192].0) - 0.5).abs() < 1e-5,
        "the last pair lies half a unit from the middle"
    );
    assert_eq!(stream.info.problem.unwrap().known_minimum, None);
}

#[test]
fn minima_are_those_of_the_literature() {
    let minima = |problem, bits| {
        let info = build(problem, bits).info.problem.unwrap();
        (info.known_minimum, info.customary)
    };
    let both = |known, customary| (Some(known), Some(customary));
    assert_eq!(minima(ProblemName::Xor, None), both(2, 2));
    assert_eq!(
        [2, 3, 4, 5].map(|n| minima(ProblemName::Parity, Some(n))),
        [both(2, 2), both(2, 3), both(3, 4), both(3, 5)]
    );
    assert_eq!(minima(ProblemName::Symmetry, None), both(2, 2));
    assert_eq!(
        [2, 5, 8].map(|n| minima(ProblemName::Encoder, Some(n))),
        [both(1, 1), both(2, 3), both(2, 3)]
    );
    assert_eq!(
        [1, 2].map(|n| minima(ProblemName::Addition, Some(n))),
        [both(2, 2), both(3, 3)]
    );
    assert_eq!(minima(ProblemName::Addition, Some(3)), (None, None));
}

#[test]
fn sizes_are_checked() {
    let refused = |problem, bits| {
        AnyStream::validate(&Problem {
            problem,
            bits: Some(bits),
        })
        .unwrap_err()
        .to_string()
    };
    assert_eq!(
        refused(ProblemName::Parity, 13),
        "`bits` is 13, but has to be from 2 to 12 for `parity`"
    );
    assert_eq!(
        refused(ProblemName::Xor, 2),
        "`bits` is 2, but has to be left out for `xor`"
    );
}

#[test]
fn every_row_is_trained_on_once_a_pass() {
    let stream = build(ProblemName::Parity, Some(3));
    let mut source = stream.source(&[0], Seed(1));
    let mut seen: Vec<u32> = source.next(100).unwrap().iter().map(|(_, _, row)| row).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..8).collect::<Vec<_>>());
    assert!(source.next(1).is_none());
}
