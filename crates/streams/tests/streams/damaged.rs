//! Damaged archives of every form that data is read from: each gives the data that was put in, or one sentence, and never other
//! data.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may panic")]

use dentate_core::{Dataset, Seed};
use dentate_streams::{DataEnv, DataSpec};
use dentate_testkit::malformed::mutate;
use flate2::Compression;
use flate2::write::GzEncoder;
use rand::Rng;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

/// Bytes of a tar archive's block.
const BLOCK: usize = 512;

/// Everything that a data set says: shapes, labels and values.
type Content = (Vec<usize>, [Vec<Option<u32>>; 2], [Vec<f32>; 2]);

/// An archive, how it is named in a suite, and what damage it can tell.
struct Sample {
    name: &'static str,
    file: &'static str,
    spec: &'static str,
    bytes: Vec<u8>,
    /// True if checksums cover all of it: else only its lengths and its structure can be checked.
    summed: bool,
}

const PICTURES: &str = r#"{"kind":"image-folder","path":"FILE","classes":3,"size":[3,2]}"#;
// Names of one length, so that they can change places within a file.
const ARRAYS: &str = r#"{"kind":"npy","path":"FILE","classes":3,"train_inputs":"x_fit","train_labels":"y_fit",
    "test_inputs":"x_try","test_labels":"y_try"}"#;

fn picture(colour: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 3);
    encoder.set_color(png::ColorType::Rgb);
    let values: Vec<u8> = (0..18).map(|i| colour.wrapping_add(13 * i)).collect();
    encoder.write_header().unwrap().write_image_data(&values).unwrap();
    bytes
}

/// Names and contents of the pictures: three classes, four pictures each.
fn pictures() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for (at, half) in ["train", "test"].into_iter().enumerate() {
        for (class, name) in ["ant", "bee", "cow"].into_iter().enumerate() {
            for n in 0..2 {
                let colour = (40 * class + 20 * at + 7 * n) as u8;
                all.push((format!("{half}/{name}/{n}.png"), picture(colour)));
            }
        }
    }
    all
}

/// Headers and contents of a tar archive, without its end.
fn members(files: &[(String, Vec<u8>)]) -> Vec<Vec<u8>> {
    let member = |(name, bytes): &(String, Vec<u8>)| {
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, &bytes[..]).unwrap();
        let mut all = builder.into_inner().unwrap();
        all.truncate(all.len() - 2 * BLOCK);
        all
    };
    files.iter().map(member).collect()
}

fn tar(members: &[Vec<u8>]) -> Vec<u8> {
    [members.concat(), vec![0; 2 * BLOCK]].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An array as NumPy writes it.
fn npy(descr: &str, shape: &str, raw: &[u8]) -> Vec<u8> {
    let mut head = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}");
    while (head.len() + 11) % 64 != 0 {
        head.push(' ');
    }
    head.push('\n');
    [
        &b"\x93NUMPY\x01\0"[..],
        &(head.len() as u16).to_le_bytes(),
        head.as_bytes(),
        raw,
    ]
    .concat()
}

