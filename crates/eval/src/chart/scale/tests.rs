use super::*;

#[test]
fn ticks_are_round() {
    let shown = |scale: Scale, n| {
        let all: Vec<String> = scale.ticks(n).into_iter().map(|(_, text)| text).collect();
        all.join(" ")
    };
    assert_eq!(shown(Scale::linear(0.0, 1.0), 5), "0.0 0.2 0.4 0.6 0.8 1.0");
    assert_eq!(shown(Scale::linear(37.0, 100.0), 3), "50 100");
    assert_eq!(shown(Scale::linear(0.0, 89_610.0), 2), "0 50k");
    assert_eq!(shown(Scale::linear(-0.4, 0.4), 4), "−0.4 −0.2 0.0 0.2 0.4");
    let log = Scale::wide([0.002, 40.0].into_iter(), 20.0).unwrap();
    assert!(log.log);
    assert_eq!(shown(log, 5), "0.01 0.1 1 10");
    assert_eq!(log.share(log.low), 0.0);
    assert_eq!(log.share(log.high), 1.0);
}

/// Values near each other are shown enlarged, others from 0; equal values are in the middle of something.
#[test]
fn a_scale_holds_its_values() {
    for values in [
        vec![3.0, 3.0],
        vec![0.9, 0.95],
        vec![1.0, 9.0],
        vec![-5.0, 2.0],
        vec![0.0],
    ] {
        let scale = Scale::around(values.iter().copied()).unwrap();
        assert!(values.iter().all(|v| scale.holds(*v)), "{values:?} {scale:?}");
        assert!(scale.high > scale.low);
    }
    assert_eq!(Scale::around([1.0, 9.0].into_iter()).unwrap().low, 0.0);
    assert_eq!(Scale::around(std::iter::empty()), None);
}
