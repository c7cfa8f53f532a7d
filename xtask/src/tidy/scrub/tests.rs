use super::*;

/// The scrubbed source without its blanks.
fn left(source: &str) -> String {
    let code = scrub(source);
    assert_eq!(code.lines().count(), source.lines().count(), "{source}");
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn code_stays() {
    assert_eq!(
        left("fn f<'a>(x: &'a str) -> u8 { x / 2 }"),
        "fn f<'a>(x: &'a str) -> u8 { x / 2 }"
    );
    assert_eq!(
        left("let r#type = br; bar\n+ 'static"),
        "let r#type = br; bar + 'static"
    );
}

#[test]
fn comments_go() {
    assert_eq!(left("a // todo!(\nb /* x /* y */ z */ c"), "a b c");
    assert_eq!(left("a /* open\n"), "a");
    assert_eq!(left("//! doc\n/// doc\nx"), "x");
}

#[test]
fn strings_go() {
    assert_eq!(left(r#"a "x \" // y" b"#), "a b");
    assert_eq!(left("a r#\"x \" y\"# b"), "a b");
    assert_eq!(left(r#"a b"x" br"\" c"z" d"#), "a d");
    assert_eq!(left("a \"über\n//\" b"), "a b");
    assert_eq!(left("a \"open"), "a");
}

#[test]
fn characters_go_and_lifetimes_stay() {
    assert_eq!(left(r"a '\'' b '\u{1F600}' c"), "a b c");
    assert_eq!(left("a '\"' b 'ü' &'a c b'x' d"), "a b &'a c d");
}
