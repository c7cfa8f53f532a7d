use super::*;

fn bytes(n: usize, features: usize) -> Dataset {
    let values = (0..n * features).map(|i| i as u8).collect();
    let targets = Targets::Classes {
        labels: (0..n as u32).map(|i| i % 3).collect(),
        classes: 3,
    };
    Dataset::new(
        DataId(0),
        Samples::Bytes {
            values,
            scale: 0.5,
            offset: -1.0,
        },
        vec![features],
        targets,
    )
    .unwrap()
}

#[test]
fn a_row_is_scaled_and_shifted() {
    let d = bytes(4, 3);
    assert_eq!(d.gather(&[1]).row(0).to_vec(), vec![0.5, 1.0, 1.5]);
    assert_eq!(d.label(2), Some(2));
}

#[test]
fn permutations_compose_like_reading_twice() {
    let d = bytes(4, 3);
    let once = d.permuted(DataId(1), &[2, 0, 1]).unwrap();
    let twice = once.permuted(DataId(2), &[2, 0, 1]).unwrap();
    let a = once.gather(&[3]).row(0).to_vec();
    assert_eq!(twice.gather(&[3]).row(0).to_vec(), vec![a[2], a[0], a[1]]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let d = bytes(4, 3);
    assert_eq!(
        d.permuted(DataId(1), &[0, 0, 1]).unwrap_err(),
        DataError::Columns { features: 3 }
    );
    assert_eq!(
        d.permuted(DataId(1), &[0, 1]).unwrap_err(),
        DataError::Columns { features: 3 }
    );
    let bad = Targets::Classes {
        labels: vec![0, 1, 9, 0],
        classes: 3,
    };
    assert_eq!(
        d.relabelled(DataId(1), bad).unwrap_err(),
        DataError::Label {
            row: 2,
            label: 9,
            classes: 3
        }
    );
    let ragged = Dataset::new(DataId(0), Samples::Floats(vec![0.0; 5]), vec![2], Targets::None);
    assert_eq!(
        ragged.unwrap_err(),
        DataError::Ragged {
            values: 5,
            features: 2
        }
    );
}

#[test]
fn pushing_joins_runs_of_one_task() {
    let mut rows = Rows::default();
    for (t, i) in [(0, 5), (0, 6), (1, 7), (0, 8)] {
        rows.push(DataId(0), TaskId(t), i);
    }
    assert_eq!(rows.segments.len(), 3);
    assert_eq!(rows.iter().map(|r| r.2).collect::<Vec<_>>(), vec![5, 6, 7, 8]);
}