fn arrays() -> [(&'static str, Vec<u8>); 4] {
    let inputs = |rows: u8, first: u8| (0..rows * 4).map(|i| first.wrapping_add(i)).collect::<Vec<_>>();
    let labels = |labels: &[i64]| labels.iter().flat_map(|l| l.to_le_bytes()).collect::<Vec<_>>();
    [
        ("x_fit", npy("|u1", "6, 4", &inputs(6, 0))),
        ("y_fit", npy("<i8", "6,", &labels(&[0, 1, 2, 0, 1, 2]))),
        ("x_try", npy("|u1", "6, 4", &inputs(6, 100))),
        ("y_try", npy("<i8", "6,", &labels(&[2, 1, 0, 2, 1, 0]))),
    ]
}

fn npz(arrays: &[(&str, Vec<u8>)], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        let options = zip::write::FileOptions::default().compression_method(method);
        writer.start_file(format!("{name}.npy"), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn samples() -> Vec<Sample> {
    let plain = tar(&members(&pictures()));
    // Parts of a gzip file that begin within a picture.
    let parts: Vec<u8> = plain.chunks(1800).flat_map(gzip).collect();
    let sample = |name, file, spec, bytes, summed| Sample {
        name,
        file,
        spec,
        bytes,
        summed,
    };
    vec![
        sample("tar", "pets.tar", PICTURES, plain.clone(), false),
        sample("tar.gz", "pets.tar.gz", PICTURES, gzip(&plain), true),
        sample("tar.gz of parts", "pets.tar.gz", PICTURES, parts, true),
        sample(
            "npz",
            "set.npz",
            ARRAYS,
            npz(&arrays(), zip::CompressionMethod::Stored),
            true,
        ),
        sample(
            "packed npz",
            "set.npz",
            ARRAYS,
            npz(&arrays(), zip::CompressionMethod::Deflated),
            true,
        ),
    ]
}

fn content(data: &Dataset) -> (Vec<Option<u32>>, Vec<f32>) {
    let rows: Vec<u32> = (0..data.len() as u32).collect();
    let labels = rows.iter().map(|&row| data.label(row)).collect();
    (labels, data.gather(&rows).unwrap().into_iter().collect())
}

/// The content of a data set of these files, or the message that refuses it.
fn load(spec: &str, file: &str, env: &DataEnv) -> Result<Content, String> {
    let spec: Box<dyn DataSpec> = serde_json::from_str(&spec.replace("FILE", file)).unwrap();
    let data = spec.load(env).map_err(|error| error.to_string())?;
    let (train, test) = (content(&data.train), content(&data.test));
    Ok((data.train.shape().to_vec(), [train.0, test.0], [train.1, test.1]))
}

/// Damaged files, and how they went.
struct Trials {
    root: tempfile::TempDir,
    env: DataEnv,
    refused: usize,
    same: usize,
}

impl Trials {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let env = DataEnv {
            root: Some(root.path().to_owned()),
            ..DataEnv::default()
        };
        Self {
            root,
            env,
            refused: 0,
            same: 0,
        }
    }

    fn path(&self, file: &str) -> std::path::PathBuf {
        self.root.path().join(file)
    }

    /// Read what lies there: the right data, or one sentence.
    fn check(&mut self, (spec, file): (&str, &str), right: &Content, what: &str) -> Option<String> {
        match load(spec, file, &self.env) {
            Ok(found) => {
                assert_eq!(found, *right, "{what}: other data");
                self.same += 1;
                None
            }
            Err(said) => {
                let one = !said.is_empty() && !said.contains('\n') && said.chars().count() < 1000;
                assert!(one, "{what}: this is not one sentence: {said:?}");
                self.refused += 1;
                Some(said)
            }
        }
    }

    fn try_bytes(&mut self, sample: &Sample, right: &Content, bytes: &[u8], what: &str) -> Option<String> {
        fs::write(self.path(sample.file), bytes).unwrap();
        self.check(
            (sample.spec, sample.file),
            right,
            &format!("{}, {what}", sample.name),
        )
    }
}

fn right(sample: &Sample, trials: &Trials) -> Content {
    fs::write(trials.path(sample.file), &sample.bytes).unwrap();
    load(sample.spec, sample.file, &trials.env).unwrap()
}

#[test]
fn cut_flipped_and_overwritten_archives_are_the_right_data_or_refused() {
    let mut trials = Trials::new();
    for sample in samples() {
        let right = right(&sample, &trials);
        let whole = sample.bytes.len();
        let mut random = Seed(1).derive(sample.name).random();
        // Cuts at boundaries and beside them, and anywhere.
        let step = whole / 40;
        let edges = (0..whole)
            .step_by(BLOCK)
            .flat_map(|at| [at.saturating_sub(1), at, at + 1]);
        let last = whole.saturating_sub(24)..whole;
        for at in (0..whole)
            .step_by(step)
            .chain(edges)
            .chain(last)
            .filter(|at| *at < whole)
        {
            trials.try_bytes(&sample, &right, &sample.bytes[..at], &format!("cut at {at}"));
        }
        let ends = (0..16).chain(whole - 24..whole);
        let anywhere: Vec<usize> = (0..120).map(|_| random.random_range(0..whole)).collect();
        for at in ends.chain(anywhere) {
            let mut bytes = sample.bytes.clone();
            let bit = random.random_range(0..8);
            bytes[at] ^= 1 << bit;
            trials.try_bytes(
                &sample,
                &right,
                &bytes,
                &format!("bit {bit} of byte {at} flipped"),
            );
        }
        // Nothing covers a header of a plain archive against several blows at once.
        let blows = if sample.summed { 200 } else { 0 };
        for n in 0..blows {
            let bytes = mutate(&sample.bytes, &mut random);
            trials.try_bytes(&sample, &right, &bytes, &format!("mutant {n}"));
        }
        for (rubbish, what) in [
            (vec![7; 100], "rubbish"),
            (b"\x1f\x8b".to_vec(), "the beginning of a gzip file"),
            (vec![1], "a byte"),
        ] {
            let bytes = [&sample.bytes[..], &rubbish].concat();
            let said = trials.try_bytes(&sample, &right, &bytes, &format!("with {what} behind it"));
            // The directory of a zip file says what belongs to it.
            assert!(said.is_some() || sample.spec == ARRAYS, "{}, {what}", sample.name);
        }
    }
    println!("{} refused, {} the right data", trials.refused, trials.same);
    assert!(
        trials.refused + trials.same >= 1500,
        "{} and {}",
        trials.refused,
        trials.same
    );
    assert!(
        trials.refused > 1000 && trials.same > 50,
        "{} and {}",
        trials.refused,
        trials.same
    );
}

#[test]
fn whole_members_that_are_moved_doubled_or_renamed_are_told() {
    let mut trials = Trials::new();
    let (files, samples) = (pictures(), samples());
    let right = right(&samples[0], &trials);
    let apart = members(&files);
    for (sample, packed) in [(&samples[0], false), (&samples[1], true)] {
        let bytes = |members: &[Vec<u8>]| {
            let all = tar(members);
            if packed { gzip(&all) } else { all }
        };
        for at in 0..apart.len() {
            let mut moved = apart.clone();
            let other = (at + 5) % moved.len();
            moved.swap(at, other);
            let said = trials.try_bytes(
                sample,
                &right,
                &bytes(&moved),
                &format!("{at} and {other} swapped"),
            );
            assert_eq!(said, None, "the order says nothing");

            // The same member again, and another picture under its name.
            let again = apart[at].clone();
            let changed = members(&[(files[at].0.clone(), picture(250))]).remove(0);
            let dotted = members(&[(format!("./{}", files[at].0), picture(250))]).remove(0);
            for (second, what) in [
                (again, "doubled"),
                (changed, "with another of its name"),
                (dotted, "with another of its name after ./"),
            ] {
                let doubled = [&apart[..], &[second]].concat();
                let said = trials.try_bytes(sample, &right, &bytes(&doubled), &format!("{at} {what}"));
                let expected = format!("`{}` stands in it twice", files[at].0);
                assert!(
                    said.as_ref().is_some_and(|said| said.ends_with(&expected)),
                    "{said:?}"
                );
            }

            // A block of it is lost, emptied, or there twice.
            let blocks = apart[at].len() / BLOCK;
            for block in 0..blocks {
                let place = block * BLOCK..(block + 1) * BLOCK;
                let mut without = apart.clone();
                without[at].drain(place.clone());
                trials.try_bytes(
                    sample,
                    &right,
                    &bytes(&without),
                    &format!("block {block} of {at} is lost"),
                );
                let mut emptied = apart.clone();
                emptied[at][place.clone()].fill(0);
                trials.try_bytes(
                    sample,
                    &right,
                    &bytes(&emptied),
                    &format!("block {block} of {at} is empty"),
                );
                let mut twice = apart.clone();
                let copy = twice[at][place].to_vec();
                twice[at].splice(block * BLOCK..block * BLOCK, copy);
                trials.try_bytes(
                    sample,
                    &right,
                    &bytes(&twice),
                    &format!("block {block} of {at} is there twice"),
                );
            }
            // Its name is another one, and its header's sum is not.
            let mut renamed = apart.clone();
            renamed[at][0] ^= 1;
            let said = trials.try_bytes(sample, &right, &bytes(&renamed), &format!("{at} is renamed"));
            assert!(said.is_some(), "{at} is renamed");
        }
        // Without its end, with half of it, with too much of it, and with a second archive behind it.
        let all = apart.concat();
        for (empty, behind, whole) in [
            (0, false, false),
            (1, false, false),
            (2, false, true),
            (20, false, true),
            (2, true, false),
            (0, true, true),
        ] {
            let mut bytes = [all.clone(), vec![0; empty * BLOCK]].concat();
            if behind {
                let hidden = members(&[("train/dog/1.png".into(), picture(1))]);
                bytes.extend(tar(&hidden));
            }
            let bytes = if packed { gzip(&bytes) } else { bytes };
            if empty == 0 && behind {
                // A class more: whole, and refused for that.
                fs::write(trials.path(sample.file), bytes).unwrap();
                assert!(
                    load(sample.spec, sample.file, &trials.env)
                        .unwrap_err()
                        .contains("4 classes")
                );
                continue;
            }
            let said = trials.try_bytes(sample, &right, &bytes, &format!("{empty} empty blocks, {behind}"));
            assert_eq!(said.is_none(), whole, "{empty} empty blocks, {behind}: {said:?}");
        }
    }
    println!("{} refused, {} the right data", trials.refused, trials.same);
}

#[test]
fn arrays_that_are_moved_doubled_or_renamed_are_told() {
    let mut trials = Trials::new();
    for sample in samples().into_iter().filter(|sample| sample.spec == ARRAYS) {
        let right = right(&sample, &trials);
        let method = if sample.name == "npz" {
            zip::CompressionMethod::Stored
        } else {
            zip::CompressionMethod::Deflated
        };
        for at in 0..4 {
            let mut moved = arrays();
            moved.swap(at, (at + 1) % 4);
            let said = trials.try_bytes(&sample, &right, &npz(&moved, method), "moved");
            assert_eq!(said, None);

            let (name, mut other) = arrays()[at].clone();
            *other.last_mut().unwrap() ^= 1;
            // Writers refuse a second entry of one name, so it is given it afterwards.
            let mut doubled = arrays().to_vec();
            let stand_in = name.replace('_', "-");
            doubled.push((&stand_in, other));
            let bytes = replace(&npz(&doubled, method), &stand_in, name);
            let said = trials.try_bytes(&sample, &right, &bytes, "doubled").unwrap();
            assert!(
                said.ends_with(&format!("`{name}.npy` stands in it twice")),
                "{said}"
            );

            // Where arrays stand their names are whole, and in the directory two have changed places; and the other way round.
            let (a, b) = (arrays()[at].0, arrays()[(at + 2) % 4].0);
            let swapped = replace(&replace(&replace(&sample.bytes, a, "@@@@@"), b, a), "@@@@@", b);
            let directory = find(&sample.bytes, b"PK\x01\x02");
            for (bytes, what) in [
                (
                    [&sample.bytes[..directory], &swapped[directory..]].concat(),
                    "directory",
                ),
                (
                    [&swapped[..directory], &sample.bytes[directory..]].concat(),
                    "arrays",
                ),
            ] {
                let said = trials.try_bytes(&sample, &right, &bytes, what).unwrap();
                assert!(said.contains("of its directory is called"), "{said}");
            }
        }
    }
}

/// Every occurrence of one name replaced by another, of the same length in the end.
fn replace(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let (from, mut out, mut at) = (from.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(from) {
            out.extend(to.as_bytes());
            at += from.len();
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes
        .windows(what.len())
        .position(|window| window == what)
        .unwrap()
}

/// Folders of single files: pictures, arrays as they are and packed.
#[test]
fn single_files_that_were_damaged_are_the_right_data_or_refused() {
    let mut trials = Trials::new();
    let mut random = Seed(2).random();
    let write = |root: &Path, name: &str, bytes: &[u8]| {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    for (name, bytes) in pictures() {
        write(trials.root.path(), &format!("pets/{name}"), &bytes);
    }
    let root = trials.root.path().to_owned();
    let pets = load(PICTURES, "pets", &trials.env).unwrap();
    let (name, bytes) = pictures().remove(3);
    let name = format!("pets/{name}");
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << random.random_range(0..8);
        write(&root, &name, &flipped);
        trials.check((PICTURES, "pets"), &pets, &format!("{name}: byte {at} flipped"));
        write(&root, &name, &bytes[..at]);
        let said = trials.check((PICTURES, "pets"), &pets, &format!("{name}: cut at {at}"));
        assert!(said.is_some(), "{name}: cut at {at}");
    }
    for packed in [false, true] {
        let folder = if packed { "packed" } else { "plain" };
        let whole: Vec<_> = arrays()
            .map(|(name, bytes)| {
                (
                    format!("{folder}/{name}.npy"),
                    if packed { gzip(&bytes) } else { bytes },
                )
            })
            .into();
        for (name, bytes) in &whole {
            write(&root, name, bytes);
        }
        let right = load(ARRAYS, folder, &trials.env).unwrap();
        for (name, bytes) in &whole {
            for at in 0..bytes.len() {
                write(&root, name, &bytes[..at]);
                let said = trials.check((ARRAYS, folder), &right, &format!("{name}: cut at {at}"));
                assert!(said.is_some(), "{name}: cut at {at}");
                // Values and most of the header of a plain array have nothing to be checked against.
                if packed || at < 8 {
                    let mut flipped = bytes.clone();
                    flipped[at] ^= 1 << random.random_range(0..8);
                    write(&root, name, &flipped);
                    trials.check((ARRAYS, folder), &right, &format!("{name}: byte {at} flipped"));
                }
            }
            for rubbish in [&b"\0"[..], b"rubbish"] {
                write(&root, name, &[&bytes[..], rubbish].concat());
                let said = trials.check(
                    (ARRAYS, folder),
                    &right,
                    &format!("{name}: {rubbish:?} behind it"),
                );
                assert!(said.is_some(), "{name}: {rubbish:?} behind it");
            }
            write(&root, name, bytes);
        }
    }
    println!("{} refused, {} the right data", trials.refused, trials.same);
    assert!(trials.refused > 1000, "{}", trials.refused);
}

/// A cache file that is damaged or belongs to other data is made again.
#[test]
fn a_damaged_cache_gives_the_right_data() {
    let mut trials = Trials::new();
    let cache = trials.path("cache");
    trials.env.cache = Some(cache.clone());
    let samples = samples();
    let right = right(&samples[0], &trials);
    let kept: Vec<_> = fs::read_dir(&cache)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "images"))
        .collect();
    assert_eq!(kept.len(), 1);
    let bytes = fs::read(&kept[0]).unwrap();
    let mut random = Seed(3).random();
    for n in 0..200 {
        let damaged = if n % 2 == 0 {
            let mut flipped = bytes.clone();
            let at = random.random_range(0..bytes.len());
            flipped[at] ^= 1 << random.random_range(0..8);
            flipped
        } else {
            mutate(&bytes, &mut random)
        };
        fs::write(&kept[0], damaged).unwrap();
        let said = trials.check((PICTURES, "pets.tar"), &right, &format!("cache, {n}"));
        assert_eq!(said, None);
    }
    // Another archive's pictures under this one's name.
    let files: Vec<_> = pictures()
        .into_iter()
        .map(|(name, _)| (name, picture(200)))
        .collect();
    fs::write(trials.path("other.tar"), tar(&members(&files))).unwrap();
    assert_ne!(load(PICTURES, "other.tar", &trials.env).unwrap(), right);
    for entry in fs::read_dir(&cache).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "images") && path != kept[0] {
            fs::copy(path, &kept[0]).unwrap();
        }
    }
    assert_eq!(load(PICTURES, "pets.tar", &trials.env).unwrap(), right);
}
