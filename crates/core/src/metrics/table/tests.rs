use super::*;

#[test]
fn a_matrix_is_an_aligned_table() {
    let mut matrix = AccuracyMatrix::new(3);
    assert_eq!(matrix.to_string(), "after  task 1  task 2  task 3");
    for (i, row) in [[1.0, 0.5, 0.125], [0.75, 0.98, 0.0], [0.5, 0.9, 0.96]]
        .iter()
        .enumerate()
    {
        for (j, &accuracy) in row.iter().enumerate() {
            matrix.set(i, j, accuracy);
        }
    }
    let expected = "\
after   task 1  task 2  task 3
    1  100.0 %  50.0 %  12.5 %
    2   75.0 %  98.0 %   0.0 %
    3   50.0 %  90.0 %  96.0 %
average accuracy 78.7 %, forgetting 29.0 %";
    assert_eq!(matrix.to_string(), expected);
}

#[test]
fn what_was_not_measured_is_a_dash() {
    let mut matrix = AccuracyMatrix::new(2);
    matrix.set(1, 1, 0.5);
    let expected = "\
after  task 1  task 2
    1       –       –
    2       –  50.0 %";
    assert_eq!(matrix.to_string(), expected);
}

#[test]
fn of_a_long_stream_the_ends_are_shown() {
    let mut matrix = AccuracyMatrix::new(800);
    for task in 0..800 {
        matrix.set(task, task, 0.5);
    }
    let table = matrix.to_string();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 1 + 5 + 1 + 5);
    assert!(
        lines[0].ends_with("task 5  …  task 796  task 797  task 798  task 799  task 800"),
        "{table}"
    );
    let width = |line: &&str| line.chars().count();
    assert!(
        lines.iter().all(|line| width(line) == width(&lines[0])),
        "{table}"
    );
}

#[test]
fn there_is_no_minus_nought() {
    let mut matrix = AccuracyMatrix::new(2);
    for (i, j, accuracy) in [(0, 0, 0.9), (0, 1, 0.0), (1, 0, 0.9001), (1, 1, 0.9)] {
        matrix.set(i, j, accuracy);
    }
    assert!(matrix.to_string().ends_with("forgetting 0.0 %"), "{matrix}");
}
