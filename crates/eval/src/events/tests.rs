use super::*;
use crate::suite::tests_support::suite_of;
use proptest::prelude::*;

/// CRC-32C bit by bit: the reflected polynomial 0x82f63b78.
fn bitwise(data: &[u8]) -> u32 {
    !data.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| {
            c >> 1 ^ if c & 1 == 1 { 0x82f6_3b78 } else { 0 }
        })
    })
}

/// A field of a message: its number and its bytes (a varint's value little-endian).
fn fields(mut data: &[u8]) -> Vec<(u64, Vec<u8>)> {
    fn varint(data: &mut &[u8]) -> u64 {
        let (mut n, mut shift) = (0, 0);
        loop {
            let (byte, rest) = data.split_first().unwrap();
            *data = rest;
            n |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return n;
            }
        }
    }
    let mut found = Vec::new();
    while !data.is_empty() {
        let key = varint(&mut data);
        let length = match key & 7 {
            0 => {
                let value = varint(&mut data);
                found.push((key >> 3, value.to_le_bytes().to_vec()));
                continue;
            }
            1 => 8,
            2 => varint(&mut data) as usize,
            5 => 4,
            wire => panic!("wire type {wire}"),
        };
        let (own, rest) = data.split_at(length);
        found.push((key >> 3, own.to_vec()));
        data = rest;
    }
    found
}

/// Wall time, step, tag and value of each scalar of a file, read as the format's description says.
fn read(mut file: &[u8]) -> Vec<(f64, u64, String, f32)> {
    let mut events = Vec::new();
    while !file.is_empty() {
        let (head, rest) = file.split_at(12);
        let length = u64::from_le_bytes(head[..8].try_into().unwrap());
        let mask = |data: &[u8]| {
            bitwise(data)
                .rotate_right(15)
                .wrapping_add(0xa282_ead8)
                .to_le_bytes()
        };
        assert_eq!(head[8..], mask(&head[..8]));
        let (data, rest) = rest.split_at(length as usize);
        let (sum, rest) = rest.split_at(4);
        assert_eq!(sum, mask(data));
        events.push(fields(data));
        file = rest;
    }
    let version = events.remove(0);
    assert_eq!(version, [(1, vec![0; 8]), (3, b"brain.Event:2".to_vec())]);
    let scalar = |event: Vec<(u64, Vec<u8>)>| {
        let of = |n: u64| event.iter().find(|(field, _)| *field == n).unwrap().1.clone();
        let value = fields(&fields(&of(5))[0].1);
        (
            f64::from_le_bytes(of(1).try_into().unwrap()),
            u64::from_le_bytes(of(2).try_into().unwrap()),
            String::from_utf8(value[0].1.clone()).unwrap(),
            f32::from_le_bytes(value[1].1.clone().try_into().unwrap()),
        )
    };
    events.into_iter().map(scalar).collect()
}

#[test]
fn the_checksum_is_the_published_one() {
    assert_eq!(bitwise(b"123456789"), 0xe306_9283); // RFC 3720, appendix B.4, of these digits
    let masked = 0xe306_9283_u32.rotate_right(15).wrapping_add(0xa282_ead8);
    assert_eq!(tfrecord::masked(b"123456789"), masked);
}

#[test]
fn scalars_are_tagged_by_metric_task_and_item() {
    let mut suite =
        suite_of(&["loss,0,10,,,0.5\naccuracy,0,10,1,,0.75\nunits,1,300,,hidden-1,12\ndrawing,1,300,,x,3\n"]);
    suite.runs[0].entry.seconds = Some(30.0);
    let all: Vec<RunEvents> = of(&suite).map(Result::unwrap).collect();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].folder, Path::new("s/m/seed-0"));
    let [(name, file), (lines, text)] = &all[0].files;
    assert_eq!(name, "events.out.tfevents.0000000000.r0");
    assert_eq!(
        read(file),
        [
            (1.0, 10, "loss".to_owned(), 0.5),
            (1.0, 10, "accuracy/task 2".to_owned(), 0.75),
            (30.0, 300, "units/hidden-1".to_owned(), 12.0),
        ]
    );
    assert_eq!(lines, "r0.jsonl");
    insta::assert_snapshot!(String::from_utf8(text.clone()).unwrap(), @r#"
    {"suite":"s","stream":"s","method":"m","seed":0,"run":"r0","metric":"loss","experience":0,"step":10,"value":0.5}
    {"suite":"s","stream":"s","method":"m","seed":0,"run":"r0","metric":"accuracy","experience":0,"step":10,"task":1,"value":0.75}
    {"suite":"s","stream":"s","method":"m","seed":0,"run":"r0","metric":"units","experience":1,"step":300,"item":"hidden-1","value":12.0}
    "#);
}

#[test]
fn names_do_not_lead_out_of_the_folder() {
    let mut suite = suite_of(&["loss,0,1,,,0.5\n"]);
    suite.runs[0].entry.stream = "../../etc".into();
    let folder = of(&suite).next().unwrap().unwrap().folder;
    assert_eq!(folder, Path::new("------etc/m/seed-0"));
}

#[test]
fn runs_without_results_have_no_events() {
    let mut suite = suite_of(&["loss,0,1,,,0.5\n", "loss,0,1,,,0.5\n"]);
    suite.runs[0].outcome = Outcome::Stale;
    let names: Vec<String> = of(&suite).map(|run| run.unwrap().files[1].0.clone()).collect();
    assert_eq!(names, ["r1.jsonl"]);
}

proptest! {
    #[test]
    fn what_is_written_can_be_read(scalars in prop::collection::vec((any::<u64>(), ".{0,200}", any::<f32>().prop_filter("a number", |v| !v.is_nan())), 0..20)) {
        let mut file = tfrecord::header();
        for (step, tag, value) in &scalars {
            tfrecord::scalar(&mut file, *step as f64, *step, tag, f64::from(*value));
        }
        let found: Vec<_> = read(&file).into_iter().map(|(_, step, tag, value)| (step, tag, value)).collect();
        prop_assert_eq!(found, scalars);
    }
}
