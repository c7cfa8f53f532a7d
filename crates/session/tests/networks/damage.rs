//! Both files with accidental and malicious damage.

use dentate_core::{Network, Seed};
use dentate_session::fuzzing::{READERS, examples};
use dentate_session::network::NetworkBytes;
use dentate_testkit::malformed::{Reader, attack};
use std::path::Path;

/// The example's two files.
fn example() -> NetworkBytes {
    let of = |name| examples(name).swap_remove(0);
    NetworkBytes {
        graph: of("graph"),
        tensors: of("tensors"),
    }
}

fn read(bytes: NetworkBytes) -> Result<(), String> {
    let network: Result<Network, _> = bytes.network(Path::new("net"));
    network.map(drop).map_err(|e| e.to_string())
}

#[test]
fn damaged_files_are_read_or_refused_in_one_sentence() {
    for (name, read, most) in READERS {
        let valid = examples(name).swap_remove(0);
        read(&valid).unwrap();
        let accepted = attack(
            &Reader { name, read, most },
            std::slice::from_ref(&valid),
            4000,
            Seed(5),
        );
        assert!(accepted < 3000, "{name}: {accepted} damaged files were accepted");
        // The last line of a graph is its end.
        for end in (0..valid.len() - 2).step_by(7) {
            assert!(read(&valid[..end]).is_err(), "{name} cut to {end} bytes");
        }
    }
}

/// The graph with one text in the place of another.
fn with(from: &str, to: &str) -> String {
    let example = example();
    let text = String::from_utf8(example.graph).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    let graph = text.replacen(from, to, 1).into_bytes();
    read(NetworkBytes { graph, ..example }).unwrap_err()
}

#[test]
fn refusals_name_the_file_the_key_and_what_is_needed() {
    let cases = [
        (
            "\"format\": 1",
            "\"format\": 9",
            "net/graph.json is of format 9, and this program reads format 1",
        ),
        (
            "\"format\": 1",
            "\"format\": 1,\n\"colour\": 2",
            "unknown field `colour`",
        ),
        ("\"bias\":", "\"unknown\":1,\"bias\":", "unknown field `unknown`"),
        (
            "\"dropout\":",
            "\"dropout\":7.0,\"dropped\":",
            "unknown field `dropped`",
        ),
        (
            "\"next\": {\"layer\":",
            "\"next\": {\"layer\":0",
            "invalid number",
        ),
        (
            "\"non_finite\": []",
            "\"non_finite\": [\"layer-99/bias\"]",
            "`non_finite` is \"layer-99/bias\"",
        ),
        (
            "\"name\":\"",
            "\"name\":\"\\n",
            "a name of 1 to 200 characters in one line",
        ),
        (
            "\"input\": {\"shape\":[",
            "\"input\": {\"shape\":[7,",
            "does not have the",
        ),
        (
            "\"grid\":[",
            "\"grid\":[99999999999,",
            "trailing characters at line",
        ),
    ];
    for (from, to, part) in cases {
        let said = with(from, to);
        assert!(said.contains(part), "{said:?} does not say {part:?}");
    }
}

/// A number that is not finite is refused, unless the graph says that it is there.
#[test]
fn what_is_not_finite_is_stated() {
    let mut bytes = example();
    let length = bytes.tensors.len();
    bytes.tensors[length - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let said = read(bytes.clone()).unwrap_err();
    assert!(
        said.contains("holds NaN, and `non_finite` of the graph does not list it"),
        "{said}"
    );
    let name = said.split('`').nth(1).unwrap();
    let text = String::from_utf8(bytes.graph).unwrap();
    let stated = text.replace("\"non_finite\": []", &format!("\"non_finite\": [\"{name}\"]"));
    bytes.graph = stated.into_bytes();
    let network = bytes.network(Path::new("net")).unwrap();
    assert_eq!(network.non_finite().len(), 1);
    let again = NetworkBytes::of(&network).unwrap();
    assert_eq!(again, bytes);
}
