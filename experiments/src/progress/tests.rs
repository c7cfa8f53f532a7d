use super::duration;

#[test]
fn durations_read_like_speech() {
    let cases = [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (61.0, "1 min 1 s"),
        (7500.0, "2 h 5 min"),
        (-3.0, "0 s"),
    ];
    for (seconds, words) in cases {
        assert_eq!(duration(seconds), words);
    }
}
