use super::*;
use ndarray::{Array2, array};

fn cloud() -> Array2<f32> {
    let all = signals(3, 400, 2);
    Array2::from_shape_fn((400, 2), |(i, j)| all[i][j])
}

#[test]
fn a_map_is_fitted_to_an_array_read_and_written() {
    let rows = cloud();
    let gas = GrowingNeuralGas::builder()
        .max_units(30)
        .epochs(20)
        .seed(1)
        .fit(rows.view())
        .unwrap();
    assert_eq!(gas.len(), 30);
    let nearest = gas.predict(rows.view()).unwrap();
    let distances = gas.transform(rows.view()).unwrap();
    for (i, unit) in nearest.iter().enumerate() {
        assert!((0..30).all(|other| distances[(i, *unit)] <= distances[(i, other)]));
    }
    let graph = gas.graph();
    assert_eq!(graph.edge_list().lines().count(), graph.edges.len());
    assert_eq!(graph.graphml().matches("<node ").count(), 30);
    assert_eq!(graph.graphml().matches("<edge ").count(), graph.edges.len());
    // One pass in order equals its two halves one after the other.
    let mut whole = KMeans::builder().units(4).begin().unwrap();
    whole.partial_fit(rows.view()).unwrap();
    let mut halves = KMeans::builder().units(4).begin().unwrap();
    for half in [
        rows.slice(ndarray::s![..200, ..]),
        rows.slice(ndarray::s![200.., ..]),
    ] {
        halves.partial_fit(half).unwrap();
    }
    assert_eq!(whole.prototypes(), halves.prototypes());
}

#[test]
fn a_labelled_map_classifies() {
    let rows = cloud();
    let labels: Vec<u32> = rows
        .rows()
        .into_iter()
        .map(|row| u32::from(row[0] > 5.0))
        .collect();
    let map = GrowWhenRequired::builder()
        .max_units(40)
        .fit_labelled(rows.view(), &labels)
        .unwrap();
    let found = map.classify(rows.view()).unwrap();
    let right = found.iter().zip(&labels).filter(|(a, b)| **a == Some(**b));
    assert!(right.count() > 390);
}

#[test]
fn what_cannot_be_fitted_is_told_in_a_sentence() {
    let said = |error: FitError| error.to_string();
    let none = Array2::<f32>::zeros((0, 2));
    let gas = GrowingNeuralGas::builder;
    insta::assert_snapshot!(
        [
            said(gas().max_units(1).fit(cloud().view()).unwrap_err()),
            said(gas().fit(none.view()).unwrap_err()),
            said(gas().fit(array![[f32::NAN]].view()).unwrap_err()),
            said(
                gas()
                    .fit(cloud().view())
                    .unwrap()
                    .predict(array![[1.0]].view())
                    .unwrap_err()
            ),
            said(gas().fit_labelled(cloud().view(), &[1]).unwrap_err()),
        ]
        .join("\n")
    );
}
