use super::*;

fn written(terminal: bool, work: impl FnOnce(&mut Line<&mut Vec<u8>>)) -> String {
    let mut out = Vec::new();
    work(&mut Line::new(&mut out, terminal));
    String::from_utf8(out).unwrap()
}

#[test]
fn a_terminal_line_is_rewritten_and_taken_away() {
    let out = written(true, |line| {
        line.update("building 1", Duration::ZERO);
        line.update("building 1", Duration::ZERO);
        line.say("warning: unused\n\n");
        line.update("building 2", Duration::ZERO);
        line.clear();
    });
    let visible = out.replace("\x1b[?7l", "").replace("\x1b[?7h", "");
    assert_eq!(
        visible,
        "\rbuilding 1\x1b[K\r\x1b[Kwarning: unused\n\rbuilding 2\x1b[K\r\x1b[K"
    );
}

#[test]
fn a_log_gets_a_line_now_and_then() {
    let out = written(false, |line| {
        for seconds in 0..70 {
            line.update(&format!("at {seconds}"), Duration::from_secs(seconds));
        }
        line.clear();
    });
    assert_eq!(out, "at 0\nat 30\nat 60\n");
}

#[test]
fn without_anything_to_say_nothing_is_written() {
    assert_eq!(written(true, |line| line.clear()), "");
}
