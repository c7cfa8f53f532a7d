use super::*;
use crate::workspace::Workspace;

fn found(files: &[(&str, &str)]) -> Vec<String> {
    no_circles(&House::of_files(files))
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// A crate of two sibling modules.
fn siblings(root: &str, a: &str, b: &str) -> Vec<String> {
    let root = format!("mod a;\nmod b;\n{root}");
    found(&[("x/src/lib.rs", &root), ("x/src/a.rs", a), ("x/src/b.rs", b)])
}

#[test]
fn a_circle_is_found_with_the_lines_of_its_imports() {
    assert_eq!(
        siblings(
            "",
            "use crate::b::B;\npub struct A;",
            "pub struct B;\n\nuse super::a::A;"
        ),
        [
            "x/src/a.rs:1: imports in a circle, x/src/b.rs:3 → x/src/a.rs; move what both ends need into a module below \
             them, or let the lower one return a type of its own"
        ]
    );
}

#[test]
fn a_circle_is_found_whatever_form_its_paths_have() {
    let a = "pub struct A;\npub mod inner { pub struct A; }\nuse crate::b::B;";
    for b in [
        "use crate::a::A;",
        "use crate::{a::A as C};",
        "use crate::{a::{self, A}};",
        "use crate::a::*;",
        "use crate::a::inner::A;",
        "use super::{a::inner::*};",
        "fn f() { use crate::a::A; }",
        "fn f() -> crate::a::A {}",
        "fn f(a: &[super::a::A]) {}",
        "fn f() { 0..crate::a::A::N }",
        "use crate::a;\nfn f() -> a::A {}",
        "use crate::a as c;\nfn f() -> c::inner::A {}",
        "use super::A;",
        "fn f() -> crate::A {}",
        "use crate::C;",
        "mod deep { use super::super::a::A; }",
        "mod deep { fn f() -> crate::a::A {} }",
        "use crate::made_by_a_macro;",
        "macro_rules! b { () => { $crate::a::A } }",
        "macro_rules! b { () => { use $crate::a::A; } }",
    ] {
        let b = format!("pub struct B;\n{b}");
        let a = format!("{a}\nmacro_rules! made_by_a_macro {{ () => {{}} }}");
        assert_eq!(
            siblings("use a::A;\npub use a::{A as C};", &a, &b).len(),
            1,
            "{b}"
        );
    }
}

#[test]
fn what_is_no_import_makes_no_circle() {
    let a = "pub struct A;\nuse crate::b::B;";
    for b in [
        "",
        "// use crate::a::A;",
        "const A: &str = \"crate::a::A\";",
        "#[cfg(test)]\nmod tests { use crate::a::A; }",
        "#[cfg(test)]\nuse crate::{a::A};",
        "#[cfg(test)]\n#[allow(dead_code)]\nfn f<T>(x: [u8; 2]) -> crate::a::A { crate::a::A }",
        "#[cfg(all(test, unix))]\nimpl B { fn f() -> crate::a::A {} }",
        "#[cfg(test)]\nmod tests;",
        "use std::a::A;",
        "fn f(a: A) -> A { a.b::<A>(); other::a::A }",
        "fn f() -> impl Copy + use<'a, B> {}",
        "fn f() { B::new(); Self::new() }",
        "use crate::c::C;",
    ] {
        let b = format!("pub struct B;\n{b}");
        assert_eq!(siblings("", a, &b), [""; 0], "{b}");
    }
}

#[test]
fn code_behind_a_test_is_read() {
    let b = "pub struct B;\n#[cfg(test)]\nmod tests { fn f() {} }\n#[cfg(test)]\nuse std::{fmt, io};\nuse crate::a::A;";
    assert!(siblings("", "pub struct A;\nuse crate::b::B;", b)[0].contains("x/src/b.rs:6"));
}

#[test]
fn a_path_counts_for_the_file_that_holds_what_it_names() {
    // `a` names `C` of `b/c.rs` through `b`, which names `a`.
    let files = |c: &str| {
        found(&[
            ("x/src/lib.rs", "mod a;\nmod b;\npub use b::C;"),
            (
                "x/src/a.rs",
                "pub struct A;\nuse crate::C;\nuse crate::b::C as D;",
            ),
            ("x/src/b.rs", "mod c;\npub use c::C;\nuse crate::a::A;"),
            ("x/src/b/c.rs", c),
        ])
    };
    assert_eq!(files("pub struct C;"), [""; 0]);
    let bad = files("pub struct C;\nuse crate::a::A;");
    assert!(
        bad[0].starts_with("x/src/a.rs:2: imports in a circle, x/src/b/c.rs:2 → x/src/a.rs;"),
        "{bad:?}"
    );
}

#[test]
fn a_module_and_its_descendants_are_one_piece() {
    assert_eq!(
        found(&[
            ("x/src/main.rs", "mod a;\nuse a::A;\npub struct R;"),
            (
                "x/src/a.rs",
                "mod b;\nuse b::B;\nuse b::c::C;\npub struct A;\nuse crate::R;"
            ),
            ("x/src/a/b.rs", "pub(super) mod c;\nuse super::A;\npub struct B;"),
            (
                "x/src/a/b/c.rs",
                "use super::super::A;\nuse super::B;\nuse crate::R;\npub struct C;"
            ),
        ]),
        [""; 0]
    );
}

#[test]
fn one_of_the_shortest_circles_stands_for_a_group() {
    let bad = found(&[
        ("x/src/lib.rs", "mod a;\nmod b;\nmod c;\nmod d;"),
        ("x/src/a.rs", "use crate::b::T;\npub struct T;"),
        ("x/src/b.rs", "use crate::c::T;\npub struct T;"),
        ("x/src/c.rs", "use crate::{a::T,\nd::T as D};\npub struct T;"),
        ("x/src/d.rs", "\nfn f() -> crate::c::T {}\npub struct T;"),
        ("y/src/lib.rs", "mod a;\nmod b;"),
        ("y/src/a.rs", "use crate::b::T;\npub struct T;"),
        ("y/src/b.rs", "use crate::a::T;\npub struct T;"),
    ]);
    assert_eq!(bad.len(), 2, "{bad:?}");
    assert!(
        bad[0].starts_with(
            "x/src/c.rs:2: imports in a circle, x/src/d.rs:2 → x/src/c.rs (in a group of 4: x/src/a.rs, x/src/b.rs, x/src/c.rs, x/src/d.rs);"
        ),
        "{bad:?}"
    );
}

#[test]
fn files_outside_of_the_crate_are_not_its_modules() {
    assert_eq!(
        found(&[
            ("x/src/lib.rs", "mod a;"),
            ("x/src/a.rs", "use crate::b::T;\npub struct T;"),
            ("x/src/b.rs", "use crate::a::T;\npub struct T;"),
        ]),
        [""; 0]
    );
}

#[test]
fn a_file_that_joins_a_known_circle_is_found() {
    let group = |files: &[&'static str]| Group {
        files: files.to_vec(),
        circle: Vec::new(),
    };
    let known = ["a.rs", "b.rs", "c.rs"];
    assert!(group(&["a.rs", "c.rs"]).lies_in(&known) && group(&known).lies_in(&known));
    assert!(!group(&["a.rs", "b.rs", "c.rs", "d.rs"]).lies_in(&known));
}

#[test]
fn known_circles_are_still_there() {
    let house = House::read(&Workspace::find().unwrap()).unwrap();
    let groups = groups(&house);
    for known in KNOWN {
        assert!(
            groups.iter().any(|group| group.files == known),
            "these files are no circle any more, or not all of them are: mend `KNOWN`: {known:?}"
        );
    }
}
