//! The documented example of a stream on own data, run on generated files.

use crate::place::{Place, said};
use std::fs;
use std::path::Path;

/// The example of a page, as it stands there.
fn example(page: &'static str) -> &'static str {
    let examples = page.split("```toml\n").skip(1);
    let mut examples = examples.filter_map(|rest| rest.split("```").next());
    examples
        .find(|example| example.contains("kind = \"experiences\""))
        .unwrap()
}

/// An array as NumPy saves it.
fn npy(path: &Path, descr: &str, shape: &str, bytes: &[u8]) {
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    while (10 + header.len()) % 64 != 63 {
        header.push(' ');
    }
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(bytes);
    fs::write(path, file).unwrap();
}

/// Pictures of 8 × 8 in a colour for each of three classes.
fn shells(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (half, rows) in [("train", 30_usize), ("test", 9)] {
        let pixel = |row: usize| (0..192).map(move |at| if at % 3 == row % 3 { 200 } else { row as u8 });
        let pixels: Vec<u8> = (0..rows).flat_map(pixel).collect();
        npy(
            &folder.join(format!("x_{half}.npy")),
            "|u1",
            &format!("({rows}, 8, 8, 3)"),
            &pixels,
        );
        let labels: Vec<u8> = (0..rows as i64).flat_map(|row| (row % 3).to_le_bytes()).collect();
        npy(
            &folder.join(format!("y_{half}.npy")),
            "<i8",
            &format!("({rows},)"),
            &labels,
        );
    }
}

fn birds(folder: &Path) {
    for (half, count) in [("train", 12_u8), ("test", 4)] {
        for (class, colour) in [("finch", [250, 120, 0]), ("wren", [0, 60, 250])] {
            let folder = folder.join(half).join(class);
            fs::create_dir_all(&folder).unwrap();
            for number in 0..count {
                let file = fs::File::create(folder.join(format!("{number}.png"))).unwrap();
                let mut encoder = png::Encoder::new(file, 8, 8);
                encoder.set_color(png::ColorType::Rgb);
                let [r, g, b] = colour;
                let pixels = [r - r.min(number), g, b].repeat(64);
                encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
            }
        }
    }
}

const METHODS: &str = "seeds = 1\n[defaults]\nhidden = [6]\nbatch = 4\nbudget = { epochs = 2 }\n";

/// The suite of the page, run on a folder of arrays and a folder of pictures.
fn place(stream: &str, methods: &str) -> Place {
    let place = Place::with(&format!("{METHODS}{stream}{methods}"));
    let data = place.path().join("no data");
    shells(&data.join("shells"));
    birds(&data.join("birds"));
    place
}

#[test]
fn the_documented_stream_runs_and_its_names_reach_the_report() {
    let documented = example(include_str!("../../../docs/data.md"));
    assert_eq!(
        documented,
        example(include_str!("../../../docs/running-suites.md"))
    );
    assert!(documented.lines().count() <= 10, "ten lines are enough");
    let stream = documented.replace("shells.npz", "shells");
    let methods = "[[method]]\nname = \"fixed\"\n[[method]]\nname = \"joint\"\nprotocol = \"joint\"\n";
    let place = place(&stream, methods);
    let dry = place.bench(&["--dry-run"]);
    assert!(dry.status.success(), "{}", said(&dry));
    let doctor = place.run(&["doctor", "./tiny.toml"]);
    assert!(doctor.status.success(), "{}", said(&doctor));
    let output = place.bench(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let manifest = place.manifest();
    assert_eq!(
        manifest["streams"][0]["tasks"],
        serde_json::json!(["shells", "birds"])
    );
    assert_eq!(manifest["streams"][0]["chance"], 0.2);
    let folder = place.path().join("results/tiny");
    dentate_eval::report(&folder).unwrap();
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("shells") && page.contains("birds"));

    // What was read belongs to a run's id: another picture is another run.
    assert!(said(&place.bench(&[])).contains("finished already"));
    let bird = place.path().join("no data/birds/train/finch");
    fs::copy(bird.join("1.png"), bird.join("0.png")).unwrap();
    assert!(said(&place.bench(&[])).contains("2 runs to make"));
}

/// Two experiences of one task share its head, and each is measured on rows of its own.
#[test]
fn experiences_of_one_task_are_measured_each() {
    let stream = r#"
[[stream]]
name = "mine"
kind = "experiences"
scenario = "task-incremental"
[[stream.experience]]
name = "shells"
data = { kind = "npy", path = "shells", classes = 3, channels = "last" }
[[stream.experience]]
name = "birds"
data = { kind = "image-folder", path = "birds", classes = 2, size = [8, 8] }
[[stream.experience]]
name = "shells again"
task = "shells"
data = { kind = "npy", path = "shells", classes = 3, channels = "last" }
"#;
    let place = place(
        stream,
        "[[method]]\nname = \"fixed\"\n[[method]]\nname = \"joint\"\nprotocol = \"joint\"\n",
    );
    let output = place.bench(&[]);
    assert!(output.status.success(), "{}", said(&output));
    for (method, _, records) in place.records() {
        let of = |metric: &str| -> Vec<(String, String)> {
            let lines = records.lines().filter(|line| line.starts_with(metric));
            let cells = lines.map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
            cells.map(|cells| (cells[1].clone(), cells[3].clone())).collect()
        };
        let measured: Vec<String> = of("accuracy,").into_iter().map(|(e, task)| e + &task).collect();
        // While no head is there for birds, there is an answer for both experiences of shells.
        let expected: &[&str] = match method.as_str() {
            "joint" => &["00", "01", "02"],
            _ => &["00", "02", "10", "11", "12", "20", "21", "22"],
        };
        assert_eq!(measured, expected, "{method}");
        let rows: Vec<String> = of("test-rows,").into_iter().map(|(_, task)| task).collect();
        assert_eq!(rows, ["0", "1", "2"]);
    }
    let folder = place.path().join("results/tiny");
    dentate_eval::report(&folder).unwrap();
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("shells again"));
}
