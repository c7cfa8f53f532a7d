use super::{Reader, attack};
use dentate_core::Seed;
use std::panic::catch_unwind;

fn length(bytes: &[u8]) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize)
}

fn careful(bytes: &[u8]) -> Result<(), String> {
    let n = length(bytes).ok_or("it has no header")?;
    if bytes.len() - 4 == n {
        Ok(())
    } else {
        Err(format!("it claims {n} bytes"))
    }
}

fn trusting(bytes: &[u8]) -> Result<(), String> {
    let n = length(bytes).ok_or("it has no header")?.min(1 << 27);
    let copy = vec![1; n];
    if copy.len() + 4 == bytes.len() {
        Ok(())
    } else {
        Err("no".into())
    }
}

fn panicking(bytes: &[u8]) -> Result<(), String> {
    let n = length(bytes).ok_or("it has no header")?;
    let _ = bytes[4 + n..].first();
    careful(bytes)
}

fn talkative(bytes: &[u8]) -> Result<(), String> {
    careful(bytes).map_err(|said| format!("{said}\n{said}"))
}

#[test]
fn a_reader_that_does_not_withstand_is_found_out() {
    let valid = [vec![3, 0, 0, 0, 7, 7, 7]];
    let try_out = |name, read| {
        let reader = Reader {
            name,
            read,
            most: |n| 2 * n + 4096,
        };
        catch_unwind(|| attack(&reader, &valid, 500, Seed(1)))
    };
    let accepted = try_out("careful", careful as fn(&[u8]) -> _);
    assert!(accepted.is_ok_and(|n| n > 0 && n < 500));
    assert!(try_out("trusting", trusting).is_err());
    assert!(try_out("panicking", panicking).is_err());
    assert!(try_out("talkative", talkative).is_err());
}
