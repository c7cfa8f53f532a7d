use super::*;
use proptest::prelude::*;

#[test]
fn what_would_move_the_cursor_or_turn_the_line_is_not_printed() {
    assert_eq!(printable("Größe ∈ 日本 👍🏽"), "Größe ∈ 日本 👍🏽");
    assert_eq!(printable("a\u{1b}[31mb\u{7}\nc\td\u{9b}e"), "a�[31mb� c d�e");
    assert_eq!(printable("\u{202e}txt\u{2066}\u{200f}"), "�txt��");
    assert_eq!(printable_lines("a\nb\r\n\u{1b}c"), "a\nb \n�c");
}

proptest! {
    #[test]
    fn any_text_becomes_one_printable_line(text in any::<String>()) {
        let shown = printable(&text);
        prop_assert!(shown.chars().all(is_printable));
        prop_assert_eq!(shown.chars().count(), text.chars().count());
        prop_assert_eq!(printable_lines(&text).matches('\n').count(), text.matches('\n').count());
    }
}
