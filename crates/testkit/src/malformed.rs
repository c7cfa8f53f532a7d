//! Malformed bytes: files as changed by a damaged disk, a faulty writer or an attacker, and the requirements that every reader of
//! outside bytes meets with them.
//!
//! A reader is a total function from bytes to nothing or one sentence. [`attack`] feeds it mutants of valid files and checks
//! that it never panics, that its error is one sentence, and that it takes no more memory than it states. The memory is
//! measured by the allocator (`allocation-counter`), in the reading thread.

use dentate_core::Seed;
use rand::Rng;

/// A reader of outside bytes.
#[derive(Clone, Copy)]
pub struct Reader {
    /// The name of its format.
    pub name: &'static str,
    /// The reading function; its error is the message for the user.
    pub read: fn(&[u8]) -> Result<(), String>,
    /// The most memory it takes, in bytes, for so many bytes of input.
    pub most: fn(usize) -> usize,
}

/// Numbers that are written into headers.
const NUMBERS: [u64; 10] = [
    0,
    1,
    2,
    127,
    1 << 31,
    (1 << 32) - 1,
    1 << 32,
    1 << 60,
    (1 << 63) - 1,
    u64::MAX,
];

/// A mutant of `valid`; occasionally unrelated bytes.
pub fn mutate(valid: &[u8], random: &mut impl Rng) -> Vec<u8> {
    if random.random_ratio(1, 40) {
        let n = random.random_range(0..300);
        return (0..n).map(|_| random.random()).collect();
    }
    let mut bytes = valid.to_vec();
    for _ in 0..random.random_range(1..4) {
        // Headers stand at the beginning, so half of the changes are made there.
        let reach = if random.random_bool(0.5) { 64 } else { usize::MAX };
        let at = random.random_range(0..=bytes.len().min(reach));
        match random.random_range(0..9) {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.random_range(0..8);
                }
            }
            1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = random.random();
                }
            }
            2 => bytes.truncate(at),
            3 => {
                let n = random.random_range(0..100);
                bytes.extend((0..n).map(|_| random.random::<u8>()));
            }
            4 => {
                let end = (at + random.random_range(0..32)).min(bytes.len());
                bytes.drain(at..end);
            }
            5 => {
                let end = (at + random.random_range(0..64)).min(bytes.len());
                let chunk = bytes[at..end].repeat(random.random_range(1..20));
                bytes.splice(at..at, chunk);
            }
            6 => {
                let number = NUMBERS[random.random_range(0..NUMBERS.len())];
                let wide = if random.random() { 4 } else { 8 };
                let word = if random.random() {
                    number.to_le_bytes()
                } else {
                    number.to_be_bytes()
                };
                let word = if random.random() {
                    &word[..wide]
                } else {
                    &word[8 - wide..]
                };
                for (byte, new) in bytes.iter_mut().skip(at).zip(word) {
                    *byte = *new;
                }
            }
            7 => {
                // A number in digits becomes another one: for text formats.
                let digit = |b: &u8| b.is_ascii_digit();
                if let Some(first) = bytes.iter().skip(at).position(digit).map(|p| p + at) {
                    let end = bytes
                        .iter()
                        .skip(first)
                        .position(|b| !digit(b))
                        .map_or(bytes.len(), |p| p + first);
                    let number = NUMBERS[random.random_range(0..NUMBERS.len())];
                    bytes.splice(first..end, number.to_string().into_bytes());
                }
            }
            _ => {
                let depth = random.random_range(1..2000);
                let bracket = *[b"[", b"{", b"(", b"\"", b"\x91", b"\x81"][random.random_range(0..6)];
                bytes.splice(at..at, bracket.repeat(depth));
            }
        }
    }
    bytes
}

/// Feed `reader` so many mutants of the files in `valid`, which it has to accept. Returns the number it accepted.
///
/// # Panics
/// If the reader panics, refuses a valid file, returns an error that is not one sentence, or takes more memory than it states.
/// The message contains the mutant's number, so that the same seed reproduces it.
pub fn attack(reader: &Reader, valid: &[Vec<u8>], mutants: u64, seed: Seed) -> u64 {
    for (n, file) in valid.iter().enumerate() {
        if let Err(said) = (reader.read)(file) {
            panic!("{}: valid file {n} is refused: {said}", reader.name);
        }
    }
    let mut accepted = 0;
    for n in 0..mutants {
        let mut random = seed.derive(&format!("{}/{n}", reader.name)).random();
        let bytes = mutate(&valid[random.random_range(0..valid.len())], &mut random);
        accepted += u64::from(withstands(reader, &bytes, &format!("mutant {n}")));
    }
    accepted
}

/// Returns whether `reader` accepts these bytes, after checking what it may do with any.
///
/// # Panics
/// As [`attack`].
pub fn withstands(reader: &Reader, bytes: &[u8], what: &str) -> bool {
    let mut answer = Ok(());
    let memory = allocation_counter::measure(|| answer = (reader.read)(bytes));
    let (taken, most) = (memory.bytes_max, (reader.most)(bytes.len()) as u64);
    let (name, length) = (reader.name, bytes.len());
    assert!(
        taken <= most,
        "{name}, {what}: {taken} bytes taken for {length}, where {most} are stated"
    );
    if let Err(said) = &answer {
        let one = !said.is_empty() && !said.contains('\n') && said.chars().count() < 1000;
        assert!(one, "{name}, {what}: this is not one sentence: {said:?}");
    }
    answer.is_ok()
}

#[cfg(test)]
mod tests;
