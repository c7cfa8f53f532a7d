use super::*;

fn imports(pairs: &[(usize, usize)]) -> Imports {
    Imports::new(pairs.iter().map(|pair| (*pair, 10 * pair.0 + pair.1)).collect())
}

#[test]
fn groups_hold_those_that_reach_each_other() {
    let imports = imports(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (5, 0), (4, 6)]);
    assert_eq!(imports.groups(), [vec![0, 1, 2], vec![3, 4]]);
    assert_eq!(imports.shortest_circle(&[0, 1, 2]), [(0, 1), (1, 12), (2, 20)]);
    assert_eq!(imports.shortest_circle(&[3, 4]), [(3, 34), (4, 43)]);
}

#[test]
fn a_shortest_circle_is_taken() {
    let imports = imports(&[(0, 1), (1, 2), (2, 3), (3, 0), (2, 1)]);
    assert_eq!(imports.groups(), [vec![0, 1, 2, 3]]);
    assert_eq!(imports.shortest_circle(&[0, 1, 2, 3]), [(1, 12), (2, 21)]);
}

#[test]
fn without_circles_there_are_no_groups() {
    assert!(imports(&[(0, 1), (0, 2), (1, 3), (2, 3)]).groups().is_empty());
}
