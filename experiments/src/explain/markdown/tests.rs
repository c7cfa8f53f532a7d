use super::rendered;

#[test]
fn marks_go_and_words_stay() {
    let text = "A *law* of [pages](a.md) and [`View`].\n\n```text\ns = E|h|\n```\n\n| parameter | meaning |\n| --- | --- |\n| `a` | b |\n\n\
                **Preserves** `E\\|h\\|` in [0, 1].\n\n| other | table |\n";
    let wanted =
        "A *law* of pages and `View`.\n\n    s = E|h|\n\nPreserves `E|h|` in [0, 1].\n\n| other | table |";
    assert_eq!(rendered(text), wanted);
}
