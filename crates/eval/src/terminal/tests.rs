use super::*;
use crate::tables::Line;
use dentate_core::record::is_printable;
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_table_of_any_text_is_printable_and_has_its_rows(texts in prop::collection::vec("[a|\n\r\t\u{1b}\u{7}\u{9b}\u{202e}]{1,8}", 2..5)) {
        let head = |title: &String| Head { title: title.chars().take(3).collect(), unit: "", metric: None, explanation: "", text: true };
        let line = |text: &String| Line::plain([text.clone()]);
        let table = Table { id: String::new(), caption: String::new(), head: vec![head(&texts[0])], rows: texts.iter().map(line).collect() };
        let drawn = draw(&table);
        prop_assert!(drawn.lines().all(|line| line.chars().all(is_printable)), "{:?}", drawn);
        // A heading of so few letters takes one line. Two rules, a heading, a rule below it, and one line per row.
        prop_assert_eq!(drawn.lines().count(), texts.len() + 4 - usize::from(!drawn.starts_with('─')));
    }
}
