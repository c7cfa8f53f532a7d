use super::*;
use std::fs;
use std::io::{Cursor, Write};

/// The four arrays of a small set: rows of 2 × 2 × 3, channels last.
fn arrays() -> [(&'static str, Vec<u8>); 4] {
    let inputs = |rows: u8| (0..rows * 12).collect::<Vec<_>>();
    let labels = |labels: &[i64]| labels.iter().flat_map(|l| l.to_le_bytes()).collect::<Vec<_>>();
    [
        ("x_train", npy::write("|u1", false, &[3, 2, 2, 3], &inputs(3))),
        ("y_train", npy::write("<i8", false, &[3], &labels(&[0, 1, 1]))),
        ("x_test", npy::write("|u1", false, &[2, 2, 2, 3], &inputs(2))),
        ("y_test", npy::write("<i8", false, &[2, 1], &labels(&[1, 0]))),
    ]
}

fn packed(arrays: &[(&str, Vec<u8>)], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        let options = zip::write::FileOptions::default().compression_method(method);
        writer.start_file(format!("{name}.npy"), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn set(more: &str) -> Npy {
    serde_json::from_str(&format!(r#"{{"path":"set","classes":2{more}}}"#)).unwrap()
}

/// A data folder with the arrays in a folder `set`.
fn folder() -> (tempfile::TempDir, DataEnv) {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("set")).unwrap();
    for (name, bytes) in arrays() {
        fs::write(root.path().join(format!("set/{name}.npy")), bytes).unwrap();
    }
    let env = DataEnv {
        root: Some(root.path().to_owned()),
        cache: None,
        ..DataEnv::default()
    };
    (root, env)
}

#[test]
fn a_folder_and_an_archive_give_the_same_rows() {
    let (root, env) = folder();
    let spec = set(r#","channels":"last""#);
    let from_folder = spec.load(&env).unwrap();
    assert_eq!(from_folder.train.shape(), [3, 2, 2]);
    let row = from_folder
        .train
        .gather(&[1])
        .unwrap()
        .mapv(|v| (v * 255.0).round() as u8);
    let expected = [12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23];
    assert_eq!(row.iter().copied().collect::<Vec<_>>(), expected);
    assert_eq!([0, 1].map(|r| from_folder.test.label(r)), [Some(1), Some(0)]);

    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        fs::write(root.path().join("set.npz"), packed(&arrays(), method)).unwrap();
        let spec = Npy {
            path: "set.npz".into(),
            ..spec.clone()
        };
        let packed = spec.load(&env).unwrap();
        assert_eq!(
            packed.train.gather(&[0, 1, 2]).unwrap(),
            from_folder.train.gather(&[0, 1, 2]).unwrap()
        );
        assert_eq!(spec.facts().title, "set");
        spec.fingerprint(&env).unwrap();
    }
    let plain = set(r#","train":2,"test":1"#).load(&env).unwrap();
    assert_eq!(
        (plain.train.shape(), plain.train.len(), plain.test.len()),
        (&[2, 2, 3][..], 2, 1)
    );
}

#[test]
fn floats_are_taken_as_they_are() {
    let (root, env) = folder();
    let write = |name: &str, values: &[f64]| {
        let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        let bytes = npy::write("<f8", false, &[2, values.len() / 2], &raw);
        fs::write(root.path().join(format!("set/{name}.npy")), bytes).unwrap();
    };
    write("f", &[-1.5, 2.0, 300.25, 0.0]);
    let spec = set(r#","train_inputs":"f","train_labels":"y_test","test_inputs":"f.npy""#);
    let data = spec.load(&env).unwrap();
    assert_eq!(
        (data.train.shape(), data.train.gather(&[0, 1]).unwrap()),
        (&[2][..], ndarray::array![[-1.5, 2.0], [300.25, 0.0]])
    );
    write("f", &[0.0, f64::NAN, 1.0, 1.0]);
    let text = spec.load(&env).unwrap_err().to_string();
    assert!(text.contains("f.npy cannot be used: entry 1 is NaN"), "{text}");
}

/// Features of half precision, as networks put them out: exact, in either order of axes, and what is infinite is named.
#[test]
fn half_precision_is_read() {
    let (root, env) = folder();
    let write = |fortran, bits: [u16; 4]| {
        let raw: Vec<u8> = bits.iter().flat_map(|v| v.to_le_bytes()).collect();
        fs::write(
            root.path().join("set/h.npy"),
            npy::write("<f2", fortran, &[2, 2], &raw),
        )
        .unwrap();
    };
    let spec = set(r#","train_inputs":"h","train_labels":"y_test","test_inputs":"h""#);
    // 1, −2, 2⁻²⁴ and 65504.
    write(false, [0x3c00, 0xc000, 0x0001, 0x7bff]);
    let rows = |spec: &Npy| spec.load(&env).unwrap().train.gather(&[0, 1]).unwrap();
    assert_eq!(
        rows(&spec),
        ndarray::array![[1.0, -2.0], [5.960_464_5e-8, 65504.0]]
    );
    write(true, [0x3c00, 0xc000, 0x0001, 0x7bff]);
    assert_eq!(
        rows(&spec),
        ndarray::array![[1.0, 5.960_464_5e-8], [-2.0, 65504.0]]
    );
    write(false, [0x3c00, 0x3c00, 0x3c00, 0xfc00]);
    let text = spec.load(&env).unwrap_err().to_string();
    assert!(text.contains("h.npy cannot be used: entry 3 is -inf"), "{text}");
}

#[test]
fn what_does_not_fit_is_named() {
    let (root, env) = folder();
    let refused = |more: &str| set(more).load(&env).unwrap_err().to_string();
    for (more, part) in [
        (r#","train_inputs":"x_trian""#, "x_trian.npy cannot be read"),
        (
            r#","train_labels":"y_test""#,
            "y_test.npy cannot be used: it has shape [2, 1], but there are inputs of 3 rows",
        ),
        (r#","train_labels":"x_test""#, "it has shape [2, 2, 2, 3]"),
        (
            r#","train_inputs":"y_train""#,
            "it has shape [3], but inputs are [rows, …]",
        ),
        (
            r#","test_inputs":"y_test""#,
            "its entries are `<i8`; inputs of uint8, float16, float32 and float64 are read here",
        ),
        (r#","train":4"#, "`train` is 4, but has to be at most 3"),
    ] {
        let text = refused(more);
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    // Unsupported types of entries: the error lists the types that are allowed there.
    fs::write(
        root.path().join("set/half.npy"),
        npy::write("<f2", false, &[3], &[0; 6]),
    )
    .unwrap();
    let text = refused(r#","train_labels":"half""#);
    let would_do = "half.npy cannot be used: its entries are `<f2`; labels of integers of 1, 2, 4 and 8 bytes are read here";
    assert!(text.ends_with(would_do), "{text}");
    fs::write(
        root.path().join("set/complex.npy"),
        npy::write("<c8", false, &[3], &[0; 24]),
    )
    .unwrap();
    let text = refused(r#","train_inputs":"complex""#);
    assert!(
        text.ends_with("its entries are `<c8`; inputs of uint8, float16, float32 and float64 are read here"),
        "{text}"
    );
    let labels: Vec<u8> = [0_i32, -1, 1].iter().flat_map(|l| l.to_be_bytes()).collect();
    fs::write(
        root.path().join("set/low.npy"),
        npy::write(">i4", false, &[3], &labels),
    )
    .unwrap();
    let text = refused(r#","train_labels":"low""#);
    assert!(
        text.ends_with("low.npy cannot be used: entry 1 is -1, which is no label from 0 to below `classes`"),
        "{text}"
    );
    fs::write(
        root.path().join("set/x_test.npy"),
        npy::write("|u1", false, &[2, 12], &[0; 24]),
    )
    .unwrap();
    assert!(refused("").contains("it has shape [12], but training rows are of [2, 2, 3]"));

    fs::write(
        root.path().join("set.npz"),
        packed(&arrays(), zip::CompressionMethod::Stored),
    )
    .unwrap();
    let archive = Npy {
        path: "set.npz".into(),
        ..set(r#","train_inputs":"x_tran""#)
    };
    let text = archive.load(&env).unwrap_err().to_string();
    let expected =
        "set.npz has no array `x_tran`, did you mean `x_train`?; it has x_test, x_train, y_test, y_train";
    assert!(text.ends_with(expected), "{text}");
    fs::write(root.path().join("set.npz"), "no archive").unwrap();
    assert!(
        archive
            .load(&env)
            .unwrap_err()
            .to_string()
            .contains("set.npz cannot be read")
    );
    assert!(
        set("")
            .load(&DataEnv::default())
            .unwrap_err()
            .to_string()
            .contains("DENTATE_DATA")
    );
    let few = Npy {
        classes: 1,
        ..set("")
    };
    assert!(
        crate::data::AnyData::validate(&few)
            .unwrap_err()
            .to_string()
            .contains("`classes` is 1")
    );
}

/// In a folder, packed arrays, and an archive: the fingerprint is of what was read, and other data is refused.
#[test]
fn arrays_are_known_by_the_bytes_that_were_read() {
    let (root, env) = folder();
    let packed_array = root.path().join("set/x_test.npy");
    let bytes = fs::read(&packed_array).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&bytes).unwrap();
    fs::write(&packed_array, gzip.finish().unwrap()).unwrap();
    fs::write(
        root.path().join("set.npz"),
        packed(&arrays(), zip::CompressionMethod::Deflated),
    )
    .unwrap();
    for path in ["set", "set.npz"] {
        let spec = Npy {
            path: path.into(),
            ..set("")
        };
        let print = DataRecipe::fingerprint(&spec, &env).unwrap();
        assert_eq!(
            DataRecipe::load(&spec, &env).unwrap().fingerprint,
            print,
            "{path}"
        );
        let spec: Box<dyn crate::data::DataSpec> = Box::new(spec);
        let expecting = DataEnv {
            expected: Some(print),
            ..env.clone()
        };
        spec.load(&expecting).unwrap();
        let mut other = arrays();
        other[1].1 = npy::write("<i8", false, &[3], &[[1_u8, 0, 0, 0, 0, 0, 0, 0]; 3].concat());
        fs::write(root.path().join("set/y_train.npy"), &other[1].1).unwrap();
        fs::write(
            root.path().join("set.npz"),
            packed(&other, zip::CompressionMethod::Deflated),
        )
        .unwrap();
        let error = spec.load(&expecting).unwrap_err();
        assert!(matches!(error, StreamError::Changed { .. }), "{error}");
        fs::write(root.path().join("set/y_train.npy"), &arrays()[1].1).unwrap();
        fs::write(
            root.path().join("set.npz"),
            packed(&arrays(), zip::CompressionMethod::Deflated),
        )
        .unwrap();
        spec.load(&expecting).unwrap();
    }
}
