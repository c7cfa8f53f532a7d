use super::*;
use dentate_core::record::is_printable;
use proptest::prelude::*;

/// The rows of a CSV file, by the rules of RFC 4180.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    assert!(
        row.is_empty() && field.is_empty() && !quoted,
        "it ends within a row"
    );
    rows
}

#[test]
fn a_formula_is_text() {
    for formula in ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r\n=1", " =1", "＝1"] {
        assert!(cell(formula).starts_with('\''), "{formula:?}");
    }
    assert_eq!(cell("progressive-columns"), "progressive-columns");
    assert_eq!(cell("a\n\u{1b}b"), "a �b");
}

proptest! {
    #[test]
    fn any_name_is_one_cell(names in prop::collection::vec("[=+@\t\r\n\",'a;\u{1b}\u{202e}-]{0,6}", 1..5)) {
        let values: Vec<f64> = names.iter().map(|_| -1.5).collect();
        let columns = vec![Column::new("name".into(), names.clone()), Column::new("value".into(), values)];
        let rows = rows(&text(columns).unwrap());
        prop_assert_eq!(rows.len(), names.len() + 1);
        for row in &rows[1..] {
            prop_assert_eq!(row.len(), 2);
            prop_assert!(!row[0].starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", row);
            prop_assert!(row[0].chars().all(is_printable));
            prop_assert_eq!(&row[1], "-1.5");
        }
    }
}
