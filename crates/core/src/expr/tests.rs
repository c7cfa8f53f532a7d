use super::*;
use crate::slot::SlotKind;

#[test]
fn what_is_too_large_is_refused() {
    let x = || Expr::slot(Slot::WEIGHT);
    let sum = |n: usize| (1..n).fold(x(), |sum, _| sum + x());
    assert!(sum(128).check().is_ok());
    assert_eq!(
        sum(129).check(),
        Err(TooLarge {
            nodes: 257,
            waiting: 2
        })
    );
    let last = |n: usize| (1..n).fold(x(), |sum, _| x() + sum);
    assert!(last(16).check().is_ok());
    assert_eq!(
        last(17).check(),
        Err(TooLarge {
            nodes: 33,
            waiting: 17
        })
    );
}

#[test]
fn numbers_stand_on_either_side() {
    let half = 0.5 * Expr::slot(Slot::WEIGHT) - 1.0;
    let nodes = [
        Node::Constant(0.5),
        Node::Slot(Slot::WEIGHT),
        Node::Binary(Binary::Mul),
        Node::Constant(1.0),
        Node::Binary(Binary::Sub),
    ];
    assert_eq!(half.nodes(), nodes);
}

#[test]
fn sums_reach_by_either_and_all_else_by_both() {
    let out = Slot::new(SlotKind::Statistic, 1);
    let (o, w) = (|| Expr::slot(out), || Expr::slot(Slot::WEIGHT));
    let reaches = |e: Expr| e.reaches(|slot| slot != out);
    for yes in [
        o() + w(),
        w() - o(),
        o().sum(Over::All),
        w() * o().norm(Over::All),
        o() + 1.0,
    ] {
        assert!(reaches(yes.clone()), "{yes:?}");
    }
    for no in [
        -o(),
        o() * w(),
        w() / o(),
        o().max(w()),
        2.0 * o(),
        w() * o().sum(Over::Block),
        w().greater(o()),
        w().select(o(), w()),
    ] {
        assert!(!reaches(no.clone()), "{no:?}");
    }
}
