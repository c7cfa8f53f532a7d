use super::*;
use dentate_core::record::is_printable;
use proptest::prelude::*;

const ANY: &str = "[a1.) |*_`<>\\[\\]#~&$=+\\\\\n\r\t\u{1b}\u{202e}-]{0,12}";

/// The text that a reader of Markdown sees of an escaped text, or the character it would take for markup.
fn seen(text: &str) -> Result<String, char> {
    let (mut seen, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c) if c.is_ascii_punctuation() => seen.push(c),
                _ => return Err('\\'),
            },
            '|' | '*' | '_' | '`' | '<' | '[' | '#' | '~' | '&' | '$' => return Err(c),
            c => seen.push(c),
        }
    }
    Ok(seen)
}

#[test]
fn names_are_set_off_and_are_no_markup() {
    assert_eq!(escape("a\\|b"), "a\\\\\\|b");
    assert_eq!(
        sentence("**a_b** leads, by 2 [1, 3]"),
        "**a\\_b** leads, by 2 \\[1, 3]"
    );
    assert_eq!(block("1. first"), "1\\. first");
    assert_eq!(block("  - item"), "\\- item");
    assert_eq!(tag("</summary>\u{1b}&"), "&lt;/summary&gt;�&amp;");
}

proptest! {
    #[test]
    fn escaped_text_is_seen_as_it_is(text in ANY) {
        prop_assert_eq!(seen(&escape(&text)), Ok(printable(&text)));
    }

    #[test]
    fn a_block_begins_with_no_mark(text in ANY) {
        let block = block(&text);
        prop_assert!(!block.starts_with(['+', '-', '=', '>', ' ']), "{}", block);
        let rest = block.trim_start_matches(|c: char| c.is_ascii_digit());
        prop_assert!(rest.len() == block.len() || !rest.starts_with(['.', ')']), "{}", block);
        prop_assert_eq!(seen(&block), Ok(printable(&text).trim().to_owned()));
    }

    #[test]
    fn a_fence_is_closed_by_itself_alone(text in "[a`~\n\u{1b}]{0,20}") {
        let fenced = fenced("toml", &text);
        let fence = fenced.split("toml").next().unwrap().to_owned();
        let end = format!("\n{fence}");
        prop_assert!(fence.len() >= 3 && fenced.ends_with(&end));
        let inside = &fenced[fence.len()..fenced.len() - fence.len()];
        prop_assert!(!inside.contains(&fence));
        prop_assert!(inside.chars().all(|c| c == '\n' || is_printable(c)));
    }
}
