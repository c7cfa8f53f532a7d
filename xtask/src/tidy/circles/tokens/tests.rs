use super::*;

fn words(code: &str) -> Vec<&str> {
    tokens(code).iter().map(|token| token.text).collect()
}

#[test]
fn paths_are_cut_into_names_and_signs() {
    assert_eq!(
        words("a::b_1<'c>\n.d"),
        ["a", "::", "b_1", "<", "'", "c", ">", ".", "d"]
    );
    assert_eq!(
        tokens("a\n\n  b")
            .iter()
            .map(|token| token.line)
            .collect::<Vec<_>>(),
        [1, 3]
    );
}

#[test]
fn items_for_tests_are_left_out() {
    for item in [
        "mod tests { fn f() { {} } }",
        "mod tests;",
        "use a::{b, c};",
        "use a::b;",
        "#[derive(Debug)]\nstruct S { a: [u8; 2] }",
        "const A: [u8; 2] = [0; 2];",
        "fn f() -> (A, B) { a; b }",
    ] {
        assert_eq!(words(&format!("x #[cfg(test)] {item} y")), ["x", "y"], "{item}");
    }
    assert_eq!(
        words("#[cfg(unix)] x"),
        ["#", "[", "cfg", "(", "unix", ")", "]", "x"]
    );
}
