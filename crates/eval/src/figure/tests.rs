use super::*;

fn figure() -> Figure {
    Figure {
        id: "f".into(),
        title: "T".into(),
        caption: String::new(),
        x: Axis::new("Position", "experience"),
        y: Axis::new("Rank", ""),
        svg: "<svg class=\"chart\" role=\"img\"><title>T</title></svg>".into(),
        data: Data {
            columns: vec!["method", "value"],
            rows: vec![
                vec!["=1+1, \"x\"".into(), 0.5.into()],
                vec!["b".into(), f64::NAN.into()],
            ],
        },
    }
}

#[test]
fn a_drawing_stands_alone_as_a_file() {
    let file = figure().to_svg();
    assert!(
        file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\"><style>")
    );
    assert!(file.ends_with("<title>T</title></svg>\n"));
    assert!(!file.contains("prefers-color-scheme") && !file.contains("url("));
}

#[test]
fn numbers_are_plain_csv_without_formulas() {
    assert_eq!(figure().to_csv(), "method,value\n\"'=1+1, \"\"x\"\"\",0.5\nb,\n");
    assert_eq!(figure().x.label(), "Position (experience)");
    assert_eq!(figure().y.label(), "Rank");
}
