use super::*;

fn names(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn by_folder() -> Halves {
    Halves::Folders(["train".into(), "test".into()])
}

#[test]
fn classes_are_numbered_by_name_and_take_turns() {
    let names = names(
        "all/train/cat/10.png all/train/cat/9.png all/train/ant/a.png all/test/ant/b.png all/test/cat/1.png all/x/y.png",
    );
    let [train, test] = arrange(&names, &by_folder(), 2).unwrap();
    assert_eq!(
        train,
        [(0, 2), (1, 1), (1, 0)],
        "9 comes before 10, other folders are left alone"
    );
    assert_eq!(test, [(0, 3), (1, 4)]);
}

#[test]
fn names_that_begin_with_numbers_follow_these() {
    let mut all = ["b", "10_x", "2_y", "a", "002"].map(Natural::of);
    all.sort();
    assert_eq!(all.map(|n| n.1), ["002", "2_y", "10_x", "a", "b"]);
}

#[test]
fn halves_are_drawn_from_each_class_by_its_own_name() {
    let pictures = |classes: &[&str]| -> Vec<String> {
        classes
            .iter()
            .flat_map(|c| (0..20).map(move |i| format!("{c}/{i}.png")))
            .collect()
    };
    let of = |names: &[String], seed, classes| {
        let [train, test] = arrange(names, &Halves::Drawn(0.25, seed), classes).unwrap();
        assert_eq!(
            (train.len(), test.len()),
            (15 * classes as usize, 5 * classes as usize)
        );
        let mut both: Vec<_> = train.iter().chain(&test).map(|(_, i)| *i).collect();
        both.sort_unstable();
        assert_eq!(both, (0..names.len()).collect::<Vec<_>>(), "every picture once");
        test.into_iter()
            .map(|(_, i)| names[i].clone())
            .collect::<Vec<_>>()
    };
    let two = pictures(&["a", "b"]);
    assert_eq!(of(&two, 1, 2), of(&two, 1, 2));
    assert_ne!(of(&two, 1, 2), of(&two, 2, 2));
    // Another class does not change these.
    let mut three = of(&pictures(&["a", "b", "c"]), 1, 3);
    three.retain(|name| !name.starts_with('c'));
    assert_eq!(of(&two, 1, 2), three);
}

#[test]
fn mistakes_name_what_they_are_about() {
    let drawn = Halves::Drawn(0.5, 1);
    let cases = [
        ("", by_folder(), 2, "there is no PNG or JPEG file in it"),
        (
            "train/a/1 train/b/1 val/a/1 val/b/1",
            by_folder(),
            2,
            "there is no folder `test` with pictures in it, but `train`, `val`; name the folder, or set `test_share` to have \
             test pictures drawn",
        ),
        (
            "a/1 a/2 b/1 b/2 3",
            drawn.clone(),
            2,
            "`3` lies in no class's folder",
        ),
        (
            "train/a/1 train/2 test/a/1",
            by_folder(),
            1,
            "`train/2` lies in no class's folder",
        ),
        (
            "a/1 a/2 b/1 b/2",
            drawn.clone(),
            3,
            "it has 2 classes (`a`, `b`), but `classes` is 3",
        ),
        ("a/1 a/2 b/1", drawn, 2, "class `b` has no training pictures"),
        (
            "train/a/1 train/b/1 test/a/1",
            by_folder(),
            2,
            "class `b` has no test pictures",
        ),
        (
            "train/a/1 test/a/1 test/c/1",
            by_folder(),
            1,
            "class `c` has no training pictures",
        ),
    ];
    for (text, halves, classes, expected) in cases {
        assert_eq!(
            arrange(&names(text), &halves, classes).unwrap_err().to_string(),
            expected
        );
    }
}
