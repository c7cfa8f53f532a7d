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
    assert_eq!(d.gather(&[1]).unwrap().row(0).to_vec(), vec![0.5, 1.0, 1.5]);
    assert_eq!(d.label(2), Some(2));
}

#[test]
fn permutations_compose_like_reading_twice() {
    let d = bytes(4, 3);
    let once = d.permuted(DataId(1), &[2, 0, 1]).unwrap();
    let twice = once.permuted(DataId(2), &[2, 0, 1]).unwrap();
    let a = once.gather(&[3]).unwrap().row(0).to_vec();
    assert_eq!(
        twice.gather(&[3]).unwrap().row(0).to_vec(),
        vec![a[2], a[0], a[1]]
    );
    let like = d.permuted_like(DataId(3), &once).unwrap();
    assert_eq!(like.columns().unwrap().as_ptr(), once.columns().unwrap().as_ptr());
    assert_eq!(like.gather(&[3]).unwrap(), once.gather(&[3]).unwrap());
    assert_eq!(
        once.permuted_like(DataId(3), &once)
            .unwrap()
            .gather(&[3])
            .unwrap(),
        twice.gather(&[3]).unwrap()
    );
    assert_eq!(
        once.permuted_like(DataId(3), &d).unwrap().gather(&[3]).unwrap(),
        once.gather(&[3]).unwrap()
    );
    for other in [bytes(4, 2), bytes(4, 2).permuted(DataId(1), &[1, 0]).unwrap()] {
        assert_eq!(
            d.permuted_like(DataId(3), &other).unwrap_err(),
            DataError::Columns { features: 3 }
        );
    }
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
fn shifted_labels_are_told_like_others() {
    let d = bytes(4, 3);
    let higher = d.shifted(DataId(1), 6, 12).unwrap();
    let again = higher.shifted(DataId(2), 3, 12).unwrap();
    for (set, first) in [(&higher, 6), (&again, 9)] {
        let told: Vec<_> = (0..5).map(|row| set.label(row)).collect();
        let labels = [0, 1, 2, 0].map(|label| label + first);
        let expected: Vec<_> = labels.iter().copied().map(Some).chain([None]).collect();
        assert_eq!(told, expected);
        let targets = Targets::Classes {
            labels: labels.into(),
            classes: 12,
        };
        assert_eq!(*set.targets(), targets);
        assert_eq!((set.classes(), set.labels()), (Some(12), None));
        assert!(set.shares_inputs(&d));
        // Serialised data sets are complete.
        let text = serde_json::to_string(set).unwrap();
        let read: Dataset = serde_json::from_str(&text).unwrap();
        assert_eq!(*read.targets(), targets);
    }
    assert_eq!((d.classes(), d.labels()), (Some(3), Some(&[0, 1, 2, 0][..])));
    assert_eq!(
        d.shifted(DataId(1), 6, 8).unwrap_err(),
        DataError::Label {
            row: 2,
            label: 8,
            classes: 8
        }
    );
    // Other targets get no offset.
    let other = higher.relabelled(DataId(3), (*d.targets).clone()).unwrap();
    assert_eq!(other.label(1), Some(1));
}

#[test]
fn a_reordered_view_is_written_as_it_is_stored() {
    let view = bytes(4, 3).permuted(DataId(1), &[2, 0, 1]).unwrap();
    let text = serde_json::to_string(&view).unwrap();
    let read: Dataset = serde_json::from_str(&text).unwrap();
    assert!(matches!(&**read.storage(), Samples::Bytes { values, .. } if values[..3] == [2, 0, 1]));
    assert_eq!(
        read.gather(&[0, 1, 2, 3]).unwrap(),
        view.gather(&[0, 1, 2, 3]).unwrap()
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

#[test]
fn a_row_that_is_not_there_is_refused() {
    let plain = bytes(4, 3);
    let view = plain.permuted(DataId(1), &[2, 0, 1]).unwrap();
    for data in [plain, view] {
        let missing = MissingRow {
            data: data.id(),
            row: 4,
            len: 4,
        };
        let mut out = [7.0; 3];
        assert_eq!(data.read(4, &mut out), Err(missing));
        assert_eq!(out, [7.0; 3], "nothing is written");
        assert_eq!(data.gather(&[0, 4]), Err(missing));
    }
}
