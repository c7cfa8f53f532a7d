use super::*;

fn frame() -> DataFrame {
    df!("run" => [2_u32, 0, 2, 0, 0], "task" => [0_u32, 0, 1, 1, 1], "value" => [1.0, 2.0, 3.0, 4.0, 9.0], "wanted" => [2_u32, 2, 2, 2, 2])
        .unwrap()
}

fn rows(frame: &DataFrame, column: &str) -> Vec<(u32, f64)> {
    let runs = frame.column("run").unwrap().u32().unwrap();
    let values = frame.column(column).unwrap().cast(&DataType::Float64).unwrap();
    let values: Vec<f64> = values.f64().unwrap().iter().flatten().collect();
    runs.iter().flatten().zip(values).collect()
}

#[test]
fn groups_are_in_their_first_order() {
    let of = |aggregate: fn(&DataFrame, &[&str], &str) -> PolarsResult<DataFrame>| {
        rows(&aggregate(&frame(), &["run"], "value").unwrap(), "value")
    };
    assert_eq!(of(mean), [(2, 2.0), (0, 5.0)]);
    assert_eq!(of(sum), [(2, 4.0), (0, 15.0)]);
    assert_eq!(of(min), [(2, 1.0), (0, 2.0)]);
    assert_eq!(of(max), [(2, 3.0), (0, 9.0)]);
    assert_eq!(of(first), [(2, 1.0), (0, 2.0)]);
    assert_eq!(of(last), [(2, 3.0), (0, 9.0)]);
    assert_eq!(of(count), [(2, 2.0), (0, 3.0)]);
    let twice = last(&frame(), &["run", "task"], "value").unwrap();
    assert_eq!(rows(&twice, "value"), [(2, 1.0), (0, 2.0), (2, 3.0), (0, 9.0)]);
}

#[test]
fn joins_keep_the_order_of_the_first() {
    let other = df!("run" => [0_u32, 1], "more" => [0.5, 0.25]).unwrap();
    let both = join(&frame(), &other, &["run"]).unwrap();
    assert_eq!(rows(&both, "value"), [(0, 2.0), (0, 4.0), (0, 9.0)]);
    let all = join_left(&frame(), &other, &["run"]).unwrap();
    assert_eq!((all.height(), all.column("more").unwrap().null_count()), (5, 2));
}

#[test]
fn a_mean_of_fewer_or_more_than_wanted_is_none() {
    assert_eq!(
        rows(&complete_mean(&frame(), "wanted").unwrap(), "value"),
        [(2, 2.0)]
    );
    let none = frame().head(Some(0));
    assert_eq!(complete_mean(&none, "wanted").unwrap().height(), 0);
}
